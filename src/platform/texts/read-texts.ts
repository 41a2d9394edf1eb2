import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { makeTexts, type TextSource, type Texts, TextsError, type TextsOptions } from './texts.ts';

const LARGEST_FILE_BYTES = 256 * 1024;
const DEEPEST = 6;
const KEY = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/;

/** Loads `<directory>/<language>/<namespace>.yaml`; the id of a text is `<namespace>.<key.path>`. Throws `TextsError`. */
export function loadTexts(directory: string, options: TextsOptions): Texts {
  return makeTexts(readTexts(directory), options);
}

/** Reads the templates without compiling them. Throws `TextsError` that names the file. */
export function readTexts(directory: string): TextSource {
  const problems: string[] = [];
  const source = new Map<string, Map<string, { template: string; file: string }>>();
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(entry.name)) {
      problems.push(`${join(directory, entry.name)}: not a language`);
      continue;
    }
    const entries = new Map<string, { template: string; file: string }>();
    source.set(entry.name, entries);
    for (const name of readdirSync(join(directory, entry.name)).sort()) {
      if (!name.endsWith('.yaml')) continue;
      const file = join(directory, entry.name, name);
      try {
        readFile(file, name.slice(0, -'.yaml'.length), entries);
      } catch (error) {
        problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  if (problems.length > 0) throw new TextsError(problems);
  return source;
}

type Said = readonly (readonly [id: string, template: string])[];

/** What files say, by namespace and content: a start reads them twice, a changed menu all of them again, and most say the same. */
const parsed = new Map<string, Said>();
const MOST_PARSED = 500;

function readFile(file: string, namespace: string, entries: Map<string, { template: string; file: string }>): void {
  if (statSync(file).size > LARGEST_FILE_BYTES) throw new Error(`larger than ${LARGEST_FILE_BYTES} bytes`);
  for (const [id, template] of parseOnce(readFileSync(file, 'utf8'), namespace)) {
    if (entries.has(id)) throw new Error(`${id} is given twice`);
    entries.set(id, { template, file });
  }
}

function parseOnce(content: string, namespace: string): Said {
  const key = `${namespace}\n${content}`;
  const known = parsed.get(key);
  if (known) return known;
  const said: [string, string][] = [];
  // The parser throws on a repeated key; an empty file is null.
  const document: unknown = parse(content) ?? {};
  flatten(document, namespace, 1, (id, template) => said.push([id, template]));
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(key, said);
  return said;
}

function flatten(node: unknown, path: string, depth: number, add: (id: string, template: string) => void): void {
  if (typeof node === 'string') {
    if (depth === 1) throw new Error('a map of texts is expected');
    add(path, node.trimEnd());
    return;
  }
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    throw new Error(`${path}: a text or a map of texts is expected (quote numbers, yes and no)`);
  }
  if (depth > DEEPEST) throw new Error(`${path}: nested deeper than ${DEEPEST}`);
  for (const [key, value] of Object.entries(node)) {
    if (!KEY.test(key)) throw new Error(`${path}: key "${key}" is not lower-case words, digits and hyphens`);
    flatten(value, `${path}.${key}`, depth + 1, add);
  }
}

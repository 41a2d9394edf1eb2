import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readTexts, type TextSource } from '../../../platform/texts/index.ts';
import type { ActionSpecs } from './action-spec.ts';
import { type MenuSource, menuSchema } from './menu-schema.ts';
import { textsOfMenu } from './menu-texts.ts';

const LARGEST_MENU_BYTES = 512 * 1024;
export const MENU_FILE = 'main.yaml';

/** One version of a menu with the texts that it shows: all that is needed to run it again elsewhere or later. */
export interface MenuContent {
  menu: MenuSource;
  texts: TextSource;
}

/** What is wrong with a menu, one problem a line, each naming the file. */
export class MenuError extends Error {
  override readonly name = 'MenuError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Reads `main.yaml` and `texts/` of a menu directory. Throws `MenuError` or `TextsError`. */
export function readMenu(directory: string, specs: ActionSpecs): MenuContent {
  const file = join(directory, MENU_FILE);
  const menu = parseMenu(readDocument(file), file);
  const source = readTexts(join(directory, 'texts'));
  const ids = new Set([...source.values()].flatMap((entries) => [...entries.keys()]));
  const used = new Set(textsOfMenu(menu, specs, [...ids].sort()));
  const texts = new Map(
    [...source].map(([language, entries]) => [language, new Map([...entries].filter(([id]) => used.has(id)))]),
  );
  return { menu, texts };
}

function readDocument(file: string): unknown {
  try {
    if (statSync(file).size > LARGEST_MENU_BYTES) throw new Error(`larger than ${LARGEST_MENU_BYTES} bytes`);
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new MenuError([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function parseMenu(document: unknown, file: string): MenuSource {
  const parsed = menuSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new MenuError(parsed.error.issues.map((issue) => `${file}: ${issue.path.join('.')}: ${issue.message}`));
}

const archivedSchema = z.strictObject({
  menu: z.unknown(),
  texts: z.record(z.string(), z.record(z.string(), z.string())),
});

/** The content as one text with a fixed order of keys, so that the same menu has the same hash everywhere. */
export function serializeMenu({ menu, texts }: MenuContent): string {
  const plain = [...texts].map(([language, entries]): [string, unknown] => [
    language,
    Object.fromEntries([...entries].map(([id, { template }]) => [id, template])),
  ]);
  // The order of choices is their order on the screen, so lists keep theirs; only maps are sorted.
  return JSON.stringify(sortKeys({ menu, texts: Object.fromEntries(plain) }));
}

export function deserializeMenu(content: string): MenuContent {
  const { menu, texts } = archivedSchema.parse(JSON.parse(content));
  const source = Object.entries(texts).map(
    ([language, entries]): [string, Map<string, { template: string; file: string }>] => [
      language,
      new Map(Object.entries(entries).map(([id, template]) => [id, { template, file: 'kept menu' }])),
    ],
  );
  return { menu: menuSchema.parse(menu), texts: new Map(source) };
}

/** Names a version: 32 hex digits of SHA-256. */
export function hashMenu(content: string): string {
  return hash('sha256', content, 'hex').slice(0, 32);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

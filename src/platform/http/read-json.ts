import { BODY_LIMIT_BYTES, readText, type WithRequest } from './body.ts';
import { HttpError } from './http-error.ts';

const DEEPEST = 32;
const MOST_VALUES = 5_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNFIT_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u;

/** For a route whose bodies are larger than usual. */
export interface JsonLimits {
  bytes: number;
  values: number;
}

export interface JsonBody {
  /** Not yet of any shape: parse it with a schema. */
  value: unknown;
  /** The body as it came. */
  raw: string;
}

/**
 * Reads `application/json`. Refuses (400) what is not JSON, nesting deeper than 32, more than 5,000 values, numbers that
 * a double cannot hold exactly (1e400, or an integer past 2^53), and texts with control characters or half a surrogate
 * pair, which no column would keep as they are. 413 over 64 KiB, 415 for another type or an encoding. `limits` takes the place of
 * both numbers.
 */
export async function readJson(request: WithRequest, limits: Partial<JsonLimits> = {}): Promise<JsonBody> {
  const { bytes = BODY_LIMIT_BYTES, values = MOST_VALUES } = limits;
  const raw = await readText(request, 'application/json', bytes);
  return { value: parseJson(raw, values), raw };
}

export function parseJson(raw: string, mostValues: number = MOST_VALUES): unknown {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
  checkTree(value, mostValues);
  return value;
}

/** Walks without recursion: V8 parses nesting that would overflow the stack of a recursive walk. */
function checkTree(root: unknown, mostValues: number): void {
  let level: unknown[] = [root];
  let nodes = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    nodes += level.length;
    if (nodes > mostValues) throw new HttpError(400, 'the JSON holds too many values');
    const next: unknown[] = [];
    for (const node of level) {
      if (typeof node === 'object' && node !== null) {
        if (depth >= DEEPEST) throw new HttpError(400, 'the JSON is nested too deep');
        addChildren(node, next);
      } else checkLeaf(node);
    }
    level = next;
  }
}

function addChildren(node: object, next: unknown[]): void {
  if (Array.isArray(node)) {
    for (const item of node) next.push(item);
    return;
  }
  // JSON.parse makes `__proto__` an own property, which a later Object.assign would turn into the prototype.
  if (Object.hasOwn(node, '__proto__')) Reflect.deleteProperty(node, '__proto__');
  for (const [key, inner] of Object.entries(node)) {
    if (UNFIT_TEXT.test(key)) throw new HttpError(400, 'the JSON holds control characters');
    next.push(inner);
  }
}

function checkLeaf(leaf: unknown): void {
  if (typeof leaf === 'string' && UNFIT_TEXT.test(leaf)) {
    throw new HttpError(400, 'the JSON holds control characters');
  }
  if (typeof leaf === 'number' && !(Math.abs(leaf) <= Number.MAX_SAFE_INTEGER)) {
    throw new HttpError(400, 'the JSON holds a number out of range');
  }
}

import type { z } from 'zod';
import { Refusal } from '../../kernel/index.ts';

/** Where a page ended, for the sender to hand back. What is in it is nobody's business but ours. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Undefined for the first page. Refuses what `writeCursor` has not made. */
export function readCursor<T>(text: string | undefined, shape: z.ZodType<T>): T | undefined {
  if (text === undefined) return undefined;
  const read = shape.safeParse(parse(text));
  if (read.success) return read.data;
  const errors = [{ parameter: 'after', detail: 'Not a next of an earlier page' }];
  throw new Refusal('request.invalid', { errors });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A page of a list that was read one longer than asked for. */
export function pageOf<T, V>(
  found: readonly T[],
  limit: number,
  show: (one: T) => V,
  placeOf: (one: T) => unknown,
): { data: V[]; next: string | null } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(show), next: found.length > limit && last ? writeCursor(placeOf(last)) : null };
}

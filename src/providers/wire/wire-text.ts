import { z } from 'zod';

/**
 * A text that some wires send as a number. Control characters and torn surrogates are dropped: stores cut or refuse them. So are
 * marks that turn the direction of writing: they would show a customer another order than was sent.
 * The result is trimmed and may be empty.
 */
export function wireText(max: number) {
  return z
    .union([z.string().max(max * 2 + 100), z.number()])
    .transform((value) =>
      String(value)
        .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu, '')
        .trim(),
    )
    .pipe(z.string().max(max));
}

/** A result code: a number or a string, kept as text exactly as it came. Only `0` and `"0"` become `0`. */
export const wireCode = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[\x20-\x7e]{1,32}$/));

/**
 * The decimal text of an amount that came as a string (`"5.00"`) or as a JSON number (`10.00`). A double prints as the shortest
 * decimal that names it, so an amount of up to 15 digits comes back exactly as it was written; no arithmetic is done on it.
 */
export function decimalText(value: string | number): string {
  return typeof value === 'number' ? String(value) : value.trim();
}

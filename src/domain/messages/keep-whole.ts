import { countSeptets } from '../../kernel/index.ts';

/** Septets, or UCS-2 units, of one part of a message that takes several. */
const PART_GSM7 = 153;
const PART_UCS2 = 67;
const SINGLE_GSM7 = 160;
const SINGLE_UCS2 = 70;

/**
 * Moves each of `pieces` that a boundary between two SMS parts would cut to the start of the next part, by spaces in
 * front of it: a token that is split between two messages is typed wrongly. Pieces stand in the text in this order.
 */
export function keepWhole(text: string, pieces: readonly string[]): string {
  const gsm7 = countSeptets(text) !== undefined;
  const length = (part: string) => (gsm7 ? (countSeptets(part) ?? part.length) : part.length);
  if (length(text) <= (gsm7 ? SINGLE_GSM7 : SINGLE_UCS2)) return text;
  const part = gsm7 ? PART_GSM7 : PART_UCS2;
  let result = text;
  let from = 0;
  for (const piece of pieces) {
    const at = result.indexOf(piece, from);
    if (at < 0) continue;
    const start = length(result.slice(0, at));
    const end = start + length(piece) - 1;
    const cut = Math.floor(start / part) !== Math.floor(end / part);
    const padding = cut ? part - (start % part) : 0;
    result = result.slice(0, at) + ' '.repeat(padding) + result.slice(at);
    from = at + padding + piece.length;
  }
  return result;
}

import { readPhoneNumber } from '../basis/index.ts';

/** A number in a path, already decoded; some clients encode it once more than they need to. */
export function readPathNumber(segment: string): string | undefined {
  return readPhoneNumber(segment.replace(/^%2b/i, '+'));
}

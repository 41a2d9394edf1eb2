import { createHmac, timingSafeEqual } from 'node:crypto';
import { derive } from './derive.ts';

/** Makes texts and bytes that come back to us from outside provably ours. Each purpose has a key of its own. */
export interface Signer {
  /** The text and its signature, in letters, digits, `-`, `_` and one dot. */
  sign(text: string): string;
  /** The text, or undefined for whatever `sign` has not made. */
  open(signed: string): string | undefined;
  /** The first `length` bytes of the keyed hash (HMAC-SHA256), for what must be short. */
  tag(bytes: Buffer, length: number): Buffer;
}

const TAG_BYTES = 32;

/** `dataKey`: 32 bytes. What is signed for one purpose is worth nothing for another. */
export function makeSigner(dataKey: Buffer, purpose: string): Signer {
  const key = derive(dataKey, purpose);
  const tag = (bytes: Buffer, length: number) => createHmac('sha256', key).update(bytes).digest().subarray(0, length);
  const signatureOf = (bytes: Buffer) => tag(bytes, TAG_BYTES).toString('base64url');
  return {
    tag,
    sign(text) {
      const bytes = Buffer.from(text);
      return `${bytes.toString('base64url')}.${signatureOf(bytes)}`;
    },
    open(signed) {
      const dot = signed.indexOf('.');
      const body = signed.slice(0, Math.max(dot, 0));
      const bytes = Buffer.from(body, 'base64url');
      // Compared as they are written: base64 has several spellings for the same bytes, and one of them is ours.
      const [given, right] = [Buffer.from(signed.slice(dot + 1)), Buffer.from(signatureOf(bytes))];
      const isOurs = dot !== -1 && given.length === right.length && timingSafeEqual(given, right);
      return isOurs && bytes.toString('base64url') === body ? bytes.toString() : undefined;
    },
  };
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters and digits only: phones cut a link off at a `-` or `_` at its end. The first byte must not be 0. */
export function toBase62(bytes: Buffer): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text;
}

/** Undefined for what `toBase62` cannot have made. */
export function fromBase62(text: string): Buffer | undefined {
  let value = 0n;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    if (digit === -1) return undefined;
    value = value * 62n + BigInt(digit);
  }
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return value > 0n && toBase62(bytes) === text ? bytes : undefined;
}

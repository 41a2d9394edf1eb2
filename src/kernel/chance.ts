import { randomFillSync } from 'node:crypto';

/** The only source of randomness. A simulation replaces it by a generator with a seed. */
export interface Chance {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Random bytes, fit for secrets when the chance is `systemChance`. */
  bytes(count: number): Buffer;
}

export const systemChance: Chance = {
  fraction: () => Math.random(),
  bytes: pooledBytes(),
};

/** The system is asked for much at a time: it costs about the same as ten bytes, and every id takes ten. No byte is given out twice. */
function pooledBytes(): (count: number) => Buffer {
  const pool = Buffer.alloc(4_096);
  let used = pool.length;
  return (count) => {
    if (count > pool.length) return randomFillSync(Buffer.alloc(count));
    if (used + count > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = Buffer.from(pool.subarray(used, used + count));
    // Nor is it kept: what was given out may be a secret.
    pool.fill(0, used, used + count);
    used += count;
    return bytes;
  };
}

/** Letters and digits that cannot be mistaken for one another when read aloud or typed on a keypad. */
const REFERENCE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Our reference of a payment or transfer: `M` and nine characters, 45 random bits, at most the 12 characters that
 * operators allow. The unique key in SQL, not luck, makes it unique: a collision fails the insert and is drawn again.
 */
export function newReference(chance: Chance): string {
  const bytes = chance.bytes(9);
  let reference = 'M';
  for (const byte of bytes) reference += REFERENCE_ALPHABET[byte & 31];
  return reference;
}

/** An unguessable token for a callback address: lowercase hex only (some operators refuse words in a path). */
export function newToken(chance: Chance): string {
  return chance.bytes(20).toString('hex');
}

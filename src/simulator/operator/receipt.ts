import type { Chance } from '../../kernel/index.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DAYS = `0123456789${LETTERS}`;
const SYMBOLS = `${LETTERS}0123456789`;
const OFFSET_MS = 3 * 3_600_000;

/** A receipt as M-PESA's look: year (S is 2024), month and day as one symbol each, then seven at random. */
export function newReceipt(chance: Chance, epochMs: number, taken: (receipt: string) => boolean): string {
  const date = new Date(epochMs + OFFSET_MS);
  const year = LETTERS[(((date.getUTCFullYear() - 2006) % 26) + 26) % 26] ?? 'A';
  const head = year + (LETTERS[date.getUTCMonth()] ?? 'A') + (DAYS[date.getUTCDate()] ?? '1');
  for (;;) {
    let receipt = head;
    for (const byte of chance.bytes(7)) receipt += SYMBOLS[byte % SYMBOLS.length];
    if (!taken(receipt)) return receipt;
  }
}

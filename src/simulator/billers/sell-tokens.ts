import type { Chance } from '../../kernel/index.ts';
import type { BillerAccount, BillerProfile } from './biller-accounts.ts';
import type { Posting } from './biller-books.ts';

export type Sale = Pick<Posting, 'tokens' | 'units' | 'debtTakenMinor'>;

/** What a meter gets for an amount: debt is taken first, up to half of it; new keys come before the token made with them. */
export function sellTokens(
  chance: Chance,
  profile: BillerProfile,
  account: BillerAccount,
  input: { amountMinor: bigint; debtMinor: bigint; firstSale: boolean },
): Sale {
  const half = input.amountMinor / 2n;
  const debtTaken = input.debtMinor < half ? input.debtMinor : half;
  const tenths = ((input.amountMinor - debtTaken) * 10n) / profile.tariffMinor;
  const tokens: Posting['tokens'] = [];
  if (account.keyChange && input.firstSale) {
    tokens.push(
      { kind: 'KEY_CHANGE', digits: twentyDigits(chance) },
      { kind: 'KEY_CHANGE', digits: twentyDigits(chance) },
    );
  }
  tokens.push({ kind: 'STANDARD', digits: twentyDigits(chance) });
  if (account.freeUnits) tokens.push({ kind: 'BSST', digits: twentyDigits(chance) });
  return {
    tokens,
    units: `${tenths / 10n}.${tenths % 10n} kWh`,
    ...(debtTaken > 0n && { debtTakenMinor: debtTaken.toString() }),
  };
}

function twentyDigits(chance: Chance): string {
  let digits = '';
  for (const byte of chance.bytes(20)) digits += byte % 10;
  return digits;
}

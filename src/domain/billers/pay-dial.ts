import { formatDecimal, type Money, minorDigits } from '../../kernel/index.ts';
import type { Biller } from './biller.ts';

/** Handsets take longer strings, people do not: a longer one leaves out what is at its end. */
const LONGEST = 60;

/**
 * What to dial to pay an account: `*384*123*1*2*100200300*1250#` leads to the confirmation of that amount (whole major
 * units), without an amount to the question how much. It ends earlier where a keypad could not type what follows, or where the
 * biller would not take the amount.
 */
export function payDialString(serviceCode: string, biller: Biller, account: string, amount?: Money): string {
  const parts = [serviceCode.replace(/#$/, ''), '1', String(biller.order)];
  if (/^\d+$/.test(account)) {
    parts.push(account);
    if (amount && isPayable(biller, amount)) parts.push(formatDecimal(amount).split('.')[0] as string);
  }
  while (parts.join('*').length + 1 > LONGEST) parts.pop();
  return `${parts.join('*')}#`;
}

function isPayable({ min, max, currency }: Biller, { amountMinor, currency: given }: Money): boolean {
  const isWhole = amountMinor % 10n ** BigInt(minorDigits(currency)) === 0n;
  return isWhole && given === currency && amountMinor >= min.amountMinor && amountMinor <= max.amountMinor;
}

import { type Money, minorDigits, Refusal } from '../../kernel/index.ts';
import type { Biller } from '../billers/index.ts';
import type { PaymentSettings } from './deps.ts';

/** What is wrong with the amount alone: the biller's and the operator's smallest and largest payment. */
export function checkAmountRules(
  biller: Biller,
  settings: Pick<PaymentSettings, 'operatorMin' | 'operatorMax'>,
  amount: Money,
): void {
  const least = larger(biller.min, settings.operatorMin);
  const most = smaller(biller.max, settings.operatorMax);
  if (amount.amountMinor % 10n ** BigInt(minorDigits(amount.currency)) !== 0n) {
    throw new Refusal('payment.whole-units-only');
  }
  if (amount.amountMinor < least.amountMinor) throw new Refusal('payment.below-minimum', { least });
  if (amount.amountMinor > most.amountMinor) throw new Refusal('payment.above-maximum', { most });
}

function larger(one: Money, other: Money): Money {
  return one.amountMinor >= other.amountMinor ? one : other;
}

function smaller(one: Money, other: Money): Money {
  return one.amountMinor <= other.amountMinor ? one : other;
}

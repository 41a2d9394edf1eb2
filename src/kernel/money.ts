import { invariant } from './invariant.ts';

/** An amount in the currency's minor unit (cents for KES), with the currency beside it. Never a float. */
export interface Money {
  readonly amountMinor: bigint;
  /** ISO 4217, for example `KES`. */
  readonly currency: string;
}

/** Digits after the decimal point by ISO 4217. A currency that is not listed is refused, not guessed. */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  KES: 2,
  TZS: 2,
  ZMW: 2,
  GHS: 2,
  EUR: 2,
  UGX: 0,
  RWF: 0,
  XOF: 0,
  XAF: 0,
};

/** Far above any real amount, and far below what SQL's BIGINT or a double can hold exactly. */
export const LARGEST_AMOUNT_MINOR = 1_000_000_000_000_000n;

/** Whether amounts in it are kept here. */
export function isCurrency(code: string): boolean {
  return Object.hasOwn(MINOR_DIGITS, code);
}

export function minorDigits(currency: string): number {
  const digits = MINOR_DIGITS[currency];
  invariant(digits !== undefined, `unknown currency ${currency}`);
  return digits;
}

export function money(amountMinor: bigint, currency: string): Money {
  minorDigits(currency);
  return { amountMinor, currency };
}

/**
 * Reads a decimal such as `500`, `500.00`, `0.5`. Returns undefined for anything else: signs, exponents,
 * more digits than the currency has (unless they are zeros), or an amount past `LARGEST_AMOUNT_MINOR`.
 */
export function parseMoney(text: string, currency: string): Money | undefined {
  const match = /^(\d{1,16})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) return undefined;
  const digits = minorDigits(currency);
  const fraction = (match[2] ?? '').padEnd(digits, '0');
  if (/[^0]/.test(fraction.slice(digits))) return undefined;
  const amountMinor = BigInt((match[1] as string) + fraction.slice(0, digits));
  return amountMinor <= LARGEST_AMOUNT_MINOR ? { amountMinor, currency } : undefined;
}

/** The plain decimal of the wires: `500.00`. What people read is formatted by their language instead. */
export function formatDecimal({ amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const absolute = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + absolute;
  return `${sign}${absolute.slice(0, -digits)}.${absolute.slice(-digits)}`;
}

/** The least whole major unit that covers the amount: operators move whole shillings only. */
export function roundUpToMajor({ amountMinor, currency }: Money): Money {
  const unit = 10n ** BigInt(minorDigits(currency));
  return { amountMinor: ((amountMinor + unit - 1n) / unit) * unit, currency };
}

export function sameMoney(one: Money, other: Money): boolean {
  return one.amountMinor === other.amountMinor && one.currency === other.currency;
}

import { z } from 'zod';
import { invariant, type Money, parseMoney } from '../../kernel/index.ts';

/** What a biller pays us for one payment, from a day on: a fixed amount, or basis points of the payment within bounds. */
export interface Tariff {
  /** The first business day on which it holds, `2026-01-01`. */
  from: string;
  fixedMinor: bigint;
  /** Hundredths of a per cent. */
  basisPoints: number;
  /** Bounds of the share; null: none. */
  minMinor: bigint | null;
  maxMinor: bigint | null;
}

const amount = z.string().regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be an amount such as "30" or "12.50"');
export const tariffSchema = z
  .strictObject({
    from: z.iso.date(),
    fixed: amount.optional(),
    basisPoints: z.int().min(0).max(10_000).optional(),
    min: amount.optional(),
    max: amount.optional(),
  })
  .refine(
    ({ fixed, basisPoints }) => (fixed === undefined) !== (basisPoints === undefined),
    'has either fixed or basisPoints',
  )
  .refine(
    ({ fixed, min, max }) => fixed === undefined || (min ?? max) === undefined,
    'min and max bound basisPoints, not fixed',
  );

/** In the order of their days; throws when two begin on one day, when bounds cross or an amount is finer than the currency. */
export function readTariffs(written: readonly z.output<typeof tariffSchema>[], currency: string): readonly Tariff[] {
  const minorOf = (text: string | undefined): bigint | null => {
    if (text === undefined) return null;
    const parsed = parseMoney(text, currency);
    if (!parsed) throw new Error(`${text} is not an amount of ${currency}`);
    return parsed.amountMinor;
  };
  const tariffs = written.map(
    ({ from, fixed, basisPoints, min, max }): Tariff => ({
      from,
      fixedMinor: minorOf(fixed) ?? 0n,
      basisPoints: basisPoints ?? 0,
      minMinor: minorOf(min),
      maxMinor: minorOf(max),
    }),
  );
  tariffs.sort((one, other) => (one.from < other.from ? -1 : 1));
  for (const [at, tariff] of tariffs.entries()) {
    if (tariffs[at + 1]?.from === tariff.from) throw new Error(`two tariffs begin on ${tariff.from}`);
    if (tariff.minMinor !== null && tariff.maxMinor !== null && tariff.minMinor > tariff.maxMinor) {
      throw new Error(`the tariff of ${tariff.from} has a min above its max`);
    }
  }
  return tariffs;
}

/** The tariff that holds on a business day; undefined before the first one: then nothing is taken. */
export function tariffOn(tariffs: readonly Tariff[], day: string): Tariff | undefined {
  return tariffs.findLast(({ from }) => from <= day);
}

const WHOLE_BP = 10_000n;

/** The fee of one payment in minor units: a share is rounded half up, then bounded; never more than the payment itself. */
export function feeOf(tariff: Tariff | undefined, { amountMinor }: Money): bigint {
  invariant(amountMinor >= 0n, 'a fee is taken of what was paid');
  if (!tariff) return 0n;
  const share = (amountMinor * BigInt(tariff.basisPoints) + WHOLE_BP / 2n) / WHOLE_BP;
  const atLeast = tariff.minMinor !== null && share < tariff.minMinor ? tariff.minMinor : share;
  const bounded = tariff.maxMinor !== null && atLeast > tariff.maxMinor ? tariff.maxMinor : atLeast;
  const fee = bounded + tariff.fixedMinor;
  return fee > amountMinor ? amountMinor : fee;
}

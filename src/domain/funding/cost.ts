import { invariant, Refusal } from '../../kernel/index.ts';
import type { ChargeBand, PayoutRules } from './payout-rules.ts';

/** So many rows of one amount. */
export interface AmountGroup {
  amountMinor: bigint;
  rows: number;
}

/** What the operator takes for the rows of one of its bands. */
export interface BandCost {
  /** Exclusive. */
  aboveMinor: bigint;
  /** Inclusive. */
  upToMinor: bigint;
  /** For one row. */
  chargeMinor: bigint;
  rows: number;
  totalMinor: bigint;
  chargesMinor: bigint;
}

/** What paying some people costs, in the currency of the rules. */
export interface PayoutCost {
  rows: number;
  /** What the recipients get. */
  totalMinor: bigint;
  /** The operator's. */
  chargesMinor: bigint;
  /** Ours. */
  feeMinor: bigint;
  /** On our fee. */
  taxMinor: bigint;
  /** Those with rows, ascending. */
  byBand: readonly BandCost[];
}

const WHOLE_BP = 10_000n;

/** A share in basis points, rounded half up. */
export function shareOf(amountMinor: bigint, basisPoints: number): bigint {
  return (amountMinor * BigInt(basisPoints) + WHOLE_BP / 2n) / WHOLE_BP;
}

/**
 * What it costs to pay these amounts through an operator: single ones, or how many rows there are of each. The fee is a share of the
 * total, at least so much, and a fixed amount a row. Nothing costs nothing. Refuses an operator without charges (`funding.no-charges`)
 * and an amount above its last band (`funding.past-bands`).
 */
export function costOf(
  { bands: byOperator, fee, currency }: PayoutRules,
  operator: string,
  amounts: Iterable<bigint | AmountGroup>,
): PayoutCost {
  const bands = byOperator.get(operator);
  if (!bands) throw new Refusal('funding.no-charges', { operator });
  const costs = bands.map((band, at): BandCost & { chargesMinor: bigint } => ({
    ...band,
    aboveMinor: bands[at - 1]?.upToMinor ?? 0n,
    rows: 0,
    totalMinor: 0n,
    chargesMinor: 0n,
  }));
  const sum = { rows: 0, totalMinor: 0n, chargesMinor: 0n };
  for (const given of amounts) {
    const { amountMinor, rows } = typeof given === 'bigint' ? { amountMinor: given, rows: 1 } : given;
    invariant(amountMinor > 0n && rows >= 0, 'what is paid is more than nothing');
    const cost = costs[bandAt(bands, amountMinor)];
    if (!cost) {
      throw new Refusal('funding.past-bands', { most: { amountMinor: bands.at(-1)?.upToMinor ?? 0n, currency } });
    }
    for (const one of [cost, sum]) {
      one.rows += rows;
      one.totalMinor += amountMinor * BigInt(rows);
      one.chargesMinor += cost.chargeMinor * BigInt(rows);
    }
  }
  const feeMinor = sum.rows === 0 ? 0n : feeOn(fee, sum);
  const byBand = costs.filter(({ rows }) => rows > 0);
  return { ...sum, feeMinor, taxMinor: shareOf(feeMinor, fee.taxBasisPoints), byBand };
}

function bandAt(bands: readonly ChargeBand[], amountMinor: bigint): number {
  const at = bands.findIndex(({ upToMinor }) => amountMinor <= upToMinor);
  return at < 0 ? bands.length : at;
}

function feeOn(fee: PayoutRules['fee'], { rows, totalMinor }: { rows: number; totalMinor: bigint }): bigint {
  const share = shareOf(totalMinor, fee.basisPoints);
  return (share < fee.leastMinor ? fee.leastMinor : share) + fee.eachRowMinor * BigInt(rows);
}

/** A total over so many rows, as evenly as whole units allow: at most two amounts. For a quotation, before there is a list. */
export function evenAmounts(totalMinor: bigint, rows: number, unitMinor: bigint): AmountGroup[] {
  invariant(rows > 0 && totalMinor >= unitMinor * BigInt(rows), 'a unit for each row');
  const units = totalMinor / unitMinor;
  const each = units / BigInt(rows);
  const larger = Number(units % BigInt(rows));
  return [
    { amountMinor: each * unitMinor, rows: rows - larger },
    { amountMinor: (each + 1n) * unitMinor, rows: larger },
  ].filter((group) => group.rows > 0);
}

/** All that must be brought: what recipients get, the operator's charges, our fee and its tax. */
export function needOfCost({ totalMinor, chargesMinor, feeMinor, taxMinor }: Omit<PayoutCost, 'byBand'>): bigint {
  return totalMinor + chargesMinor + feeMinor + taxMinor;
}

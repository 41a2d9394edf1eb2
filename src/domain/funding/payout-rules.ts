import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { invariant, parseMoney } from '../../kernel/index.ts';
import { holidaysSchema, readWorkingTimes, type WorkingTime, workingHoursSchema } from '../working-time/index.ts';

/** What an operator takes for one payout of at most so much. */
export interface ChargeBand {
  upToMinor: bigint;
  chargeMinor: bigint;
}

/** What paying people costs, and when it is done: menus/payouts.yaml. */
export interface PayoutRules {
  currency: string;
  /** Ascending, by operator. */
  bands: ReadonlyMap<string, readonly ChargeBand[]>;
  fee: {
    /** Of the total, in hundredths of a per cent. */
    basisPoints: number;
    /** The least that the share comes to. */
    leastMinor: bigint;
    /** For each person, beside the share. */
    eachRowMinor: bigint;
    /** Of the fee. */
    taxBasisPoints: number;
  };
  /** After the day on which it was made. */
  quotationBusinessDays: number;
  /** By country. */
  workingTimes: ReadonlyMap<string, WorkingTime>;
  /** The country of the business. */
  country: string;
}

/** When people work in a country; in one whose holidays the file does not have, when the business does. */
export function workingTimeIn({ workingTimes, country: own }: PayoutRules, country: string): WorkingTime {
  const working = workingTimes.get(country) ?? workingTimes.get(own);
  invariant(working, 'the file has holidays for the country of the business');
  return working;
}

const amount = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, 'must be an amount such as "30" or "12.50"');
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as KES');
const basisPoints = z.int().min(0).max(10_000);

const fileSchema = z.strictObject({
  charges: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,23}$/),
      z.strictObject({
        currency,
        bands: z
          .array(z.strictObject({ upTo: amount, charge: amount }))
          .min(1)
          .max(40),
      }),
    )
    .refine((operators) => Object.keys(operators).length > 0, 'is empty'),
  fee: z.strictObject({ currency, basisPoints, least: amount, eachRow: amount, taxBasisPoints: basisPoints }),
  quotation: z.strictObject({ businessDays: z.int().min(0).max(60) }),
  working: workingHoursSchema,
  holidays: holidaysSchema,
});

/**
 * Reads menus/payouts.yaml. A mistake in it fails here, before anything runs: also bands out of order, another currency than
 * money is paid in, or no holidays for the country of the business.
 */
export function loadPayoutRules(path: string, known: { currency: string; country: string }): PayoutRules {
  const read = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
  try {
    return rulesOf(read.data, known);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function rulesOf(
  { charges, fee, quotation, working, holidays }: z.output<typeof fileSchema>,
  known: { currency: string; country: string },
): PayoutRules {
  const bands = new Map<string, readonly ChargeBand[]>();
  for (const [operator, written] of Object.entries(charges)) {
    mustBe(written.currency, known.currency, `the charges of ${operator} are`);
    bands.set(operator, readBands(operator, written.bands, known.currency));
  }
  mustBe(fee.currency, known.currency, 'the fee is');
  const workingTimes = readWorkingTimes(working, holidays);
  if (!workingTimes.has(known.country)) throw new Error(`holidays: ${known.country} has none`);
  return {
    currency: known.currency,
    bands,
    fee: {
      basisPoints: fee.basisPoints,
      leastMinor: minorOf(fee.least, known.currency),
      eachRowMinor: minorOf(fee.eachRow, known.currency),
      taxBasisPoints: fee.taxBasisPoints,
    },
    quotationBusinessDays: quotation.businessDays,
    workingTimes,
    country: known.country,
  };
}

function mustBe(own: string, currency: string, what: string): void {
  if (own !== currency) throw new Error(`${what} in ${own}, and people are paid in ${currency}`);
}

function readBands(
  operator: string,
  written: readonly { upTo: string; charge: string }[],
  currency: string,
): readonly ChargeBand[] {
  const bands = written.map(({ upTo, charge }) => ({
    upToMinor: minorOf(upTo, currency),
    chargeMinor: minorOf(charge, currency),
  }));
  for (const [at, { upToMinor }] of bands.entries()) {
    if (upToMinor <= (bands[at - 1]?.upToMinor ?? 0n)) {
      throw new Error(`charges: the bands of ${operator} are not in ascending order`);
    }
  }
  return bands;
}

function minorOf(text: string, currency: string): bigint {
  const parsed = parseMoney(text, currency);
  if (!parsed) throw new Error(`${text} is no amount of ${currency}`);
  return parsed.amountMinor;
}

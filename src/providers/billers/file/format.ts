import { z } from 'zod';
import type { DateOrder, NumberFormat } from '../../statements/index.ts';

/** How one biller writes the file of what it booked from us; `statementFile` in menus/billers.yaml. */
export interface BillerFileFormat {
  /** Names of the columns, as the file writes them; upper and lower case, spaces and marks do not matter. */
  columns: {
    reference: string;
    account: string;
    amount: string;
    bookedAt: string;
    /** When the time of day has a column of its own. */
    bookedTime?: string | undefined;
    billerReference?: string | undefined;
    currency?: string | undefined;
  };
  dates: DateOrder;
  numbers: NumberFormat;
  delimiter: string;
  encoding: 'utf-8' | 'windows-1252';
  /** The last row, which tells how many rows there are and their sum. */
  totals?: { column: string; word: string; count?: string | undefined; sum?: string | undefined } | undefined;
  /** The biller promises that a file holds every booking of each day that is in it. */
  wholeDays: boolean;
}

const name = z.string().min(1).max(64);

/** The shape in YAML: everything but the names of the columns has a default. */
export const billerFileShape = z
  .strictObject({
    columns: z.strictObject({
      reference: name,
      account: name,
      amount: name,
      bookedAt: name,
      bookedTime: name.optional(),
      billerReference: name.optional(),
      currency: name.optional(),
    }),
    dates: z.enum(['year-month-day', 'day-month-year', 'month-day-year']).default('year-month-day'),
    decimal: z.enum(['.', ',']).default('.'),
    thousands: z.enum([',', '.', ' ', "'", '']).optional(),
    delimiter: z.enum([',', ';', '|', '\t']).default(','),
    encoding: z.enum(['utf-8', 'windows-1252']).default('utf-8'),
    totals: z
      .strictObject({ column: name, word: name, count: name.optional(), sum: name.optional() })
      .refine(({ count, sum }) => count !== undefined || sum !== undefined, 'names a count, a sum, or both')
      .optional(),
    wholeDays: z.boolean().default(false),
  })
  .transform(({ decimal, thousands, ...rest }): BillerFileFormat => {
    const usual = decimal === '.' ? ',' : '.';
    return { ...rest, numbers: { decimal, thousands: thousands ?? usual } };
  })
  .refine(({ numbers }) => numbers.decimal !== numbers.thousands, 'decimal and thousands are the same');

import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/**
 * The ledger's float at one operator against the balance that its statement ends with. Appended: a new row whenever a figure
 * has changed. Amounts are minor units; `operatorMinor - ledgerMinor` is the sum of what the others explain and of what remains.
 */
export interface FloatTieOut {
  id: string;
  operator: string;
  currency: string;
  /** The statement whose closing balance it is, and the instant up to which it counts. */
  statementId: string;
  asOfMs: number;
  /** The day that ends with it, in the business's time zone. */
  day: string;
  operatorMinor: bigint;
  ledgerMinor: bigint;
  /** Lines of statements that the ledger has not booked: charges, and all others. */
  unbookedChargesMinor: bigint;
  unbookedChargesLines: number;
  unbookedMinor: bigint;
  unbookedLines: number;
  /** Booked here, and no line of a statement says so yet: with the opposite sign. */
  withoutLineMinor: bigint;
  withoutLineEntries: number;
  /** What nothing explains. */
  remainderMinor: bigint;
  madeAtMs: number;
}

export const FloatTieOutSchema = new EntitySchema<FloatTieOut>({
  name: 'float_tie_out',
  columns: {
    id: column.id(),
    operator: column.varchar(24),
    currency: column.currency(),
    statementId: { ...column.reference(), name: 'statement_id' },
    asOfMs: { ...column.instant(), name: 'as_of' },
    day: column.varchar(10),
    operatorMinor: { ...column.amountMinor(), name: 'operator_minor' },
    ledgerMinor: { ...column.amountMinor(), name: 'ledger_minor' },
    unbookedChargesMinor: { ...column.amountMinor(), name: 'unbooked_charges_minor' },
    unbookedChargesLines: { ...column.count(), name: 'unbooked_charges_lines' },
    unbookedMinor: { ...column.amountMinor(), name: 'unbooked_minor' },
    unbookedLines: { ...column.count(), name: 'unbooked_lines' },
    withoutLineMinor: { ...column.amountMinor(), name: 'without_line_minor' },
    withoutLineEntries: { ...column.count(), name: 'without_line_entries' },
    remainderMinor: { ...column.amountMinor(), name: 'remainder_minor' },
    madeAtMs: { ...column.instant(), name: 'made_at' },
  },
  indices: [
    { name: 'float_tie_out_operator', columns: ['operator', 'currency', 'madeAtMs'] },
    { name: 'float_tie_out_day', columns: ['day', 'madeAtMs'] },
  ],
});

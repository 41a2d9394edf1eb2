import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';
import type { ResultSet } from './recon-day.ts';

/** transfer: ours, with the lines that fit it. operator, biller: a line that fits nothing of ours. reversal: a line that undoes one. */
export type ResultSubject = 'transfer' | 'operator' | 'biller' | 'reversal';

/** What one other party says of a thing of ours; null where it has nothing to say. */
export type SideSet = 'agrees' | 'missing' | 'differs' | 'twice';

/** One thing of a version of a day. Its id is that of the transfer, or of the line that fits none. */
export interface ReconResult {
  reconDayId: string;
  id: string;
  subject: ResultSubject;
  transferId: string | null;
  paymentId: string | null;
  operatorLineId: string | null;
  billerLineId: string | null;
  resultSet: ResultSet;
  operatorSet: SideSet | null;
  billerSet: SideSet | null;
  /** By what the line was found: `receipt`, `reference` or the name of a rule. */
  operatorRule: string | null;
  billerRule: string | null;
  oursMinor: bigint | null;
  operatorMinor: bigint | null;
  billerMinor: bigint | null;
}

export const ReconResultSchema = new EntitySchema<ReconResult>({
  name: 'recon_result',
  columns: {
    reconDayId: { ...column.id(), name: 'recon_day_id' },
    id: column.id(),
    subject: column.varchar(8),
    transferId: { ...column.reference({ nullable: true }), name: 'transfer_id' },
    paymentId: { ...column.reference({ nullable: true }), name: 'payment_id' },
    operatorLineId: { ...column.reference({ nullable: true }), name: 'operator_line_id' },
    billerLineId: { ...column.reference({ nullable: true }), name: 'biller_line_id' },
    resultSet: { ...column.varchar(24), name: 'result_set' },
    operatorSet: { ...column.varchar(24, { nullable: true }), name: 'operator_set' },
    billerSet: { ...column.varchar(24, { nullable: true }), name: 'biller_set' },
    operatorRule: { ...column.varchar(40, { nullable: true }), name: 'operator_rule' },
    billerRule: { ...column.varchar(40, { nullable: true }), name: 'biller_rule' },
    oursMinor: { ...column.amountMinor({ nullable: true }), name: 'ours_minor' },
    operatorMinor: { ...column.amountMinor({ nullable: true }), name: 'operator_minor' },
    billerMinor: { ...column.amountMinor({ nullable: true }), name: 'biller_minor' },
  },
  indices: [{ name: 'recon_result_set', columns: ['reconDayId', 'resultSet', 'id'] }],
});

import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { PayingHours } from './batch.ts';

export type ScheduleState = 'active' | 'paused' | 'ended';

/** active: due at its next time. paused: until a person resumes it. ended: by a person, or because it is never due again. */
export const scheduleStates = transitionTable<ScheduleState>('payout schedule', ['active'], {
  active: ['paused', 'ended'],
  paused: ['active', 'ended'],
  ended: [],
});

/** When a batch is made again by itself. Each run is a batch of its own, and is approved unless a standing approval covers it. */
export interface PayoutSchedule {
  id: string;
  organisationId: string;
  name: string;
  state: ScheduleState;
  /** JSON of a `ScheduleRule`. */
  rule: string;
  /** The batch whose people it pays: those of its last run (`last`), or always of this one (`fixed`). */
  sourceBatchId: string;
  amounts: 'last' | 'fixed';
  hours: PayingHours;
  /** Null: it is not active. */
  nextAtMs: number | null;
  lastBatchId: string | null;
  /** The person in whose name its runs are submitted. */
  makerId: string;
  /** JSON list of all who made or changed it, a key as `key:<id>`: none of them approves what it makes. Null: the maker alone. */
  makers: string | null;
  /** Of a standing approval, asked for or given; null: each run is approved by people. */
  standingApprovalId: string | null;
  standingMostMinor: bigint | null;
  standingMostRows: number | null;
  /** The end of its last day. */
  standingUntilMs: number | null;
  /** SHA-256 of who is paid, by phone and name; of how much as well where amounts are fixed. */
  standingRecipientsHash: string | null;
  /** JSON list of the people who agreed, with the role by which they could; null: nobody has yet. When one of them may approve no more, it holds no more. */
  standingApprovers: string | null;
  createdAtMs: number;
}

export const PayoutScheduleSchema = new EntitySchema<PayoutSchedule>({
  name: 'payout_schedule',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    name: column.varchar(80),
    state: column.state(),
    rule: column.varchar(255),
    sourceBatchId: { ...column.reference(), name: 'source_batch_id' },
    amounts: column.varchar(8),
    hours: column.varchar(16),
    nextAtMs: { ...column.instant({ nullable: true }), name: 'next_at' },
    lastBatchId: { ...column.reference({ nullable: true }), name: 'last_batch_id' },
    makerId: { ...column.varchar(64), name: 'maker_id' },
    makers: column.text({ nullable: true }),
    standingApprovalId: { ...column.reference({ nullable: true }), name: 'standing_approval_id' },
    standingMostMinor: { ...column.amountMinor({ nullable: true }), name: 'standing_most_minor' },
    standingMostRows: { ...column.count({ nullable: true }), name: 'standing_most_rows' },
    standingUntilMs: { ...column.instant({ nullable: true }), name: 'standing_until_at' },
    standingRecipientsHash: { ...column.varchar(64, { nullable: true }), name: 'standing_recipients_hash' },
    standingApprovers: { ...column.text({ nullable: true }), name: 'standing_approvers' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
  },
  indices: [
    { name: 'payout_schedule_due', columns: ['state', 'nextAtMs'] },
    { name: 'payout_schedule_organisation', columns: ['organisationId', 'createdAtMs'] },
  ],
});

export const makersOfSchedule = ({ makers, makerId }: PayoutSchedule): string[] =>
  makers === null ? [makerId] : JSON.parse(makers);

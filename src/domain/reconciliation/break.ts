import { EntitySchema } from 'typeorm';
import type { BreakAction, BreakType } from '../../money/transfers/index.ts';
import { column } from '../../platform/database/index.ts';
import type { ReconSide } from './recon-day.ts';

/** open: somebody must look. proposed: one person says what became of it. resolved: another agreed, or evidence took the cause away. */
export type BreakState = 'open' | 'proposed' | 'resolved';

/** Something that the books cannot explain by themselves; a person must. Its age runs from `openedAtMs`. */
export interface Break {
  id: string;
  breakType: BreakType;
  /** The transfer, payment, statement line or kept message that it is about. */
  subjectId: string;
  detail: string;
  state: BreakState;
  openedAtMs: number;
  /** Whose book disagrees with ours, and on which day; null where no day was compared. */
  side: ReconSide | null;
  party: string | null;
  day: string | null;
  amountMinor: bigint | null;
  currency: string | null;
  /** What a person would usually do about it. */
  suggestedAction: BreakAction | null;
  /** Who has taken it on. */
  owner: string | null;
  /** What is said to have become of it. */
  resolution: string | null;
  proposedBy: string | null;
  proposedAtMs: number | null;
  proposedReason: string | null;
  confirmedBy: string | null;
  confirmedAtMs: number | null;
  confirmedReason: string | null;
}

export const BreakSchema = new EntitySchema<Break>({
  name: 'reconciliation_break',
  columns: {
    id: column.id(),
    breakType: { ...column.varchar(32), name: 'break_type' },
    subjectId: { ...column.reference(), name: 'subject_id' },
    detail: column.varchar(255),
    state: column.state(),
    openedAtMs: { ...column.instant(), name: 'opened_at' },
    side: column.varchar(8, { nullable: true }),
    party: column.varchar(24, { nullable: true }),
    day: column.varchar(10, { nullable: true }),
    amountMinor: { ...column.amountMinor({ nullable: true }), name: 'amount_minor' },
    currency: { ...column.varchar(3, { nullable: true }) },
    suggestedAction: { ...column.varchar(32, { nullable: true }), name: 'suggested_action' },
    owner: column.varchar(64, { nullable: true }),
    resolution: column.varchar(32, { nullable: true }),
    proposedBy: { ...column.varchar(64, { nullable: true }), name: 'proposed_by' },
    proposedAtMs: { ...column.instant({ nullable: true }), name: 'proposed_at' },
    proposedReason: { ...column.varchar(255, { nullable: true }), name: 'proposed_reason' },
    confirmedBy: { ...column.varchar(64, { nullable: true }), name: 'confirmed_by' },
    confirmedAtMs: { ...column.instant({ nullable: true }), name: 'confirmed_at' },
    confirmedReason: { ...column.varchar(255, { nullable: true }), name: 'confirmed_reason' },
  },
  indices: [
    { name: 'break_subject', columns: ['subjectId', 'breakType'], unique: true },
    { name: 'break_state', columns: ['state', 'openedAtMs'] },
    { name: 'break_type', columns: ['state', 'breakType', 'openedAtMs'] },
    { name: 'break_party', columns: ['state', 'party', 'openedAtMs'] },
    { name: 'break_day', columns: ['day', 'party'] },
  ],
});

/** Everything that was said about a break: who, when, why. Appended only. */
export interface BreakEvent {
  id: string;
  breakId: string;
  fromState: string;
  toState: string;
  actor: string;
  reason: string;
  atMs: number;
}

export const BreakEventSchema = new EntitySchema<BreakEvent>({
  name: 'reconciliation_break_event',
  columns: {
    id: column.id(),
    breakId: { ...column.reference(), name: 'break_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(64),
    reason: column.varchar(255),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'reconciliation_break_event_break', columns: ['breakId'] }],
});

import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

export type ApprovalState = 'pending' | 'granted' | 'rejected' | 'withdrawn' | 'outdated';

export const approvalStates = transitionTable<ApprovalState>('approval', ['pending'], {
  pending: ['granted', 'rejected', 'withdrawn', 'outdated'],
  granted: [],
  rejected: [],
  withdrawn: [],
  outdated: [],
});

/** One thing that waits for other people's yes. */
export interface Approval {
  id: string;
  /** What is to be approved: `refund`, `payout-batch` ... Its domain listens for the outcome. */
  kind: string;
  subjectId: string;
  /** Of all that is approved, made by its domain; a vote on another hash is refused. */
  subjectHash: string;
  /** Whose affair it is: `house`, or the id of an organisation. Only votes of the same scope count. */
  scope: string;
  /** For people, and for the policy's band; null when the thing has no amount. */
  amountMinor: bigint | null;
  currency: string | null;
  state: ApprovalState;
  /** The step that is open, from 0. */
  step: number;
  /** JSON of the policy as it was at submission. */
  policy: string;
  makerId: string;
  /** JSON list of everyone who made or edited the thing, the maker among them: none of them votes. */
  makers: string;
  reason: string;
  submittedAtMs: number;
  decidedAtMs: number | null;
}

export const ApprovalSchema = new EntitySchema<Approval>({
  name: 'approval',
  columns: {
    id: column.id(),
    kind: column.varchar(24),
    subjectId: { ...column.reference(), name: 'subject_id' },
    subjectHash: { ...column.varchar(64), name: 'subject_hash' },
    scope: column.varchar(36),
    amountMinor: { ...column.amountMinor({ nullable: true }), name: 'amount_minor' },
    currency: column.varchar(3, { nullable: true }),
    state: column.state(),
    step: column.count(),
    policy: column.text(),
    makerId: { ...column.reference(), name: 'maker_id' },
    makers: column.text(),
    reason: column.varchar(500),
    submittedAtMs: { ...column.instant(), name: 'submitted_at' },
    decidedAtMs: { ...column.instant({ nullable: true }), name: 'decided_at' },
  },
  indices: [
    { name: 'approval_subject', columns: ['subjectId', 'kind'] },
    { name: 'approval_state', columns: ['state', 'submittedAtMs'] },
  ],
});

/** One person's word. Appended, never changed. */
export interface ApprovalVote {
  id: string;
  approvalId: string;
  step: number;
  voterId: string;
  /** The role by which he could. */
  role: string;
  verdict: 'grant' | 'reject';
  reason: string;
  atMs: number;
}

export const ApprovalVoteSchema = new EntitySchema<ApprovalVote>({
  name: 'approval_vote',
  columns: {
    id: column.id(),
    approvalId: { ...column.reference(), name: 'approval_id' },
    step: column.count(),
    voterId: { ...column.reference(), name: 'voter_id' },
    role: column.varchar(24),
    verdict: column.varchar(8),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'approval_vote_person', columns: ['approvalId', 'voterId'], unique: true }],
});

import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/**
 * proposed: a recipient says that nothing came; nobody has looked yet. dismissed: somebody looked, and it is none. opened: noted. asked:
 * the operator has a case. granted: it promised the money back, which is no money yet. refused. returned: a statement shows the money,
 * whatever was said before.
 */
export type ClaimState = 'proposed' | 'dismissed' | 'opened' | 'asked' | 'granted' | 'refused' | 'returned';

export const claimStates = transitionTable<ClaimState>('payout claim', ['proposed', 'opened', 'returned'], {
  proposed: ['opened', 'dismissed', 'returned'],
  dismissed: ['opened', 'returned'],
  opened: ['asked', 'refused', 'dismissed', 'returned'],
  asked: ['granted', 'refused', 'returned'],
  granted: ['refused', 'returned'],
  refused: ['asked', 'returned'],
  returned: [],
});

/** Somebody must do something about it. */
export const OPEN_CLAIMS: readonly ClaimState[] = ['proposed', 'opened', 'asked', 'granted'];

/** A payout that went to the wrong person: what is asked of the operator, which alone can take it back. */
export interface PayoutClaim {
  id: string;
  rowId: string;
  batchId: string;
  organisationId: string;
  state: ClaimState;
  /** The operator's; null until it has given one. */
  caseNumber: string | null;
  reason: string;
  /** `staff:<person>`, `key:<id>`, `recipient`, or `operator` for one that it returned by itself. */
  openedBy: string;
  openedAtMs: number;
  changedAtMs: number;
  /** The statement's line by which the money came back. */
  returnReceipt: string | null;
}

export const PayoutClaimSchema = new EntitySchema<PayoutClaim>({
  name: 'payout_claim',
  columns: {
    id: column.id(),
    rowId: { ...column.reference(), name: 'row_id' },
    batchId: { ...column.reference(), name: 'batch_id' },
    organisationId: { ...column.reference(), name: 'organisation_id' },
    state: column.state(),
    caseNumber: { ...column.varchar(40, { nullable: true }), name: 'case_number' },
    reason: column.varchar(500),
    openedBy: { ...column.varchar(64), name: 'opened_by' },
    openedAtMs: { ...column.instant(), name: 'opened_at' },
    changedAtMs: { ...column.instant(), name: 'changed_at' },
    returnReceipt: { ...column.varchar(40, { nullable: true }), name: 'return_receipt' },
  },
  indices: [
    { name: 'payout_claim_row', columns: ['rowId'], unique: true },
    { name: 'payout_claim_organisation', columns: ['organisationId', 'state'] },
    { name: 'payout_claim_state', columns: ['state', 'openedAtMs'] },
  ],
});

/** Appended only. */
export interface ClaimEvent {
  id: string;
  claimId: string;
  fromState: ClaimState | 'none';
  toState: ClaimState;
  actor: string;
  reason: string;
  atMs: number;
}

export const ClaimEventSchema = new EntitySchema<ClaimEvent>({
  name: 'payout_claim_event',
  columns: {
    id: column.id(),
    claimId: { ...column.reference(), name: 'claim_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'payout_claim_event_claim', columns: ['claimId', 'atMs'] }],
});

import type { TransferDeps } from '../../money/transfers/index.ts';
import type { ApprovalBands, ApprovalDeps } from '../approvals/index.ts';
import type { AuditDeps } from '../audit/index.ts';
import type { PayoutRules } from '../funding/index.ts';
import type { PayoutListDeps } from '../payout-lists/index.ts';

export interface PayoutBatchDeps extends TransferDeps, ApprovalDeps, AuditDeps, PayoutListDeps {
  approvalBands: ApprovalBands;
  /** What payouts cost, and when people work. */
  payoutRules: PayoutRules;
  payoutSettings: PayoutSettings;
}

export interface PayoutSettings {
  /** Of business days and working hours. */
  timeZone: string;
  /** Rows of one batch that are at the operator, or on the way there, at once. */
  window: number;
  /** Rows that are handed over by one commit. */
  chunk: number;
}

/** Work of this folder; payload `{batchId}`. */
export const batchTopic = {
  /** Look at every row, against other batches and the limits. */
  check: 'payout-batch.check',
  /** Set its money aside, when its time has come. */
  fund: 'payout-batch.fund',
  /** Hand rows to the operator's queue, until none is left. */
  run: 'payout-batch.run',
  /** Grant a run of a schedule that was checked by its standing approval, or submit it. */
  scheduled: 'payout-batch.scheduled',
} as const;

/** News for whoever is above. */
export const batchEvent = {
  /** Every row is decided. `{batchId}`. */
  finished: 'payout-batch.finished',
  /** Rows of it are decided from now on, or one was after its end: whoever tells of them begins. `{batchId}`. */
  deciding: 'payout-batch.deciding',
  /** Its fees are booked; nothing changes any more but what the operator proves. `{batchId}`. */
  closed: 'payout-batch.closed',
  /** It waits for a person: `BatchWaits`. */
  needsPeople: 'payout-batch.needs-people',
} as const;

/** News of schedules. */
export const scheduleEvent = {
  /** A run waits for people, or could not be made. `{runId}`. */
  needsPeople: 'payout-schedule.needs-people',
} as const;

/** Who acts on a batch: a person, by his person's id; also when a system of his organisation acts by a key that he has made. */
export interface Maker {
  id: string;
  keyId?: string;
}

/** None of these approves what they had a hand in. */
export const makerIds = ({ id, keyId }: Maker): string[] => (keyId === undefined ? [id] : [id, `key:${keyId}`]);

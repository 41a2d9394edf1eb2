import { transitionTable } from '../../kernel/index.ts';

export type TransferState = 'requested' | 'submitted' | 'succeeded' | 'failed' | 'unknown';

/**
 * requested: committed, nothing has left. submitted: a byte may have left, so it is never sent again (a payout
 * whose sending was cut short is, under its own reference). unknown: nothing
 * proves what became of it; it is asked about. failed -> succeeded happens only on proof that carries a receipt, and
 * requested -> succeeded when the customer pays our reference at the paybill before the prompt went out.
 */
export const transferStates = transitionTable<TransferState>('transfer', ['requested', 'succeeded'], {
  requested: ['submitted', 'succeeded', 'failed'],
  submitted: ['succeeded', 'failed', 'unknown'],
  unknown: ['succeeded', 'failed'],
  failed: ['succeeded'],
  succeeded: [],
});

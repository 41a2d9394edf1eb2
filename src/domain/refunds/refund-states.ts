import { transitionTable } from '../../kernel/index.ts';

export type RefundState =
  | 'proposed'
  | 'agreed'
  | 'granted'
  | 'paid'
  | 'failed'
  | 'declined'
  | 'withdrawn'
  | 'refused'
  | 'overtaken';

/**
 * proposed: waits for votes. agreed: the biller is asked to give it up. granted: the operator is asked to take it back, or to pay a part
 * of it out. paid: it has. failed: proven that it has not, or the part that was paid out came back. declined: somebody voted against it.
 * withdrawn: by who proposed it. refused: the biller keeps its booking, or nobody is left to pay a part to. overtaken: the operator took
 * it back by itself.
 */
export const refundStates = transitionTable<RefundState>('refund', ['proposed'], {
  proposed: ['agreed', 'declined', 'withdrawn', 'overtaken'],
  agreed: ['granted', 'refused', 'overtaken'],
  granted: ['paid', 'failed'],
  failed: ['paid'],
  paid: ['failed'],
  declined: [],
  withdrawn: [],
  refused: [],
  overtaken: [],
});

/** What counts against the money that came. */
export const COMMITTED: readonly RefundState[] = ['proposed', 'agreed', 'granted', 'paid'];

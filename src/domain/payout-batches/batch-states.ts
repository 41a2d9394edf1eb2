import { transitionTable } from '../../kernel/index.ts';

/**
 * draft: rows are put in. checking: they are looked at against other batches and limits. ready: may be submitted. submitted: waits for
 * the first vote. in-approval: for the others. approved: locked, waits for its time and its money. funded: its money is reserved.
 * paying: rows go out. paid: every row that counts was paid. partly-paid: none is open and some were not. closed: reported, nothing
 * changes any more but what the operator proves. cancelled: given up before anything was sent.
 */
export type BatchState =
  | 'draft'
  | 'checking'
  | 'ready'
  | 'submitted'
  | 'in-approval'
  | 'approved'
  | 'funded'
  | 'paying'
  | 'paid'
  | 'partly-paid'
  | 'closed'
  | 'cancelled';

export const batchStates = transitionTable<BatchState>('payout batch', ['draft'], {
  draft: ['checking', 'cancelled'],
  checking: ['ready', 'draft', 'cancelled'],
  ready: ['submitted', 'draft', 'cancelled'],
  // Straight to approved: by the only vote that was needed, or by a standing approval.
  submitted: ['in-approval', 'approved', 'draft', 'cancelled'],
  'in-approval': ['approved', 'draft', 'cancelled'],
  approved: ['funded', 'draft', 'cancelled'],
  funded: ['paying', 'approved', 'cancelled'],
  paying: ['paid', 'partly-paid'],
  // A row that failed is paid again; a row that was paid is proven not to have been.
  'partly-paid': ['paying', 'paid', 'closed'],
  paid: ['paying', 'partly-paid', 'closed'],
  closed: [],
  cancelled: [],
});

/** Before anything of it can have been sent. */
export const UNSENT: readonly BatchState[] = [
  'draft',
  'checking',
  'ready',
  'submitted',
  'in-approval',
  'approved',
  'funded',
];

/** Others have said yes to every row of it. */
export const AGREED: readonly BatchState[] = ['approved', 'funded', 'paying', 'paid', 'partly-paid', 'closed'];

/**
 * ready: to be paid. excluded: taken out, is never paid under this batch. queued: handed to the operator's queue, a transfer of its
 * own. submitted: the operator may have it. paid: by evidence with a receipt. failed: proven that nothing was paid. unknown: nobody
 * can say yet; it is asked about and not sent again. reversed: it was paid, and a statement shows the money back.
 */
export type RowState = 'ready' | 'excluded' | 'queued' | 'submitted' | 'paid' | 'failed' | 'unknown' | 'reversed';

export const rowStates = transitionTable<RowState>('payout row', ['ready', 'excluded'], {
  // Paid: an attempt whose failure was proven turns out to have paid before the next one went out.
  ready: ['queued', 'excluded', 'paid'],
  excluded: ['ready'],
  // Its result may come before we hear that it was taken; what is about us puts it back.
  queued: ['submitted', 'paid', 'failed', 'unknown', 'ready'],
  submitted: ['paid', 'failed', 'unknown', 'ready'],
  unknown: ['paid', 'failed', 'ready'],
  // Paid although its failure was proven; or paid again; or taken over by another batch.
  failed: ['paid', 'ready', 'excluded'],
  paid: ['reversed'],
  reversed: ['ready', 'excluded'],
});

/** Neither paid nor proven not to be. */
export const OPEN_ROWS: readonly RowState[] = ['ready', 'queued', 'submitted', 'unknown'];
/** At the operator, or on the way there. */
export const ROWS_UNDER_WAY: readonly RowState[] = ['queued', 'submitted', 'unknown'];

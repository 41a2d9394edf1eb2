import { transitionTable } from '../../kernel/index.ts';

export type PaymentState =
  | 'requested'
  | 'held'
  | 'prompting'
  | 'collected'
  | 'posted'
  | 'suspense'
  | 'refund-due'
  | 'refunded'
  | 'failed'
  | 'expired';

/**
 * requested: confirmed by the customer. held: suspicious, no prompt until a person releases it. prompting: the payer is being
 * asked. collected: the money is ours to pass on. posted: the biller booked it. suspense: paid for an account that does not exist.
 * A payment that failed or expired is collected after all when proof of money arrives late. A paybill payment begins collected.
 * A refund that is agreed to makes it owed again, once the biller has given it up. Whatever has become of the money, the operator
 * can take it back: then it is refunded, and the biller is asked to cancel. What was given back in parts is owed again when one of
 * them comes back.
 */
export const paymentStates = transitionTable<PaymentState>('payment', ['requested', 'collected'], {
  requested: ['held', 'prompting'],
  held: ['prompting', 'expired', 'failed'],
  prompting: ['collected', 'failed'],
  collected: ['posted', 'suspense', 'refund-due', 'refunded'],
  posted: ['refund-due', 'refunded'],
  suspense: ['collected', 'refund-due', 'refunded'],
  'refund-due': ['refunded'],
  refunded: ['refund-due'],
  failed: ['collected'],
  expired: ['collected'],
});

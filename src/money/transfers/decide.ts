import { sameMoney } from '../../kernel/index.ts';
import type { Evidence } from '../../providers/operators/index.ts';
import { isOutgoing, type Transfer } from './transfer.ts';

/** What one observation means for one transfer. */
export type Decision =
  | { do: 'settle'; to: 'succeeded' | 'failed' | 'unknown' }
  /** The transfer succeeded without a receipt, and here it is. */
  | { do: 'attach-receipt' }
  /** A code that proves nothing by itself; a query that repeats it will. */
  | { do: 'remember-code' }
  /** Tells what is known already, or proves nothing. */
  | { do: 'nothing'; why: string }
  /** Money came twice for one intent: the second is owed to its payer. */
  | { do: 'book-second-money' }
  /** It contradicts what is decided: nothing is undone, a person looks. */
  | { do: 'contradiction'; why: string }
  /** It is not about this transfer, whatever its address says. */
  | { do: 'mismatch'; why: string };

type Known = Pick<
  Transfer,
  'state' | 'amountMinor' | 'currency' | 'payer' | 'maskedPayer' | 'receipt' | 'resultCode' | 'route'
>;

/** Pure: the whole rule of evidence in one place. */
export function decide(transfer: Known, evidence: Evidence): Decision {
  const mismatch = findMismatch(transfer, evidence);
  if (mismatch) return { do: 'mismatch', why: mismatch };
  switch (evidence.outcome) {
    case 'succeeded':
      return decideSuccess(transfer, evidence);
    case 'failed':
      return decideFailure(transfer, evidence);
    case 'unproven':
      return decideUnproven(transfer, evidence);
    case 'pending':
      return { do: 'nothing', why: 'still in flight' };
  }
}

function findMismatch(transfer: Known, evidence: Evidence): string | undefined {
  if (evidence.amount && !sameMoney(evidence.amount, transfer)) return 'another amount';
  // Someone else may pay our reference at the paybill; a prompt's callback must name the one we asked.
  // With a mask its payer is somebody else, who paid at the paybill: of the one we asked only the token speaks.
  const asked = transfer.maskedPayer === null ? transfer.payer : null;
  if (evidence.rank === 'callback' && evidence.payer && asked && evidence.payer !== asked) {
    return 'another payer';
  }
  return undefined;
}

function decideSuccess(transfer: Known, { rank, receipt, amount }: Evidence): Decision {
  // A query proves success by its code alone; whatever else claims money must carry its receipt and amount.
  if (rank !== 'query' && (!receipt || !amount)) return { do: 'nothing', why: 'success without receipt or amount' };
  if (transfer.state === 'succeeded') {
    if (!receipt || receipt === transfer.receipt) return { do: 'nothing', why: 'known' };
    if (transfer.receipt === null) return { do: 'attach-receipt' };
    if (transfer.route === 'reversal') return { do: 'contradiction', why: `taken back twice: ${receipt}` };
    if (transfer.route === 'payout') return { do: 'contradiction', why: `paid out twice: ${receipt}` };
    return { do: 'book-second-money' };
  }
  if (transfer.state === 'failed' && !receipt) {
    return { do: 'contradiction', why: 'success without a receipt after a proven failure' };
  }
  if (transfer.state === 'requested' && !receipt) return { do: 'mismatch', why: 'nothing was sent yet' };
  return { do: 'settle', to: 'succeeded' };
}

function decideFailure(transfer: Known, { code }: Evidence): Decision {
  switch (transfer.state) {
    case 'succeeded':
      return { do: 'contradiction', why: `failure ${code} after success` };
    case 'failed':
      return { do: 'nothing', why: 'known' };
    case 'requested':
      return { do: 'mismatch', why: 'nothing was sent yet' };
    case 'submitted':
    case 'unknown':
      return { do: 'settle', to: 'failed' };
  }
}

/** A code that proves nothing becomes a failure only when a query repeats it; of money that leaves us never: the next step would pay again. */
function decideUnproven(transfer: Known, { rank, code }: Evidence): Decision {
  if (!isOutgoing(transfer) && transfer.state === 'unknown' && rank === 'query' && transfer.resultCode === code) {
    return { do: 'settle', to: 'failed' };
  }
  if (transfer.state === 'submitted') return { do: 'settle', to: 'unknown' };
  if (transfer.state === 'unknown' && transfer.resultCode !== code) return { do: 'remember-code' };
  return { do: 'nothing', why: `code ${code} proves nothing` };
}

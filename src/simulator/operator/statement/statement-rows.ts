import { steadyName } from '../../basis/index.ts';
import type { Transaction } from '../operator-books.ts';

export interface StatementRow {
  receipt: string;
  atMs: number;
  details: string;
  amountMinor: bigint;
  balanceMinor: bigint;
  reason: string;
  party: string;
  linkedReceipt: string;
  account: string;
}

/** Movements of a period with the balance after each, in the order that was asked for. */
export function statementRows(
  transactions: readonly Transaction[],
  { from, to, order, chargeBps }: { from: number; to: number; order: 'oldest' | 'newest'; chargeBps: number },
): { openingMinor: bigint; closingMinor: bigint; rows: StatementRow[] } {
  let balanceMinor = 0n;
  let openingMinor = 0n;
  const rows: StatementRow[] = [];
  for (const transaction of transactions) {
    if (transaction.at >= to) break;
    for (const row of movementsOf(transaction, chargeBps)) {
      balanceMinor += row.amountMinor;
      if (transaction.at >= from) rows.push({ ...row, balanceMinor });
    }
    if (transaction.at < from) openingMinor = balanceMinor;
  }
  return { openingMinor, closingMinor: balanceMinor, rows: order === 'oldest' ? rows : rows.reverse() };
}

type Movement = Omit<StatementRow, 'balanceMinor'>;

/** The request's own id stands in the details, and nowhere else. */
function payoutRow(
  { amountMinor, command = 'BusinessPayment', conversations = [] }: Transaction,
  said: Omit<Movement, 'amountMinor' | 'reason' | 'details'>,
): Movement {
  const reason = `${command.replace('Payment', ' Payment')} to Customer via API`;
  const details = `${reason} to ${said.party}. Original conversation ID is ${conversations[0]}.`;
  return { ...said, amountMinor, reason, details };
}

function movementsOf(transaction: Transaction, chargeBps: number): Movement[] {
  const { receipt, at, kind, msisdn, amountMinor, account, linkedReceipt = '' } = transaction;
  const { first, last } = steadyName(msisdn);
  const number = msisdn.slice(1);
  const masked = `${number.slice(0, 4)} ***** ${number.slice(-3)}`;
  // The portal's seconds are whole: what happened within one stands there with the same time.
  const said = { receipt, atMs: at, account, party: `${masked} - ${first} ${last}`.toUpperCase(), linkedReceipt };
  if (kind === 'deposit') {
    return [{ ...said, amountMinor, reason: 'Deposit of Funds at Agent Till', details: 'Deposit of funds', party: '' }];
  }
  if (kind === 'disburse') return [payoutRow(transaction, said)];
  if (kind === 'reverse') {
    return [{ ...said, amountMinor, reason: 'Transaction Reversal', details: `Reversal of ${linkedReceipt}` }];
  }
  const reason = kind === 'collect' ? 'Pay Bill Online' : 'Pay Bill';
  const payment = { ...said, amountMinor, reason, details: `${reason} from ${said.party} Acc. ${account}` };
  const chargeMinor = (amountMinor * BigInt(chargeBps) + 9_999n) / 10_000n;
  if (chargeMinor === 0n) return [payment];
  const details = 'Pay Bill Charge';
  return [payment, { ...said, amountMinor: -chargeMinor, reason: details, details, party: '', account: '' }];
}

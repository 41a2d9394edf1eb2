import { invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Evidence } from '../../providers/operators/index.ts';
import { ledgerAccount, postEntry } from '../ledger/index.ts';
import type { Decision } from './decide.ts';
import type { TransferDeps } from './deps.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { transferEvent } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

/** What was asked of the operator to take this transfer back, and what it took back by itself; oldest first. */
export function reversalsOf(tx: Tx, originalId: string): Promise<Transfer[]> {
  return tx.findAll(TransferSchema, { route: 'reversal', purposeId: originalId }, ['createdAtMs', 'id']);
}

/** Kept as the result code while the operator has said that what we ask for was done before, by whomever. */
export const REVERSED_BEFORE = 'reversed-before';

/** Whether any of them is known to have taken it back. */
export async function isTakenBack(tx: Tx, originalId: string): Promise<boolean> {
  return (await reversalsOf(tx, originalId)).some(({ state }) => state === 'succeeded');
}

/**
 * Locks a transfer; of a reversal what it takes back first, as everything does that may take it back: one of two that were asked for
 * after each other is decided knowing of the other.
 */
export async function lockTransfer(tx: Tx, known: Pick<Transfer, 'id' | 'route' | 'purposeId'>): Promise<Transfer> {
  if (known.route === 'reversal') await tx.lockOne(TransferSchema, { id: known.purposeId ?? '' });
  const transfer = await tx.lockOne(TransferSchema, { id: known.id });
  invariant(transfer, 'transfers are never deleted');
  return transfer;
}

/**
 * The operator takes one receipt back once. Where another request has done it, this one moved nothing, whatever is said of the
 * receipt by now; two reversals with a receipt each are money that went twice, and a person's.
 */
export async function decideBesideOthers(
  tx: Tx,
  transfer: Transfer,
  evidence: Evidence,
): Promise<Decision | undefined> {
  const { outcome, code, receipt } = evidence;
  if (transfer.route !== 'reversal' || transfer.state === 'succeeded') return undefined;
  if (outcome !== 'succeeded' && code !== REVERSED_BEFORE) return undefined;
  const all = await reversalsOf(tx, transfer.purposeId ?? '');
  const done = all.find(({ id, state }) => id !== transfer.id && state === 'succeeded');
  if (!done) return undefined;
  if (receipt && done.receipt && receipt !== done.receipt) {
    return { do: 'contradiction', why: `taken back twice: ${done.receipt} and ${receipt}` };
  }
  if (transfer.state === 'failed') return { do: 'nothing', why: 'another request has taken it back' };
  return { do: 'settle', to: 'failed' };
}

/** A reversal is decided: what went back leaves our float, and whoever is above hears of it; of a failure too, by itself. */
export async function endReversal(
  deps: TransferDeps,
  tx: Tx,
  transfer: Transfer,
  to: 'succeeded' | 'failed',
  evidence: Pick<Evidence, 'rank' | 'receipt'>,
): Promise<void> {
  if (to === 'succeeded') return takenBack(deps, tx, transfer, evidence);
  const payload = { transferId: transfer.id };
  await deps.outbox.emit(tx, { topic: transferEvent.reversalFailed, key: transfer.id, payload });
}

/** A success is never undone: the reversal is a transfer of its own, and the one that it undoes stays succeeded. */
export async function takenBack(
  deps: TransferDeps,
  tx: Tx,
  transfer: Transfer,
  { rank, receipt }: Pick<Evidence, 'rank' | 'receipt'>,
): Promise<void> {
  const originalId = transfer.purposeId ?? '';
  const cause = { actor: `operator:${rank}`, reason: `taken back: ${receipt ?? 'no receipt yet'}` };
  await recordTransferEvent(deps, tx, originalId, 'succeeded', 'succeeded', cause);
  const { kind, debit, credit } = bookingOf(transfer);
  await postEntry(deps, tx, {
    kind,
    subjectId: transfer.id,
    movements: [{ debit, credit, amount: amountOf(transfer) }],
  });
  const payload = { transferId: originalId, ...(transfer.purpose === 'return' ? { route: 'payout' } : {}) };
  await deps.outbox.emit(tx, { topic: transferEvent.reversed, key: originalId, payload });
}

/**
 * What we asked for was owed to its payer by then; of what the operator did by itself nobody knows yet whose loss it is. A payout that
 * came back is where it was before it left: set aside for whoever had asked for it, who takes it back.
 */
function bookingOf({ purpose, operator, ownShortCode }: Transfer): { kind: string; debit: string; credit: string } {
  const float = ledgerAccount.float(operator, ownShortCode);
  switch (purpose) {
    case 'refund':
      return { kind: 'refunded', debit: ledgerAccount.owedToCustomers, credit: float };
    case 'return':
      return { kind: 'payout-came-back', debit: float, credit: ledgerAccount.reserved(operator) };
    default:
      return { kind: 'taken-back', debit: ledgerAccount.takenBack, credit: float };
  }
}

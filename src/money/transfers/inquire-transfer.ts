import type { Outcome } from '../../platform/outbox/index.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { moveTransfer, recordTransferEvent } from './move-transfer.ts';
import { pullMovements } from './pull-movements.ts';
import { operatorOf } from './request-transfer.ts';
import { settleTransfer } from './settle-transfer.ts';
import { mayBeSentAgain } from './submit-transfer.ts';
import { transferEvent } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

/** How far around the prompt the operator's list is read. */
const PULL_BEFORE_MS = 60_000;

/**
 * Asks the operator what became of a transfer that nothing has decided, on the published schedule. A success without
 * a receipt is asked about too, until the list shows its receipt. After the last step a person gets it. `isEarly`: a person wants to
 * know before its time; the schedule goes on as it was.
 */
export async function inquireTransfer(
  deps: TransferDeps,
  { transferId, step, isEarly = false }: { transferId: string; step: number; isEarly?: boolean },
): Promise<Outcome> {
  const before = await find(deps, transferId);
  if (!before || isSettled(before)) return undefined;
  const waitMs = waitOf(deps, before, step);
  const atItsTime = { again: { inMs: waitMs, payload: { transferId, step } } };
  if (waitMs > 0 && (!isEarly || mayBeSentAgain(before))) return atItsTime;
  await ask(deps, before);
  const after = await find(deps, transferId);
  if (!after || isSettled(after)) return undefined;
  if (waitMs > 0) return atItsTime;
  await tellUnknown(deps, transferId);
  return nextStep(deps, after, step);
}

/** A prompt that was not sent, or went out only the second time, is not asked about as if the first had been seen. */
function waitOf(deps: TransferDeps, transfer: Transfer, step: number): number {
  if (mayBeSentAgain(transfer)) return 15_000;
  const delayMs = deps.transferSettings.inquiryDelaysMs[step] ?? 0;
  return (transfer.submittedAtMs ?? transfer.createdAtMs) + delayMs - deps.runtime.clock.now();
}

function isSettled(transfer: Transfer): boolean {
  return transfer.state === 'failed' || (transfer.state === 'succeeded' && transfer.receipt !== null);
}

function find(deps: TransferDeps, id: string): Promise<Transfer | null> {
  return deps.database.reader.findOne(TransferSchema, { where: { id } });
}

/** The list first: it carries the receipt, so that a customer's receipt can carry it too. */
async function ask(deps: TransferDeps, transfer: Transfer): Promise<void> {
  const sinceMs = transfer.submittedAtMs ?? transfer.createdAtMs;
  const listed = await pullMovements(deps, transfer.operator, sinceMs - PULL_BEFORE_MS, deps.runtime.clock.now());
  const { checkoutRequestId, merchantRequestId } = transfer;
  if (!checkoutRequestId || transfer.state === 'succeeded') return;
  const current = await find(deps, transfer.id);
  if (!current || isSettled(current)) return;
  const ids = { checkoutRequestId, merchantRequestId: merchantRequestId ?? '' };
  const evidence = await operatorOf(deps, transfer.operator).queryCollection(ids, amountOf(transfer));
  const isBare = evidence.outcome === 'succeeded' && !evidence.receipt;
  if (isBare && (listed !== undefined || current.resultCode !== BARE_SUCCESS))
    return keepBareSuccess(deps, transfer.id);
  await deps.database.transaction((tx) => settleTransfer(deps, tx, transfer.id, evidence));
}

/** Kept as the result code while a query has said yes once, without a receipt. */
const BARE_SUCCESS = 'query-success';

/**
 * A query has been seen to say the opposite of the truth. Its bare yes books money only when a second query repeats it and
 * the operator's list, which would show the receipt, cannot be read.
 */
async function keepBareSuccess(deps: TransferDeps, transferId: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: transferId });
    if (!transfer || (transfer.state !== 'submitted' && transfer.state !== 'unknown')) return;
    if (transfer.resultCode === BARE_SUCCESS) return;
    await tx.update(TransferSchema, { id: transferId }, { resultCode: BARE_SUCCESS });
    const cause = { actor: 'operator:query', reason: 'a query says paid, without a receipt' };
    await recordTransferEvent(deps, tx, transferId, transfer.state, transfer.state, cause);
  });
}

/** From here on the customer is told that it is not known; once. */
async function tellUnknown(deps: TransferDeps, transferId: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: transferId });
    if (!transfer || (transfer.state !== 'submitted' && transfer.state !== 'unknown')) return;
    if (transfer.state === 'submitted') {
      await moveTransfer(deps, tx, transfer, 'unknown', { actor: 'service', reason: 'asked, and not decided' });
    }
    await deps.outbox.emit(tx, { topic: transferEvent.unknown, key: transferId, payload: { transferId } });
  });
}

async function nextStep(deps: TransferDeps, transfer: Transfer, step: number): Promise<Outcome> {
  const { inquiryDelaysMs } = deps.transferSettings;
  const next = inquiryDelaysMs[step + 1];
  if (next !== undefined) {
    const dueAtMs = (transfer.submittedAtMs ?? transfer.createdAtMs) + next;
    const inMs = Math.max(dueAtMs - deps.runtime.clock.now(), 1_000);
    return { again: { inMs, payload: { transferId: transfer.id, step: step + 1 } } };
  }
  const type = transfer.state === 'succeeded' ? 'receipt-missing' : 'unknown-transfer';
  await deps.database.transaction((tx) => emitBreak(deps, tx, type, transfer.id, `asked ${step + 1} times`, transfer));
  return undefined;
}

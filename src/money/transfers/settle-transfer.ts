import { unreachable } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Evidence } from '../../providers/operators/index.ts';
import { ledgerAccount, postEntry } from '../ledger/index.ts';
import { type Decision, decide } from './decide.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { endPayout } from './end-payout.ts';
import { moveTransfer, recordTransferEvent } from './move-transfer.ts';
import { payoutNews } from './payout-news.ts';
import { blankTransfer } from './request-transfer.ts';
import { decideBesideOthers, endReversal, lockTransfer } from './reversals.ts';
import { transferEvent } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

/**
 * The one place where evidence becomes state and money: lock, decide, transition, post, emit, in the caller's
 * transaction. Returns what was decided, so that the caller can mark where the evidence came from.
 */
export async function settleTransfer(
  deps: TransferDeps,
  tx: Tx,
  transferId: string,
  evidence: Evidence,
): Promise<Decision> {
  const known = await tx.findOne(TransferSchema, { id: transferId });
  if (!known) return { do: 'mismatch', why: 'no such transfer' };
  const transfer = await lockTransfer(tx, known);
  const decision =
    (await decideBesideOthers(tx, transfer, evidence)) ??
    (await findReceiptOfAnother(tx, transfer, evidence)) ??
    decide(transfer, evidence);
  switch (decision.do) {
    case 'settle':
      await settle(deps, tx, transfer, decision.to, evidence);
      break;
    case 'remember-code':
      await tx.update(TransferSchema, { id: transfer.id }, { resultCode: evidence.code.slice(0, 32) });
      await note(deps, tx, transfer, evidence, `code ${evidence.code}`);
      break;
    case 'attach-receipt':
      await attachReceipt(deps, tx, transfer, evidence);
      break;
    case 'book-second-money':
      await bookSecondMoney(deps, tx, transfer, evidence);
      break;
    case 'contradiction':
      await note(deps, tx, transfer, evidence, `contradiction: ${decision.why}`);
      await emitBreak(deps, tx, 'contradiction', transfer.id, `${evidence.rank}: ${decision.why}`, transfer);
      break;
    case 'nothing':
    case 'mismatch':
      break;
    default:
      unreachable(decision);
  }
  return decision;
}

/** A receipt is one movement of money: what another transfer has booked is not booked again. */
async function findReceiptOfAnother(tx: Tx, transfer: Transfer, { receipt }: Evidence): Promise<Decision | undefined> {
  if (!receipt) return undefined;
  const owner = await tx.findOne(TransferSchema, { operator: transfer.operator, receipt });
  if (!owner || owner.id === transfer.id) return undefined;
  const isOurSecond = owner.purpose === 'second-money' && owner.purposeId === transfer.purposeId;
  return isOurSecond ? { do: 'nothing', why: 'known' } : { do: 'mismatch', why: 'the receipt of another transfer' };
}

async function settle(
  deps: TransferDeps,
  tx: Tx,
  transfer: Transfer,
  to: 'succeeded' | 'failed' | 'unknown',
  evidence: Evidence,
): Promise<void> {
  const now = deps.runtime.clock.now();
  const after = await moveTransfer(deps, tx, transfer, to, causeOf(evidence), {
    resultCode: evidence.code.slice(0, 32),
    resultDescription: evidence.description.slice(0, 200),
    failureCause: to === 'succeeded' ? null : (evidence.cause ?? 'other'),
    evidenceRank: evidence.rank,
    ...(to === 'unknown' ? {} : { settledAtMs: now }),
    // Of a failure only the reversal that another request did carries one, and it is that one's.
    ...(evidence.receipt && to === 'succeeded' ? { receipt: evidence.receipt } : {}),
    // Every success has its time: without one it would belong to no day.
    ...(to === 'succeeded' ? { completedAtMs: evidence.completedAtMs ?? now } : {}),
  });
  if (to === 'unknown') {
    // Whoever pays by prompts is told when it was asked; whoever pays people waits for each.
    if (transfer.route === 'payout') await tellUnknown(deps, tx, transfer);
    return;
  }
  if (transfer.route === 'reversal') return endReversal(deps, tx, transfer, to, evidence);
  if (transfer.route === 'payout') return endPayout(deps, tx, { before: transfer, after }, to, evidence);
  if (to === 'succeeded') await bookCollected(deps, tx, transfer);
  const topic = to === 'succeeded' ? transferEvent.succeeded : transferEvent.failed;
  await deps.outbox.emit(tx, { topic, key: transfer.id, payload: { transferId: transfer.id } });
}

async function tellUnknown(deps: TransferDeps, tx: Tx, transfer: Transfer): Promise<void> {
  await deps.outbox.emit(tx, { topic: transferEvent.unknown, key: transfer.id, payload: payoutNews(transfer) });
}

/** Collected: our float at the operator grows, and so does what is not yet booked by a biller. */
export async function bookCollected(deps: TransferDeps, tx: Tx, transfer: Transfer): Promise<void> {
  await postEntry(deps, tx, {
    kind: 'collected',
    subjectId: transfer.id,
    movements: [
      {
        debit: ledgerAccount.float(transfer.operator),
        credit: ledgerAccount.collectedUnposted,
        amount: amountOf(transfer),
      },
    ],
  });
}

async function attachReceipt(deps: TransferDeps, tx: Tx, transfer: Transfer, evidence: Evidence): Promise<void> {
  const completedAtMs = evidence.completedAtMs ?? transfer.completedAtMs;
  await tx.update(TransferSchema, { id: transfer.id }, { receipt: evidence.receipt as string, completedAtMs });
  await note(deps, tx, transfer, evidence, `receipt ${evidence.receipt}`);
  await deps.outbox.emit(tx, {
    topic: transferEvent.receiptFound,
    key: transfer.id,
    payload: transfer.route === 'payout' ? payoutNews(transfer) : { transferId: transfer.id },
  });
}

/** A transfer of its own for the money that nobody asked for: it is owed to whoever paid it. */
async function bookSecondMoney(deps: TransferDeps, tx: Tx, first: Transfer, evidence: Evidence): Promise<void> {
  const now = deps.runtime.clock.now();
  const second: Transfer = {
    ...blankTransfer(deps),
    operator: first.operator,
    route: 'paybill',
    purpose: 'second-money',
    purposeId: first.purposeId,
    amountMinor: first.amountMinor,
    currency: first.currency,
    payer: evidence.payer ?? null,
    state: 'succeeded',
    receipt: evidence.receipt as string,
    resultCode: evidence.code.slice(0, 32),
    evidenceRank: evidence.rank,
    settledAtMs: now,
    completedAtMs: evidence.completedAtMs ?? now,
  };
  if (!(await tx.insertOnce(TransferSchema, second))) return;
  await recordTransferEvent(deps, tx, second.id, 'none', 'succeeded', causeOf(evidence));
  await note(deps, tx, first, evidence, `money came twice: ${evidence.receipt}`);
  await postEntry(deps, tx, {
    kind: 'second-money',
    subjectId: second.id,
    movements: [
      { debit: ledgerAccount.float(first.operator), credit: ledgerAccount.owedToCustomers, amount: amountOf(first) },
    ],
  });
  await deps.outbox.emit(tx, {
    topic: transferEvent.secondMoney,
    key: second.id,
    payload: { transferId: second.id },
  });
  await emitBreak(deps, tx, 'paid-twice', second.id, `second receipt for ${first.reference}`, first);
}

async function note(deps: TransferDeps, tx: Tx, transfer: Transfer, evidence: Evidence, reason: string): Promise<void> {
  const { actor } = causeOf(evidence);
  await recordTransferEvent(deps, tx, transfer.id, transfer.state, transfer.state, { actor, reason });
}

function causeOf(evidence: Evidence): { actor: string; reason: string } {
  return { actor: `operator:${evidence.rank}`, reason: `${evidence.code} ${evidence.description}` };
}

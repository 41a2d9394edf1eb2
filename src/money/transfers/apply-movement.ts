import { fitsMask, invariant, isMsisdn, maskMsisdn, sameMoney } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Evidence, EvidenceRank, PaybillMovement } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { recordTransferEvent } from './move-transfer.ts';
import { blankTransfer, operatorOf } from './request-transfer.ts';
import { bookCollected, settleTransfer } from './settle-transfer.ts';
import { transferEvent, transferTopic } from './topics.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** What became of one line of the operator: the transfer it belongs to, and whether it told anything new. */
export type Applied = { transferId: string; isNew: boolean } | { transferId: undefined; why: string };

/**
 * Money that the operator says arrived at our short code, by a confirmation or its list. The receipt number makes the
 * prompt's callback and the paybill's confirmation one; our reference finds the prompt it answers; what is neither is
 * a payment that the customer made by himself. Money already taken is always booked.
 */
export async function applyMovement(
  deps: TransferDeps,
  tx: Tx,
  operatorName: string,
  movement: PaybillMovement,
  rank: EvidenceRank,
): Promise<Applied> {
  if (movement.shortCode !== operatorOf(deps, operatorName).shortCode) {
    return { transferId: undefined, why: 'another short code' };
  }
  const known = await tx.lockOne(TransferSchema, { operator: operatorName, receipt: movement.receipt });
  if (known) return applyToKnown(deps, tx, known, movement, rank);
  const asked = await findAsked(tx, movement.account);
  if (asked) {
    const decision = await settleTransfer(deps, tx, asked.id, evidenceOf(movement, rank));
    if (decision.do === 'book-second-money') return addPayer(deps, tx, operatorName, movement);
    if (decision.do === 'settle' || decision.do === 'attach-receipt')
      await nameWhoPaid(deps, tx, asked, movement, rank);
    if (decision.do !== 'mismatch') return { transferId: asked.id, isNew: decision.do !== 'nothing' };
  }
  return bookPaybill(deps, tx, operatorName, movement, rank);
}

/** Who paid a second time need not be who was asked. */
async function addPayer(deps: TransferDeps, tx: Tx, operator: string, movement: PaybillMovement): Promise<Applied> {
  const second = await tx.lockOne(TransferSchema, { operator, receipt: movement.receipt });
  invariant(second, 'the second money was just booked');
  await tx.update(TransferSchema, { id: second.id }, payerOf(movement));
  if (!movement.payer) await askWhoPaid(deps, tx, second.id);
  return { transferId: second.id, isNew: true };
}

/**
 * Anybody can pay our reference at the paybill. The number that was asked stays the payer only where the movement may be its own: of
 * another's what is shown is kept, and the operator is asked who he is. Returns whether it was another's.
 */
async function nameWhoPaid(
  deps: TransferDeps,
  tx: Tx,
  { id, payer: asked }: Transfer,
  movement: PaybillMovement,
  rank: EvidenceRank,
): Promise<boolean> {
  const { payer, maskedPayer } = movement;
  // A number that was erased is nobody's any more.
  if (asked === null || !isMsisdn(asked)) return false;
  const isHis = payer ? payer === asked : maskedPayer === undefined || fitsMask(asked, maskedPayer);
  if (isHis) return false;
  const shown = payerOf(movement);
  const mask = shown.maskedPayer ?? maskMsisdn(payer ?? '');
  await tx.update(TransferSchema, { id }, { ...shown, maskedPayer: mask });
  const reason = 'paid from another number than the one that was asked';
  await recordTransferEvent(deps, tx, id, 'succeeded', 'succeeded', { actor: `operator:${rank}`, reason });
  if (!payer) await askWhoPaid(deps, tx, id);
  return true;
}

function payerOf(movement: PaybillMovement): Pick<Transfer, 'payer' | 'maskedPayer' | 'payerName'> {
  return {
    payer: movement.payer ?? null,
    maskedPayer: movement.maskedPayer?.slice(0, 64) ?? null,
    payerName: movement.payerName?.slice(0, 120) ?? null,
  };
}

async function askWhoPaid(deps: TransferDeps, tx: Tx, transferId: string): Promise<void> {
  const payload = { transferId, step: 0 };
  await deps.outbox.emit(tx, { topic: transferTopic.identifyPayer, key: transferId, payload });
}

async function applyToKnown(
  deps: TransferDeps,
  tx: Tx,
  known: Transfer,
  movement: PaybillMovement,
  rank: EvidenceRank,
): Promise<Applied> {
  if (!sameMoney(movement.amount, known)) {
    await emitBreak(deps, tx, 'contradiction', known.id, `receipt ${movement.receipt} told with another amount`);
    return { transferId: known.id, isNew: false };
  }
  if (known.payer === null && movement.payer) {
    const name = movement.payerName?.slice(0, 120) ?? known.payerName;
    await tx.update(TransferSchema, { id: known.id }, { payer: movement.payer, payerName: name });
    await emitPayerFound(deps, tx, known.id);
    return { transferId: known.id, isNew: true };
  }
  // What settled it named nobody, and this does. Once: whom the operator named since then stays.
  if (known.route === 'prompt' && known.state === 'succeeded' && known.maskedPayer === null) {
    const isAnothers = await nameWhoPaid(deps, tx, known, movement, rank);
    if (isAnothers && movement.payer) await emitPayerFound(deps, tx, known.id);
    return { transferId: known.id, isNew: isAnothers };
  }
  return { transferId: known.id, isNew: false };
}

export async function emitPayerFound(deps: TransferDeps, tx: Tx, transferId: string): Promise<void> {
  await deps.outbox.emit(tx, { topic: transferEvent.payerFound, key: transferId, payload: { transferId } });
}

const OUR_REFERENCE = /^M[2-9A-HJ-NP-Z]{9}$/;

async function findAsked(tx: Tx, account: string): Promise<Transfer | null> {
  const reference = account.trim().toUpperCase();
  if (!OUR_REFERENCE.test(reference)) return null;
  return tx.findOne(TransferSchema, { reference, route: 'prompt' });
}

function evidenceOf(movement: PaybillMovement, rank: EvidenceRank): Evidence {
  return {
    rank,
    outcome: 'succeeded',
    code: '0',
    description: 'paid at the short code',
    receipt: movement.receipt,
    amount: movement.amount,
    completedAtMs: movement.completedAtMs,
  };
}

async function bookPaybill(
  deps: TransferDeps,
  tx: Tx,
  operator: string,
  movement: PaybillMovement,
  rank: EvidenceRank,
): Promise<Applied> {
  const transfer: Transfer = {
    ...blankTransfer(deps),
    operator,
    route: 'paybill',
    purpose: 'paybill',
    amountMinor: movement.amount.amountMinor,
    currency: movement.amount.currency,
    ...payerOf(movement),
    paybillAccount: movement.account.slice(0, 64),
    state: 'succeeded',
    receipt: movement.receipt,
    resultCode: '0',
    evidenceRank: rank,
    settledAtMs: deps.runtime.clock.now(),
    completedAtMs: movement.completedAtMs,
  };
  if (!(await tx.insertOnce(TransferSchema, transfer))) {
    // Another process booked the same receipt between our look and now.
    const known = await tx.lockOne(TransferSchema, { operator, receipt: movement.receipt });
    invariant(known, 'the receipt that is taken can be read');
    return { transferId: known.id, isNew: false };
  }
  await recordTransferEvent(deps, tx, transfer.id, 'none', 'succeeded', {
    actor: `operator:${rank}`,
    reason: 'paid at the short code',
  });
  await bookCollected(deps, tx, transfer);
  const payload = { transferId: transfer.id };
  await deps.outbox.emit(tx, { topic: transferEvent.succeeded, key: transfer.id, payload });
  if (transfer.payer === null) await askWhoPaid(deps, tx, transfer.id);
  return { transferId: transfer.id, isNew: true };
}

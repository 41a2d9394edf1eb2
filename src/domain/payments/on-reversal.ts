import { invariant } from '../../kernel/index.ts';
import { LedgerEntrySchema, ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { amountOf, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { queueMessage } from '../messages/index.ts';
import type { PaymentDeps } from './deps.ts';
import { movePayment } from './move-payment.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import { tellReversed } from './tell-customer.ts';
import { paymentTopic } from './topics.ts';

/**
 * The operator took the money of a payment back: it is refunded, whatever had become of it. What the biller may have booked it is
 * asked to cancel; until it has, what was taken back stays open in the books.
 */
export async function onTransferReversed(deps: PaymentDeps, { transferId }: { transferId: string }): Promise<void> {
  const transfer = await deps.database.reader.findOne(TransferSchema, { where: { id: transferId } });
  invariant(transfer, 'news is about a transfer that is there');
  if (transfer.purpose === 'second-money') return giveUpSecondMoney(deps, transfer);
  await deps.database.transaction(async (tx) => {
    const payment = await tx.lockOne(PaymentSchema, { transferId });
    // Its payment is still being made, or not yet told that the money came.
    if (!payment || payment.collectedAtMs === null) throw new Error('the payment is not made yet');
    if (payment.state === 'refunded') return;
    const ours = await refundOf(tx, transferId);
    if (ours) return keepRefunded(deps, tx, payment, ours);
    await refund(deps, tx, payment);
  });
}

/** What we had asked for: its ledger entry is the transfer's, and whoever had booked it has given it up before. */
function refundOf(tx: Tx, transferId: string): Promise<Transfer | null> {
  return tx.findOne(TransferSchema, { purpose: 'refund', purposeId: transferId, state: 'succeeded' });
}

async function keepRefunded(deps: PaymentDeps, tx: Tx, payment: Payment, ours: Transfer): Promise<void> {
  const cause = { actor: 'operator', reason: `paid back: ${ours.receipt ?? 'no receipt yet'}` };
  const reason = 'reasons.reversed';
  await tellReversed(deps, tx, await movePayment(deps, tx, payment, 'refunded', cause, { reason }));
}

async function refund(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const account = holderOf(payment);
  if (account) await giveUp(deps, tx, payment.id, account, payment);
  const reason = 'reasons.reversed';
  const cause = { actor: 'operator', reason: 'the operator took the money back' };
  const refunded = await movePayment(deps, tx, payment, 'refunded', cause, { reason });
  await tellReversed(deps, tx, refunded);
  // The biller may have booked it although its answer has not come: asked about too.
  if (payment.postingSinceMs === null) return;
  await deps.outbox.emit(tx, { topic: paymentTopic.cancel, key: payment.id, payload: { paymentId: payment.id } });
}

/** Where the money stands that has to be given up now; undefined: the biller has it, and must cancel first. */
function holderOf({ state }: Payment): string | undefined {
  if (state === 'posted') return undefined;
  if (state === 'suspense') return ledgerAccount.suspense;
  return state === 'refund-due' ? ledgerAccount.owedToCustomers : ledgerAccount.collectedUnposted;
}

export async function giveUp(
  deps: PaymentDeps,
  tx: Tx,
  subjectId: string,
  debit: string,
  { amountMinor, currency }: { amountMinor: bigint; currency: string },
): Promise<void> {
  await postEntry(deps, tx, {
    kind: 'given-up',
    subjectId,
    movements: [{ debit, credit: ledgerAccount.takenBack, amount: { amountMinor, currency } }],
  });
}

/** It was owed to whoever paid it, and he has it back. */
async function giveUpSecondMoney(deps: PaymentDeps, transfer: Transfer): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await tx.lockOne(TransferSchema, { id: transfer.id });
    const ours = await refundOf(tx, transfer.id);
    if (ours) return tellSecondMoneyBack(deps, tx, transfer);
    if (await wasGivenUp(tx, transfer.id)) return;
    await giveUp(deps, tx, transfer.id, ledgerAccount.owedToCustomers, amountOf(transfer));
  });
}

export async function wasGivenUp(tx: Tx, subjectId: string): Promise<boolean> {
  return (await tx.findOne(LedgerEntrySchema, { subjectId, kind: 'given-up' })) !== null;
}

/** Whoever paid second money is known only now: it may have gone back before. */
export function tellIfBack(deps: PaymentDeps, transfer: Transfer): Promise<void> {
  return deps.database.transaction(async (tx) => {
    if (await refundOf(tx, transfer.id)) await tellSecondMoneyBack(deps, tx, transfer);
  });
}

async function tellSecondMoneyBack(deps: PaymentDeps, tx: Tx, transfer: Transfer): Promise<void> {
  const { payer } = transfer;
  if (!payer) return;
  const customer = await tx.findOne(CustomerSchema, { msisdn: payer });
  await queueMessage(deps, tx, {
    factKey: `second-money-back:${transfer.id}`,
    to: payer,
    kind: 'second-money-back',
    language: customer?.language ?? deps.defaultLanguage,
    values: {
      amount: amountOf(transfer),
      receipt: transfer.receipt ?? '',
      operator: deps.operators.get(transfer.operator)?.displayName ?? '',
    },
    subjectId: transfer.purposeId ?? transfer.id,
  });
}

import { MoreThanOrEqual } from 'typeorm';
import {
  invariant,
  isOfCountry,
  type Msisdn,
  parseMsisdn,
  Refusal,
  startOfDay,
  unreachable,
} from '../../kernel/index.ts';
import { promptNow as promptTransferNow, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { CustomerSchema, lockCustomer } from '../customers/index.ts';
import { checkAmountRules } from './amount-rules.ts';
import type { PaymentDeps } from './deps.ts';
import { type History, type Intent, type Judgement, judge, type Past } from './history-rules.ts';
import { hold } from './holds.ts';
import { insertPayment, type PaymentRequest } from './insert-payment.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import { type PaymentView, viewOf } from './payment-view.ts';
import { startPrompt } from './start-prompt.ts';

export type PaymentRequested =
  | { kind: 'requested' | 'held'; payment: PaymentView }
  | { kind: 'recent-same'; first: PaymentView; retryAtMs: number };

/** What is wrong with an amount as far as can be said before the confirmation. Refuses as `requestPayment` would. */
export async function checkAmount(deps: PaymentDeps, intent: Intent): Promise<void> {
  checkAmountRules(deps.billers.get(intent.billerId), deps.paymentSettings, intent.amount);
}

/** Reads another number that shall pay, as typed. */
export async function checkPayer(
  deps: PaymentDeps,
  { dialler, payerText }: { dialler: Msisdn | null; payerText: string },
): Promise<Msisdn> {
  const { country } = deps.paymentSettings;
  const payer = parseMsisdn(payerText, country);
  if (!payer) throw new Refusal('payer.malformed');
  if (!isOfCountry(payer, country)) throw new Refusal('payer.no-operator');
  if (payer === dialler) return payer;
  const known = await deps.database.reader.findOne(CustomerSchema, { where: { msisdn: payer } });
  if (known?.promptsBlockedAtMs) throw new Refusal('payer.blocked');
  return payer;
}

/**
 * Confirms a payment: payment, transfer and the work of sending the prompt are one commit, keyed by the turn. Both
 * numbers' rows are locked, so that limits hold for two confirmations at once.
 */
export async function requestPayment(deps: PaymentDeps, request: PaymentRequest): Promise<PaymentRequested> {
  checkAmountRules(deps.billers.get(request.billerId), deps.paymentSettings, request.amount);
  return deps.database.transaction(async (tx) => {
    const blocksPrompts = await lockPeople(deps, tx, request);
    const before = await tx.findOne(PaymentSchema, { requestKey: request.turnKey });
    if (before) return replay(tx, before);
    const nowMs = deps.runtime.clock.now();
    const dayStartMs = startOfDay(nowMs, deps.paymentSettings.timeZone);
    const settings = deps.paymentSettings;
    const history = await readHistory(
      tx,
      request,
      Math.min(dayStartMs, nowMs - Math.max(600_000, settings.repeatWindowMs)),
      blocksPrompts,
    );
    return carryOut(deps, tx, request, judge({ intent: request, history, settings, nowMs, dayStartMs }));
  });
}

/** In the order of their numbers, whoever dials and whoever pays, so that two payments cannot wait for each other. */
async function lockPeople(deps: PaymentDeps, tx: Tx, { dialler, payer, language }: PaymentRequest): Promise<boolean> {
  let blocksPrompts = false;
  for (const msisdn of [...new Set(dialler === null ? [payer] : [dialler, payer])].sort()) {
    const customer = await lockCustomer(deps, tx, msisdn, language);
    if (msisdn === payer) blocksPrompts = customer.promptsBlockedAtMs !== null;
  }
  return blocksPrompts;
}

async function replay(tx: Tx, payment: Payment): Promise<PaymentRequested> {
  const transfer = payment.transferId ? await tx.findOne(TransferSchema, { id: payment.transferId }) : null;
  return { kind: payment.state === 'held' ? 'held' : 'requested', payment: viewOf(payment, transfer) };
}

const MOST_HISTORY = 500;

async function readHistory(
  tx: Tx,
  { channel, dialler, payer }: PaymentRequest,
  sinceMs: number,
  payerBlocksPrompts: boolean,
): Promise<History> {
  const since = { createdAtMs: MoreThanOrEqual(sinceMs) };
  const newest = { order: { createdAtMs: 'DESC' as const }, take: MOST_HISTORY };
  const ofPayer: Past[] = await tx.manager.find(PaymentSchema, { where: { payer, ...since }, ...newest });
  if (dialler === null) {
    const paid = await tx.findOne(PaymentSchema, { channel, payer, state: 'posted' });
    return { ofPayer, ofDialler: [], hasPaidForDialler: paid !== null, payerBlocksPrompts };
  }
  const ofDialler: Past[] = await tx.manager.find(PaymentSchema, { where: { dialler, ...since }, ...newest });
  if (dialler === payer) return { ofPayer, ofDialler, hasPaidForDialler: true, payerBlocksPrompts: false };
  const paid = await tx.findOne(PaymentSchema, { dialler, payer, state: 'posted' });
  return { ofPayer, ofDialler, hasPaidForDialler: paid !== null, payerBlocksPrompts };
}

async function carryOut(
  deps: PaymentDeps,
  tx: Tx,
  request: PaymentRequest,
  judgement: Judgement,
): Promise<PaymentRequested> {
  switch (judgement.verdict) {
    case 'refuse':
      throw new Refusal(judgement.code, judgement.details);
    case 'recent-same': {
      const first = await tx.findOne(PaymentSchema, { id: judgement.firstId });
      invariant(first, 'the payment that was just read is there');
      const transfer = first.transferId ? await tx.findOne(TransferSchema, { id: first.transferId }) : null;
      return { kind: 'recent-same', first: viewOf(first, transfer), retryAtMs: judgement.retryAtMs };
    }
    case 'hold': {
      const payment = await insertPayment(deps, tx, request);
      return { kind: 'held', payment: viewOf(await hold(deps, tx, payment, judgement.code), null) };
    }
    case 'go': {
      const payment = await startPrompt(deps, tx, await insertPayment(deps, tx, request));
      // No session is open that the handset would have to close first.
      if (payment.channel === 'web') await promptTransferNow(deps, tx, payment.transferId ?? '');
      return { kind: 'requested', payment: viewOf(payment, null) };
    }
    default:
      return unreachable(judgement);
  }
}

/** The USSD session of a confirmed payment has ended: its prompt need not wait any longer. */
export async function promptNow(deps: PaymentDeps, { sessionKey }: { sessionKey: string }): Promise<void> {
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { sessionKey, state: 'prompting' } });
  if (!payment?.transferId) return;
  const { transferId } = payment;
  await deps.database.transaction((tx) => promptTransferNow(deps, tx, transferId));
}

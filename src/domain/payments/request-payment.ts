import { MoreThanOrEqual } from 'typeorm';
import {
  invariant,
  isOfCountry,
  type Money,
  type Msisdn,
  newReference,
  parseMsisdn,
  Refusal,
  startOfDay,
  unreachable,
} from '../../kernel/index.ts';
import { promptNow as promptTransferNow, requestTransfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { CustomerSchema, lockCustomer } from '../customers/index.ts';
import { checkAmountRules } from './amount-rules.ts';
import type { PaymentDeps } from './deps.ts';
import { type History, type Intent, type Judgement, judge, type Past } from './history-rules.ts';
import { movePayment, recordPaymentEvent } from './move-payment.ts';
import { type Payment, PaymentSchema } from './payment.ts';
import { type PaymentView, viewOf } from './payment-view.ts';
import { paymentTopic } from './topics.ts';

export interface PaymentRequest extends Intent {
  /** Of the turn that confirmed it: a repeat finds the first one's payment. */
  turnKey: string;
  sessionKey: string;
  holder: string;
  language: string;
}

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
  { dialler, payerText }: { dialler: Msisdn; payerText: string },
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
  for (const msisdn of [...new Set([dialler, payer])].sort()) {
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
  { dialler, payer }: PaymentRequest,
  sinceMs: number,
  payerBlocksPrompts: boolean,
): Promise<History> {
  const since = { createdAtMs: MoreThanOrEqual(sinceMs) };
  const newest = { order: { createdAtMs: 'DESC' as const }, take: MOST_HISTORY };
  const ofPayer: Past[] = await tx.manager.find(PaymentSchema, { where: { payer, ...since }, ...newest });
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
      const payment = await insertPayment(deps, tx, request);
      return { kind: 'requested', payment: viewOf(await startPrompt(deps, tx, payment), null) };
    }
    default:
      return unreachable(judgement);
  }
}

const MOST_DRAWS = 5;

async function insertPayment(deps: PaymentDeps, tx: Tx, request: PaymentRequest): Promise<Payment> {
  const payment: Payment = {
    ...blankPayment(deps),
    channel: 'ussd',
    requestKey: request.turnKey,
    sessionKey: request.sessionKey,
    billerId: request.billerId,
    account: request.account,
    holder: request.holder.slice(0, 64),
    amountMinor: request.amount.amountMinor,
    currency: request.amount.currency,
    dialler: request.dialler,
    payer: request.payer,
    language: request.language,
  };
  // The request key cannot be taken (its people are locked): what is taken is the reference, and it is drawn again.
  for (let draws = 1; !(await tx.insertOnce(PaymentSchema, payment)); draws += 1) {
    invariant(draws < MOST_DRAWS, 'no free reference was drawn');
    payment.reference = newReference(deps.runtime.chance);
  }
  await recordPaymentEvent(deps, tx, payment.id, 'none', payment.state, { actor: 'dialler', reason: 'confirmed' });
  return payment;
}

export function blankPayment({ runtime }: Pick<PaymentDeps, 'runtime'>): Payment {
  return {
    id: runtime.ids.next(),
    reference: newReference(runtime.chance),
    channel: 'ussd',
    requestKey: '',
    sessionKey: null,
    billerId: null,
    account: '',
    holder: '',
    amountMinor: 0n,
    currency: '',
    dialler: null,
    payer: null,
    language: '',
    state: 'requested',
    reason: null,
    transferId: null,
    operatorReceipt: null,
    billerReference: null,
    units: null,
    balanceMinor: null,
    debtTakenMinor: null,
    postingSinceMs: null,
    createdAtMs: runtime.clock.now(),
    collectedAtMs: null,
    postedAtMs: null,
  };
}

async function hold(deps: PaymentDeps, tx: Tx, payment: Payment, reason: string): Promise<Payment> {
  await deps.outbox.emit(tx, {
    topic: paymentTopic.expireHold,
    key: payment.id,
    payload: { paymentId: payment.id },
    dueAtMs: payment.createdAtMs + deps.paymentSettings.holdMs,
  });
  return movePayment(deps, tx, payment, 'held', { actor: 'service', reason }, { reason });
}

/** From here on the payer will be asked; also how a hold is released. */
export async function startPrompt(deps: PaymentDeps, tx: Tx, payment: Payment, actor = 'service'): Promise<Payment> {
  invariant(payment.payer, 'somebody is asked to pay');
  const amount: Money = { amountMinor: payment.amountMinor, currency: payment.currency };
  const transfer = await requestTransfer(deps, tx, {
    operator: deps.paymentSettings.operator,
    reference: payment.reference,
    purpose: 'payment',
    purposeId: payment.id,
    amount,
    payer: payment.payer,
  });
  const cause = { actor, reason: 'the payer is asked' };
  return movePayment(deps, tx, payment, 'prompting', cause, { transferId: transfer.id, reason: null });
}

/** The USSD session of a confirmed payment has ended: its prompt need not wait any longer. */
export async function promptNow(deps: PaymentDeps, { sessionKey }: { sessionKey: string }): Promise<void> {
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { sessionKey, state: 'prompting' } });
  if (!payment?.transferId) return;
  const { transferId } = payment;
  await deps.database.transaction((tx) => promptTransferNow(deps, tx, transferId));
}

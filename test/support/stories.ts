import { type Payment, type PaymentRequest, requestPayment } from '../../src/domain/payments/index.ts';
import { type Money, type Msisdn, Refusal } from '../../src/kernel/index.ts';
import type { Transfer } from '../../src/money/transfers/index.ts';
import { c2bConfirmation, stkCallback } from './daraja-bodies.ts';
import { type Domain, newMsisdn, newReceipt, requestOf } from './domain-deps.ts';
import { idsOf, kes } from './fake-providers.ts';

/** A confirmed payment whose prompt has been sent. */
export interface Prompted {
  payment: Payment;
  transfer: Transfer;
  payer: Msisdn;
}

type Dialled = Partial<PaymentRequest> & { dialler?: Msisdn };

/** Confirms a payment; its prompt has not gone out yet. */
export async function confirm(domain: Domain, request: Dialled = {}): Promise<Prompted> {
  const dialler = request.dialler ?? newMsisdn();
  const requested = await requestPayment(domain.deps, requestOf({ dialler, ...request }));
  if (requested.kind === 'recent-same') throw new Error('a payment was expected, not a repeat');
  return current(domain, requested.payment.id);
}

/** Confirms a payment and lets its prompt go out. */
export async function prompt(domain: Domain, request: Dialled = {}): Promise<Prompted> {
  const { payment } = await confirm(domain, request);
  await domain.runFor(3_000);
  return current(domain, payment.id);
}

export async function current(domain: Domain, paymentId: string): Promise<Prompted> {
  const payment = await domain.payment({ id: paymentId });
  const transfer = await domain.transfer({ purposeId: paymentId, purpose: 'payment' });
  return { payment, transfer, payer: payment.payer as Msisdn };
}

/** The operator's callback of a prompt that was paid, at the address with the transfer's token. */
export async function payByCallback(
  domain: Domain,
  { transfer, payer }: Pick<Prompted, 'transfer' | 'payer'>,
  { receipt = newReceipt(), amount = kes(500) }: { receipt?: string; amount?: Money } = {},
): Promise<string> {
  const { checkoutRequestId } = idsOf(transfer.reference);
  const paid = { amount, receipt, payer, atMs: domain.clock.now() };
  await domain.arrive('stk', stkCallback({ checkoutRequestId, paid }), transfer.callbackToken);
  return receipt;
}

/** The operator's callback of a prompt that was not paid. */
export async function failByCallback(
  domain: Domain,
  { transfer }: Pick<Prompted, 'transfer'>,
  code: number,
): Promise<void> {
  const { checkoutRequestId } = idsOf(transfer.reference);
  await domain.arrive('stk', stkCallback({ checkoutRequestId, code, description: 'no' }), transfer.callbackToken);
}

/** A confirmation that money came to the paybill; of the demo's water account unless another is given. */
export async function payAtPaybill(
  domain: Domain,
  input: { account?: string; msisdn: string; receipt?: string; amount?: Money },
): Promise<string> {
  const { account = '100200300', receipt = newReceipt(), amount = kes(500), msisdn } = input;
  await domain.arrive('c2b', c2bConfirmation({ receipt, amount, account, msisdn, atMs: domain.clock.now() }));
  return receipt;
}

/** `+254711000126` as the wire masks it. */
export const masked = (msisdn: string): string => `${msisdn.slice(1, 5)} ***** ${msisdn.slice(-3)}`;

/** The business's no that the work must end in. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const [result] = await Promise.allSettled([work]);
  if (result?.status !== 'rejected' || !(result.reason instanceof Refusal)) {
    throw new Error(`a refusal was expected, and not ${result?.status === 'rejected' ? result.reason : 'a success'}`);
  }
  return result.reason;
}

import { In, MoreThanOrEqual } from 'typeorm';
import { invariant, type Money, type Msisdn, Refusal } from '../../kernel/index.ts';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import { awaitsToken } from './await-token.ts';
import type { PaymentDeps } from './deps.ts';
import { type Payment, PaymentSchema } from './payment.ts';

/** A payment's state in the customer's terms; each has its words in the texts `states.*`. */
export type Situation =
  | 'held'
  | 'asking'
  | 'unknown'
  | 'collected'
  /** The biller has booked it, and its prepaid token is not there yet. */
  | 'token-due'
  | 'posted'
  | 'suspense'
  | 'refund-due'
  | 'refunded'
  | 'failed'
  | 'expired';

export interface PaymentView {
  id: string;
  reference: string;
  billerId: string | null;
  account: string;
  /** Masked. */
  holder: string;
  amount: Money;
  situation: Situation;
  /** Text id of the reason, when there is one. */
  reason?: string;
  operatorReceipt?: string;
  createdAtMs: number;
  payer: Msisdn | null;
  dialler: Msisdn | null;
}

export function viewOf(payment: Payment, transfer: Transfer | null): PaymentView {
  return {
    id: payment.id,
    reference: payment.reference,
    billerId: payment.billerId,
    account: payment.account,
    holder: payment.holder,
    amount: { amountMinor: payment.amountMinor, currency: payment.currency },
    situation: situationOf(payment, transfer),
    ...(payment.reason ? { reason: payment.reason } : {}),
    ...(payment.operatorReceipt ? { operatorReceipt: payment.operatorReceipt } : {}),
    createdAtMs: payment.createdAtMs,
    payer: payment.payer,
    dialler: payment.dialler,
  };
}

function situationOf(payment: Payment, transfer: Transfer | null): Situation {
  const { state } = payment;
  if (awaitsToken(payment)) return 'token-due';
  if (state !== 'requested' && state !== 'prompting') return state;
  switch (transfer?.state) {
    case 'unknown':
      return 'unknown';
    // The transfer is a step ahead of the payment for a moment: the truth is the transfer's.
    case 'succeeded':
      return 'collected';
    case 'failed':
      return 'failed';
    default:
      return 'asking';
  }
}

type Reader = Database['reader'];

async function withTransfers(reader: Reader, payments: Payment[]): Promise<PaymentView[]> {
  const ids = payments.flatMap(({ transferId }) => (transferId ? [transferId] : []));
  const transfers = ids.length > 0 ? await reader.findBy(TransferSchema, { id: In(ids) }) : [];
  const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  return payments.map((payment) => viewOf(payment, byId.get(payment.transferId ?? '') ?? null));
}

/** What is older belonged to the number's former owner. */
async function ownerSince(reader: Reader, msisdn: Msisdn): Promise<number> {
  return (await reader.findOne(CustomerSchema, { where: { msisdn } }))?.ownerSinceMs ?? 0;
}

/** One payment of this number; another's does not exist for it. */
export async function getPayment(
  deps: Pick<PaymentDeps, 'database'>,
  { id, msisdn }: { id: string; msisdn: Msisdn },
): Promise<PaymentView> {
  const { reader } = deps.database;
  const payment = await reader.findOne(PaymentSchema, { where: { id } });
  const isHis = payment?.dialler === msisdn || payment?.payer === msisdn;
  if (!payment || !isHis || payment.createdAtMs < (await ownerSince(reader, msisdn))) {
    throw new Refusal('payment.not-found');
  }
  const [view] = await withTransfers(reader, [payment]);
  return view as PaymentView;
}

/** The payment that a form on the web confirmed. Nobody is asked who he is: the key is the secret of whoever filled it in. */
export async function findWebPayment(
  deps: Pick<PaymentDeps, 'database'>,
  { requestKey }: { requestKey: string },
): Promise<PaymentView | undefined> {
  const { reader } = deps.database;
  const payment = await reader.findOne(PaymentSchema, { where: { requestKey, channel: 'web' } });
  if (!payment) return undefined;
  const [view] = await withTransfers(reader, [payment]);
  return view;
}

const MOST_VIEWS = 500;

/** The payments of these ids as they are now, in any order; at most 500 at once. */
export async function viewPayments(
  deps: Pick<PaymentDeps, 'database'>,
  ids: readonly string[],
): Promise<PaymentView[]> {
  invariant(ids.length <= MOST_VIEWS, 'too many payments at once');
  const { reader } = deps.database;
  return withTransfers(reader, ids.length > 0 ? await reader.findBy(PaymentSchema, { id: In([...ids]) }) : []);
}

/** One payment of this number by our reference or the operator's receipt number; the newest one without any. */
export async function findPayment(
  deps: Pick<PaymentDeps, 'database'>,
  { msisdn, reference }: { msisdn: Msisdn; reference?: string },
): Promise<PaymentView | undefined> {
  if (reference === undefined) return (await listPayments(deps, { msisdn, limit: 1 }))[0];
  const { reader } = deps.database;
  const createdAtMs = MoreThanOrEqual(await ownerSince(reader, msisdn));
  const named = [{ reference: reference.slice(0, 12) }, { operatorReceipt: reference.slice(0, 24) }];
  const payment = await reader.findOne(PaymentSchema, {
    where: named.flatMap((name) => [
      { ...name, dialler: msisdn, createdAtMs },
      { ...name, payer: msisdn, createdAtMs },
    ]),
  });
  const [view] = payment ? await withTransfers(reader, [payment]) : [];
  return view;
}

/** What the number dialled or paid, newest first. */
export async function listPayments(
  deps: Pick<PaymentDeps, 'database'>,
  { msisdn, limit }: { msisdn: Msisdn; limit: number },
): Promise<PaymentView[]> {
  const { reader } = deps.database;
  const newest = { order: { createdAtMs: 'DESC' as const }, take: limit };
  const createdAtMs = MoreThanOrEqual(await ownerSince(reader, msisdn));
  const dialled = await reader.find(PaymentSchema, { where: { dialler: msisdn, createdAtMs }, ...newest });
  const paid = await reader.find(PaymentSchema, { where: { payer: msisdn, createdAtMs }, ...newest });
  const unique = [...new Map([...dialled, ...paid].map((payment) => [payment.id, payment])).values()];
  unique.sort((one, other) => other.createdAtMs - one.createdAtMs);
  return withTransfers(reader, unique.slice(0, limit));
}

const UNDER_WAY_FOR_MS = 24 * 3_600_000;

/** Asked at every dialling, and nearly always without a row: as `find` it would cost three times as much. */
const NEWEST_UNDER_WAY = `
  SELECT id FROM payment
  WHERE dialler = ? AND created_at >= ? AND state IN ('held', 'prompting', 'collected')
  ORDER BY created_at DESC LIMIT 1`;

/** The newest payment that this number dialled and that has no end yet. */
export async function paymentUnderWay(
  deps: Pick<PaymentDeps, 'database' | 'runtime'>,
  { msisdn }: { msisdn: Msisdn },
): Promise<PaymentView | undefined> {
  const { reader } = deps.database;
  const since = deps.runtime.clock.now() - UNDER_WAY_FOR_MS;
  const [found]: { id: string }[] = await reader.query(NEWEST_UNDER_WAY, [msisdn, since]);
  if (!found) return undefined;
  const payment = await reader.findOne(PaymentSchema, { where: { id: found.id } });
  if (!payment) return undefined;
  const [view] = await withTransfers(reader, [payment]);
  return view?.situation === 'failed' ? undefined : view;
}

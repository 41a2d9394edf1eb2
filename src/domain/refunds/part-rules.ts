import { invariant, type Money, type Msisdn, Refusal, roundUpToMajor, sameMoney } from '../../kernel/index.ts';
import type { Transfer } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { PayoutOperator } from '../../providers/operators/index.ts';
import { CustomerSchema, LAPSE_AFTER_MS } from '../customers/index.ts';
import { heldForPayer, type Payment } from '../payments/index.ts';
import type { PartDeps } from './deps.ts';
import type { Refund } from './refund.ts';

/**
 * Whether a part of this money may be given back. A biller takes a booking back whole or not at all (its contract knows nothing else),
 * and what it is about to book it books whole: so a part is given back only of what lies with us, in suspense, owed or come a second
 * time. It is paid out to a number instead of taken back by a receipt: that number must be known, and still his who paid. Refuses with
 * `refund.part-with-biller`, `refund.part-not-set-up`, `refund.part-whole-units`, `refund.part-no-number` and `refund.part-other-owner`.
 */
export async function checkPart(
  deps: PartDeps,
  tx: Tx,
  { payment, transfer, amount }: { payment: Payment; transfer: Transfer; amount: Money },
): Promise<void> {
  if (isOfPayment({ transferId: transfer.id }, payment) && heldForPayer(payment) === undefined) {
    throw new Refusal('refund.part-with-biller');
  }
  if (!payoutOperatorFor(deps, transfer)) throw new Refusal('refund.part-not-set-up');
  if (!sameMoney(roundUpToMajor(amount), amount)) throw new Refusal('refund.part-whole-units');
  if (transfer.payer === null) throw new Refusal('refund.part-no-number');
  if (!(await isStillHis(deps, tx, transfer.payer, transfer))) throw new Refusal('refund.part-other-owner');
}

/** Second money is no biller's business. */
export const isOfPayment = ({ transferId }: Pick<Refund, 'transferId'>, payment: Payment): boolean =>
  transferId === payment.transferId;

/** Who pays the customers of the operator that brought the money. */
export function payoutOperatorFor(
  { payoutOperators }: Pick<PartDeps, 'payoutOperators'>,
  { operator, currency }: Pick<Transfer, 'operator' | 'currency'>,
): PayoutOperator | undefined {
  return [...payoutOperators.values()].find(
    (payer) => payer.network === operator && payer.currency === currency && payer.shortCode !== undefined,
  );
}

/** To whom a part goes; undefined where nobody is known any more, or the number has another owner by now. */
export async function recipientOf(deps: PartDeps, tx: Tx, transfer: Transfer): Promise<Msisdn | undefined> {
  const { payer } = transfer;
  return payer !== null && (await isStillHis(deps, tx, payer, transfer)) ? payer : undefined;
}

/** Numbers are given to others after they were idle: what was paid before belongs to the former owner. */
async function isStillHis({ runtime }: PartDeps, tx: Tx, payer: Msisdn, transfer: Transfer): Promise<boolean> {
  invariant(transfer.completedAtMs !== null, 'money that came has its time');
  const paidAtMs = transfer.completedAtMs;
  const customer = await tx.findOne(CustomerSchema, { msisdn: payer });
  if ((customer?.ownerSinceMs ?? 0) > paidAtMs) return false;
  return runtime.clock.now() - Math.max(paidAtMs, customer?.lastSeenAtMs ?? 0) <= LAPSE_AFTER_MS;
}

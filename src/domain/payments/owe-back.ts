import { invariant } from '../../kernel/index.ts';
import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { CancelAnswer } from '../../providers/billers/index.ts';
import { connectorOf } from '../accounts/index.ts';
import type { PaymentDeps } from './deps.ts';
import { movePayment } from './move-payment.ts';
import type { Payment } from './payment.ts';
import { tellRefundGranted } from './tell-customer.ts';

/** Why it is owed: a refund was agreed to, and not that the biller would not take it. */
const AGREED = 'reasons.refund-agreed';

export function isAgreed({ reason }: Payment): boolean {
  return reason === AGREED;
}

/** Whether the biller may have booked it, so that it must give it up before anything is paid back. */
export function mustCancelFirst({ state, postingSinceMs }: Payment): boolean {
  return state === 'posted' || (state === 'collected' && postingSinceMs !== null);
}

/** Has the biller take its booking back, or prove that it never made one. Idempotent; not within a transaction. */
export function askToCancel(deps: PaymentDeps, payment: Payment): Promise<CancelAnswer> {
  invariant(payment.billerId, 'only a biller has booked something');
  return connectorOf(deps, payment.billerId).cancel(payment.reference);
}

/** The biller has nothing of it (any more): the money is owed to whoever paid, who hears that it comes back. */
export async function oweBack(deps: PaymentDeps, tx: Tx, payment: Payment, actor: string): Promise<Payment> {
  const { id, amountMinor, currency } = payment;
  await postEntry(deps, tx, {
    kind: 'owed-back',
    subjectId: id,
    movements: [{ debit: holderOf(payment), credit: ledgerAccount.owedToCustomers, amount: { amountMinor, currency } }],
  });
  const cause = { actor, reason: 'a refund was agreed to' };
  const owed = await movePayment(deps, tx, payment, 'refund-due', cause, { reason: AGREED });
  await tellRefundGranted(deps, tx, owed);
  return owed;
}

/** Where the money stands of which a part may be given back: with us, and no biller has it or will have it. Undefined for any other. */
export function heldForPayer({ state }: Pick<Payment, 'state'>): string | undefined {
  if (state === 'suspense') return ledgerAccount.suspense;
  return state === 'refund-due' ? ledgerAccount.owedToCustomers : undefined;
}

/** The last part of it went back. */
export async function closeRefunded(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const cause = { actor: 'operator', reason: 'all of it was paid back, in parts' };
  await movePayment(deps, tx, payment, 'refunded', cause, { reason: 'reasons.reversed' });
}

/** A part of it came back to us. */
export async function reopenRefunded(deps: PaymentDeps, tx: Tx, payment: Payment): Promise<void> {
  const cause = { actor: 'operator', reason: 'a part that was paid back has come back' };
  await movePayment(deps, tx, payment, 'refund-due', cause, { reason: AGREED });
}

function holderOf({ state, billerId }: Payment): string {
  switch (state) {
    case 'posted':
      return ledgerAccount.payable(billerId ?? '');
    case 'suspense':
      return ledgerAccount.suspense;
    default:
      invariant(state === 'collected', `nothing can be owed of a payment that is ${state}`);
      return ledgerAccount.collectedUnposted;
  }
}

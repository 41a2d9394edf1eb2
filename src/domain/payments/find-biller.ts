import { lookUpAccount } from '../accounts/index.ts';
import type { PaymentDeps } from './deps.ts';
import { PaymentSchema } from './payment.ts';

const LOOKUP_TIMEOUT_MS = 10_000;

/** What the payer meant by the account that he typed at the paybill; undefined when it fits no biller. */
export async function findBillerOfPaybill(
  deps: PaymentDeps,
  typed: string,
): Promise<{ billerId: string; account: string } | undefined> {
  const account = typed.replace(/[\s-]/g, '');
  const fitting = deps.billers.fitting(account);
  const [only] = fitting;
  if (only && fitting.length === 1) return { billerId: only.id, account };
  for (const biller of fitting) {
    const lookup = await lookUpAccount(deps, { billerId: biller.id, account, timeoutMs: LOOKUP_TIMEOUT_MS });
    if (lookup.kind === 'found') return { billerId: biller.id, account };
    // Not knowing is not "no": the outbox asks again.
    if (lookup.kind === 'slow' || lookup.kind === 'unavailable') throw new Error(`${biller.id} does not answer`);
  }
  return findByOurReference(deps, account);
}

/** He typed our reference of an earlier payment, and paid another amount: it is for the same account. */
async function findByOurReference(
  deps: PaymentDeps,
  typed: string,
): Promise<{ billerId: string; account: string } | undefined> {
  const reference = typed.toUpperCase().slice(0, 12);
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { reference } });
  return payment?.billerId ? { billerId: payment.billerId, account: payment.account } : undefined;
}

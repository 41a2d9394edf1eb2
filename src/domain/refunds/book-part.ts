import { invariant } from '../../kernel/index.ts';
import { LedgerEntrySchema, LedgerPostingSchema, ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Transfer } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { heldForPayer, type Payment } from '../payments/index.ts';
import type { PartDeps } from './deps.ts';
import { isOfPayment } from './part-rules.ts';
import type { Refund } from './refund.ts';

const RESERVED = 'refund-reserved';

/** Where the money of a part stands before it is set aside; undefined: no part of it may be given back. */
export function holderOfPart(refund: Refund, payment: Payment): string | undefined {
  return isOfPayment(refund, payment) ? heldForPayer(payment) : ledgerAccount.owedToCustomers;
}

/** Set aside for a payout, from where it stood. `subjectId`: of the fact, which is booked once. */
export async function setAside(
  deps: PartDeps,
  tx: Tx,
  refund: Refund,
  { subjectId, holder, operator }: { subjectId: string; holder: string; operator: string },
): Promise<void> {
  const { amountMinor, currency } = refund;
  await postEntry(deps, tx, {
    ...{ kind: RESERVED, subjectId },
    movements: [{ debit: holder, credit: ledgerAccount.reserved(operator), amount: { amountMinor, currency } }],
  });
}

/** It was not paid, or came back. `subjectId`: the transfer that says so. */
export async function putBack(
  deps: PartDeps,
  tx: Tx,
  refund: Refund,
  { subjectId, holder, operator }: { subjectId: string; holder: string; operator: Transfer['operator'] },
): Promise<void> {
  const { amountMinor, currency } = refund;
  await postEntry(deps, tx, {
    ...{ kind: 'refund-unreserved', subjectId },
    movements: [{ debit: ledgerAccount.reserved(operator), credit: holder, amount: { amountMinor, currency } }],
  });
}

/** From where it was set aside, whatever the payment has become since. */
export async function holderBefore(tx: Tx, { id }: Refund): Promise<string> {
  const entry = await tx.findOne(LedgerEntrySchema, { kind: RESERVED, subjectId: id });
  const postings = entry ? await tx.manager.findBy(LedgerPostingSchema, { entryId: entry.id }) : [];
  const from = postings.find(({ amountMinor }) => amountMinor > 0n);
  invariant(from, 'what is paid out was set aside');
  return from.account;
}

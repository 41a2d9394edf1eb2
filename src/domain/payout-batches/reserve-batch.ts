import type { Money } from '../../kernel/index.ts';
import {
  accountBalance,
  LedgerEntrySchema,
  LedgerPostingSchema,
  ledgerAccount,
  postEntry,
} from '../../money/ledger/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Organisation } from '../organisations/index.ts';
import type { PayoutBatch } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';

/** What it may still spend. A credit balance of the ledger's. */
export async function balanceOf(tx: Pick<Tx, 'manager'>, { id, currency }: Organisation): Promise<bigint> {
  return -(await accountBalance(tx.manager, ledgerAccount.organisation(id), currency));
}

const RESERVED = 'payouts-reserved';

/** What all of its rows together got when others agreed to it, whoever was taken out since: as it was set aside, else as it is. */
export async function approvedTotalOf({ reader }: Database, batch: PayoutBatch): Promise<bigint> {
  const entry = await reader.findOneBy(LedgerEntrySchema, { kind: RESERVED, subjectId: batch.id });
  if (!entry) return batch.totalMinor;
  const account = ledgerAccount.reserved(batch.operator);
  const postings = await reader.findBy(LedgerPostingSchema, { entryId: entry.id, account });
  return postings.reduce((sum, { amountMinor }) => sum - amountMinor, 0n);
}

/** The whole of it leaves the organisation's balance in one entry. */
export async function reserve(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch): Promise<void> {
  const { id, organisationId, operator, totalMinor, currency } = batch;
  const from = ledgerAccount.organisation(organisationId);
  const fees = feesOf(batch);
  await postEntry(deps, tx, {
    kind: RESERVED,
    subjectId: id,
    movements: [
      { debit: from, credit: ledgerAccount.reserved(operator), amount: { amountMinor: totalMinor, currency } },
      ...(fees.amountMinor > 0n
        ? [{ debit: from, credit: ledgerAccount.payoutFees(organisationId), amount: fees }]
        : []),
    ],
  });
}

export function feesOf({ chargesMinor, feeMinor, taxMinor, currency }: PayoutBatch): Money {
  return { amountMinor: chargesMinor + feeMinor + taxMinor, currency };
}

/** Of a batch of which nothing was sent. */
export async function giveBackReserved(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch): Promise<void> {
  const { id, organisationId, operator, totalMinor, currency } = batch;
  const to = ledgerAccount.organisation(organisationId);
  const fees = feesOf(batch);
  await postEntry(deps, tx, {
    kind: 'payouts-released',
    subjectId: id,
    movements: [
      { debit: ledgerAccount.reserved(operator), credit: to, amount: { amountMinor: totalMinor, currency } },
      ...(fees.amountMinor > 0n ? [{ debit: ledgerAccount.payoutFees(organisationId), credit: to, amount: fees }] : []),
    ],
  });
}

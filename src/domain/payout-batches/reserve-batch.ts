import type { Money } from '../../kernel/index.ts';
import { accountBalance, ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Organisation } from '../organisations/index.ts';
import type { PayoutBatch } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';

/** What it may still spend. A credit balance of the ledger's. */
export async function balanceOf(tx: Pick<Tx, 'manager'>, { id, currency }: Organisation): Promise<bigint> {
  return -(await accountBalance(tx.manager, ledgerAccount.organisation(id), currency));
}

/** The whole of it leaves the organisation's balance in one entry. */
export async function reserve(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch): Promise<void> {
  const { id, organisationId, operator, totalMinor, currency } = batch;
  const from = ledgerAccount.organisation(organisationId);
  const fees = feesOf(batch);
  await postEntry(deps, tx, {
    kind: 'payouts-reserved',
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

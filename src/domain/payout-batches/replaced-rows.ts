import { ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { payoutsOfAll } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type PayoutBatch, PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { moveRow } from './move-batch.ts';

/** The rows whose place this one takes, the last first: one that was replaced may have replaced another. */
export async function replacedBy(tx: Tx, { replacesRowId }: PayoutRow): Promise<string[]> {
  const ids: string[] = [];
  for (let id = replacesRowId; id !== null && !ids.includes(id); ) {
    ids.push(id);
    id = (await tx.findOne(PayoutRowSchema, { id }))?.replacesRowId ?? null;
  }
  return ids;
}

/** Whether one of these rows was paid, or may have been. */
export async function hasPaid(tx: Tx, rowIds: readonly string[]): Promise<boolean> {
  return (await payoutsOfAll(tx, rowIds)).some(({ state }) => state !== 'failed');
}

/** What it takes the place of was paid after all: it is taken out, and what was set aside for it goes back. Row and batch are locked. */
export async function dropReplacing(
  deps: PayoutBatchDeps,
  tx: Tx,
  { id, operator, organisationId }: PayoutBatch,
  row: PayoutRow,
): Promise<void> {
  const { amountMinor, currency } = row;
  await moveRow(deps, tx, row, 'excluded', { actor: 'service', reason: 'what it replaces was paid after all' });
  await postEntry(deps, tx, {
    ...{ kind: 'payout-replaced', subjectId: row.id },
    movements: [
      {
        debit: ledgerAccount.reserved(operator),
        credit: ledgerAccount.organisation(organisationId),
        amount: { amountMinor, currency },
      },
    ],
  });
  const batch = await tx.findOne(PayoutBatchSchema, { id });
  if (!batch) return;
  const left = { rows: batch.rows - 1, totalMinor: batch.totalMinor - amountMinor };
  await tx.update(PayoutBatchSchema, { id }, left);
}

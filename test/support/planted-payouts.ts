import { type Organisation, OrganisationSchema } from '../../src/domain/organisations/index.ts';
import {
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
} from '../../src/domain/payout-batches/index.ts';
import { type Msisdn, newReference, type Runtime, systemRuntime } from '../../src/kernel/index.ts';
import { ledgerAccount, postEntries } from '../../src/money/ledger/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { makeOutbox } from '../../src/platform/outbox/index.ts';
import { bulkInsert } from './bulk-insert.ts';
import { newOrganisation } from './planted-batches.ts';

const { ids, chance } = systemRuntime;
const CURRENCY = 'KES';

/** Each gets so much: whole shillings. */
export const EACH_MINOR = 1_000n;

/** Rows of one commit. */
const TOGETHER = 5_000;

/**
 * A batch that was approved and whose money is set aside, with the work of paying it: the service pays it from here on. `first` makes
 * the recipients those of no other batch. Of an organisation that is there, or of a new one.
 */
export async function plantFundedBatch(
  database: Database,
  {
    rows,
    first = 0,
    organisation: known,
    runtime = systemRuntime,
  }: { rows: number; first?: number; organisation?: Organisation; runtime?: Runtime },
): Promise<PayoutBatch> {
  const organisation = known ?? newOrganisation();
  const totalMinor = BigInt(rows) * EACH_MINOR;
  const batch = fundedBatch(organisation.id, rows, totalMinor, runtime.clock.now());
  await database.transaction(async (tx) => {
    if (!known) await tx.insert(OrganisationSchema, organisation);
    await tx.insert(PayoutBatchSchema, batch);
    const [float, own, reserved] = [
      ledgerAccount.float('mpesa', organisation.shortCode),
      ledgerAccount.organisation(organisation.id),
      ledgerAccount.reserved('mpesa'),
    ];
    const amount = { amountMinor: totalMinor, currency: CURRENCY };
    await postEntries({ runtime }, tx, [
      { kind: 'deposit', subjectId: batch.id, movements: [{ debit: float, credit: own, amount }] },
      { kind: 'payouts-reserved', subjectId: batch.id, movements: [{ debit: own, credit: reserved, amount }] },
    ]);
  });
  for (let at = 0; at < rows; at += TOGETHER) {
    const some = Array.from({ length: Math.min(TOGETHER, rows - at) }, (_, index) =>
      readyRow(batch.id, at + index + 1, first + at + index),
    );
    await database.transaction(({ manager }) => bulkInsert(manager, PayoutRowSchema, some));
  }
  await database.refreshStatistics('payout_row');
  const outbox = makeOutbox(runtime, database);
  await database.transaction((tx) =>
    outbox.beginAnew(tx, { topic: 'payout-batch.run', key: batch.id, payload: { batchId: batch.id } }),
  );
  return batch;
}

function fundedBatch(organisationId: string, rows: number, totalMinor: bigint, now: number): PayoutBatch {
  return {
    ...{ id: ids.next(), organisationId, number: `B${newReference(chance).slice(1)}`, name: 'Salaries of November' },
    ...{ purpose: 'salary', currency: CURRENCY, operator: 'mpesa', state: 'funded', version: 1, contentHash: null },
    ...{ listId: null, titles: null, previousId: null, scheduleId: null, rows, totalMinor, chargesMinor: 0n },
    ...{ feeMinor: 0n, taxMinor: 0n, reservedAtMs: now, makers: '["somebody"]', approvalId: null, hours: 'at-once' },
    ...{ notBeforeMs: null, pauseReason: null, pauseDetail: null, pausedBy: null, pausedAtMs: null },
    ...{ hashForm: null, stopReason: null, leftOutRows: null, leftOutMinor: null },
    ...{ createdAtMs: now, submittedAtMs: now, approvedAtMs: now, startedAtMs: null, finishedAtMs: null },
    closedAtMs: null,
  };
}

function readyRow(batchId: string, rowNo: number, person: number): PayoutRow {
  return {
    ...{ id: ids.next(), batchId, rowNo, state: 'ready', amountMinor: EACH_MINOR, currency: CURRENCY },
    ...{ msisdn: recipientOf(person), name: `Payee ${rowNo}`, reference: `E-${rowNo}`, extra: null, warnings: null },
    ...{ transferId: null, receipt: null, failureCause: null, paidAtMs: null },
    ...{ changedAtMs: systemRuntime.clock.now(), askedAtMs: null, answer: null, answeredAtMs: null, untoldAtMs: null },
    ...{ nameScore: null, replacesRowId: null },
  };
}

const recipientOf = (person: number) => `+2547${String(person).padStart(8, '0')}` as Msisdn;

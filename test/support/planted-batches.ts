import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Organisation, OrganisationSchema, rulesOf } from '../../src/domain/organisations/index.ts';
import { PayoutAnswerSchema } from '../../src/domain/payout-answers/index.ts';
import {
  BatchEventSchema,
  type BatchState,
  ClaimEventSchema,
  type PayoutBatch,
  PayoutBatchSchema,
  PayoutClaimSchema,
  PayoutRowSchema,
  PayoutScheduleSchema,
  RowEventSchema,
  type RowState,
  ScheduleEventSchema,
  ScheduleRunSchema,
} from '../../src/domain/payout-batches/index.ts';
import { loadListWords, readPayoutList } from '../../src/domain/payout-lists/index.ts';
import { type Msisdn, newReference, systemRuntime } from '../../src/kernel/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';

const { ids, chance } = systemRuntime;

/** An organisation that may pay; what is not given is as its simplest. */
export function newOrganisation(change: Partial<Organisation> = {}): Organisation {
  return {
    ...{ id: ids.next(), name: 'Kilimo Distributors', registrationNumber: ids.next(), state: 'active' },
    ...{ currency: 'KES', country: 'KE', language: 'en', operator: 'mpesa', shortCode: null, sealedInitiator: null },
    ...{ contactName: 'Mary Njeri', contactEmail: 'mary@kilimo.example', contactPhone: '+254711999001' as Msisdn },
    ...{ leastMinor: 1_000n, mostMinor: 25_000_000n, mostBatchMinor: 10_000_000_000n, mostRows: 100_000 },
    ...{ mostDayMinor: 50_000_000_000n, purposes: 'salary sales-incentive promotion dividend refund' },
    ...{
      approvalBands: null,
      haltReason: null,
      haltDetail: null,
      haltedAtMs: null,
      retriedDay: null,
      retriedMinor: null,
      createdAtMs: Date.now(),
    },
    recipientNews: 'none',
    ...change,
  };
}

export interface PlantedBatches {
  organisation: Organisation;
  /** Their pages. */
  batches: string;
  draft: string;
  ready: string;
  paying: string;
  partlyPaid: string;
  /** With rows to be mended, and one that cannot be read. */
  list: string;
  refused: string;
  /** A row of the batch that is partly paid, and the claim of it. */
  row: string;
  claims: string;
  claim: string;
  schedules: string;
  schedule: string;
}

const FAULTY = [
  'Phone,Amount,Name,Branch',
  '0711000101,1250,Amina Wanjiku,Thika',
  '2.547E+11,900,Otieno Ouma,Kisumu',
  '0711000103,"1,400",Zawadi Mrisho,Mombasa',
  '0711000104,700,,Nakuru',
].join('\n');

/** One batch of each kind that a page shows otherwise, and a list with faults. */
export async function plantBatches(database: Database): Promise<PlantedBatches> {
  const organisation = newOrganisation();
  await database.transaction((tx) => tx.insert(OrganisationSchema, organisation));
  const base = `/console/organisations/${organisation.id}/batches`;
  const before = await plantBatch(database, organisation, 'closed', 'Salaries of October', Array(8).fill('paid'));
  const draft = await plantBatch(database, organisation, 'draft', 'Incentives of week 47', [
    'ready',
    'ready',
    'excluded',
  ]);
  const ready = await plantBatch(database, organisation, 'ready', 'Salaries of November', Array(7).fill('ready'));
  const rows: RowState[] = ['paid', 'paid', 'paid', 'paid', 'failed', 'unknown', 'queued', 'ready', 'ready'];
  const paying = await plantBatch(database, organisation, 'paying', 'Dividends of the third quarter', rows);
  const partly = await plantBatch(database, organisation, 'partly-paid', 'Promotion at the coast', [
    'paid',
    'failed',
    'paid',
    'failed',
  ]);
  const path = (batch: PayoutBatch) => `${base}/${batch.id}`;
  return {
    ...{ organisation, batches: base, draft: path(draft), ready: path(ready), paying: path(paying) },
    partlyPaid: path(partly),
    list: `${path(draft)}/lists/${await plantList(database, organisation, FAULTY)}`,
    refused: `${path(draft)}/lists/${await plantList(database, organisation, 'Shop,Town\nDuka,Thika\n')}`,
    row: `${path(partly)}/rows/2`,
    claims: `/console/organisations/${organisation.id}/claims`,
    claim: `/console/organisations/${organisation.id}/claims/${await plantClaim(database, partly)}`,
    schedules: `/console/organisations/${organisation.id}/schedules`,
    schedule: `/console/organisations/${organisation.id}/schedules/${await plantSchedule(database, before)}`,
  };
}

async function plantBatch(
  database: Database,
  { id: organisationId }: Organisation,
  state: BatchState,
  name: string,
  rows: readonly RowState[],
): Promise<PayoutBatch> {
  const now = Date.now();
  const counted = rows.filter((one) => one !== 'excluded');
  const amountOf = (at: number) => 125_000n + BigInt(at) * 1_000n;
  const total = rows.reduce((sum, one, at) => (one === 'excluded' ? sum : sum + amountOf(at)), 0n);
  const started = ['paying', 'partly-paid', 'closed'].includes(state) ? now - 4_000 : null;
  const batch: PayoutBatch = {
    ...{ id: ids.next(), organisationId, number: `B${newReference(chance).slice(1)}`, name, purpose: 'salary' },
    ...{ currency: 'KES', operator: 'mpesa', state, version: 1, contentHash: null, listId: null, titles: null },
    ...{ previousId: null, scheduleId: null, rows: counted.length, totalMinor: total },
    ...{ chargesMinor: 3_300n, feeMinor: 10_000n, taxMinor: 1_600n, reservedAtMs: null, makers: '["somebody"]' },
    ...{ approvalId: null, hours: 'working-hours', notBeforeMs: null, pauseDetail: null, pausedBy: null },
    ...{ pauseReason: state === 'paying' ? ('operator' as const) : null, pausedAtMs: state === 'paying' ? now : null },
    ...{ createdAtMs: now, submittedAtMs: null, approvedAtMs: null, startedAtMs: started, finishedAtMs: null },
    ...{ hashForm: null, stopReason: null, leftOutRows: null, leftOutMinor: null },
    closedAtMs: null,
  };
  await database.transaction(async (tx) => {
    await tx.insert(PayoutBatchSchema, batch);
    await tx.insert(BatchEventSchema, {
      ...{
        id: ids.next(),
        batchId: batch.id,
        fromState: 'none',
        toState: state,
        actor: 'service',
        reason: name,
        atMs: now,
      },
    });
    for (const [at, one] of rows.entries()) {
      const isPaid = one === 'paid';
      await tx.insert(PayoutRowSchema, {
        ...{ id: ids.next(), batchId: batch.id, rowNo: at + 2, state: one, amountMinor: amountOf(at), currency: 'KES' },
        ...{ msisdn: `+2547110002${String(at + 10)}` as Msisdn, name: `Payee ${at + 1}`, reference: `E-${at + 1}` },
        ...{
          extra: null,
          warnings: at === 1 ? 'repeated' : null,
          transferId: null,
          receipt: isPaid ? `SGR${at}PL4NTED` : null,
        },
        ...{
          failureCause: one === 'failed' ? 'not-registered' : null,
          paidAtMs: isPaid ? now : null,
          changedAtMs: now,
        },
        ...{
          nameScore: 96,
          replacesRowId: null,
          askedAtMs: isPaid ? now : null,
          answer: null,
          answeredAtMs: null,
          untoldAtMs: null,
        },
      });
    }
  });
  return batch;
}

/** Of a batch that was paid, with a run that waits for people and one that could not be made. */
async function plantSchedule(database: Database, batch: PayoutBatch): Promise<string> {
  const now = Date.now();
  const id = ids.next();
  await database.transaction(async (tx) => {
    await tx.insert(PayoutScheduleSchema, {
      ...{ id, organisationId: batch.organisationId, name: 'Salaries', state: 'active', createdAtMs: now },
      ...{ rule: JSON.stringify({ every: 'month', day: 25, at: '09:00' }), sourceBatchId: batch.id, amounts: 'last' },
      ...{ hours: 'working-hours', nextAtMs: now + 86_400_000, lastBatchId: batch.id, makerId: 'somebody' },
      ...{ makers: null, standingApprovalId: null, standingMostMinor: null, standingMostRows: null },
      ...{ standingUntilMs: null, standingRecipientsHash: null, standingApprovers: null },
    });
    for (const [dueDay, batchId, outcome, why] of [
      ['2026-09-25', null, 'not-made', 'organisation.not-active'],
      ['2026-10-25', batch.id, 'people', 'standing-none'],
    ] as const) {
      const run = { id: ids.next(), scheduleId: id, dueDay, dueAtMs: now, batchId, outcome, why, changedAtMs: now };
      await tx.insert(ScheduleRunSchema, run);
    }
    await tx.insert(ScheduleEventSchema, {
      ...{ id: ids.next(), scheduleId: id, fromState: 'none', toState: 'active', actor: 'staff:somebody' },
      ...{ reason: 'Salaries', atMs: now },
    });
  });
  return id;
}

/** Of its first row, as far as the operator's case number, with what its page shows when the money is back. */
async function plantClaim(database: Database, { id: batchId, organisationId }: PayoutBatch): Promise<string> {
  const now = Date.now();
  const row = await database.reader.findOneByOrFail(PayoutRowSchema, { batchId, rowNo: 2 });
  const id = ids.next();
  await database.transaction(async (tx) => {
    await tx.insert(RowEventSchema, {
      ...{ id: ids.next(), rowId: row.id, fromState: 'queued', toState: 'paid', actor: 'operator' },
      ...{ reason: row.receipt ?? '', atMs: now },
    });
    await tx.insert(PayoutAnswerSchema, {
      ...{ id: ids.next(), rowId: row.id, batchId, answer: 'no', channel: 'sms', turnKey: ids.next(), atMs: now },
      replacedAtMs: null,
    });
    await tx.update(PayoutRowSchema, { id: row.id }, { answer: 'no', answeredAtMs: now });
    await tx.insert(PayoutClaimSchema, {
      ...{ id, rowId: row.id, batchId, organisationId, state: 'asked', caseNumber: 'C-2026/118' },
      ...{ reason: 'the wrong number', openedBy: 'staff:somebody', openedAtMs: now, changedAtMs: now },
      returnReceipt: 'SGRR3TURNED',
    });
    for (const [fromState, toState, actor] of [
      ['none', 'opened', 'staff:somebody'],
      ['opened', 'asked', 'service'],
    ] as const) {
      const reason = 'by letter to the operator';
      await tx.insert(ClaimEventSchema, { id: ids.next(), claimId: id, fromState, toState, actor, reason, atMs: now });
    }
  });
  return id;
}

async function plantList(database: Database, organisation: Organisation, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-list-'));
  try {
    const path = join(folder, 'list.csv');
    await writeFile(path, content);
    const listWords = loadListWords('menus/payout-lists.yaml', ['en', 'sw', 'fr']);
    const rules = rulesOf(organisation, [{ name: 'mpesa', country: 'KE', hasWholeAmountsOnly: true }]);
    const given = { ownerId: organisation.id, givenBy: 'somebody', path, fileName: 'week-47.csv', rules };
    return (await readPayoutList({ runtime: systemRuntime, database, log: silentLog, listWords }, given)).id;
  } finally {
    await rm(folder, { recursive: true });
  }
}

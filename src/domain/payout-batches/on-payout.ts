import type { Runtime } from '../../kernel/index.ts';
import { LedgerEntrySchema, ledgerAccount, postEntry } from '../../money/ledger/index.ts';
import { type PaidTaker, type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import { gatherWork, type Tx, type UnitOfWork } from '../../platform/database/index.ts';
import { haltPayouts } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from './batch.ts';
import { ROWS_UNDER_WAY } from './batch-states.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { moveBatch, moveRow } from './move-batch.ts';
import { planRun, planTelling } from './plan-batch.ts';
import { tellPeople } from './tell-people.ts';

export interface PayoutNews {
  transferId: string;
  /** What it pays: a row, or something else's. */
  purposeId: string | null;
  causeIsOurs?: boolean;
  wasFailed?: boolean;
}

type News = (news: PayoutNews) => Promise<boolean>;

/** What becomes of payouts that rows of batches asked for. False: not a payout of a batch. */
export interface BatchNews {
  /** The operator proves that it paid. */
  paid: News;
  /** A receipt came after the success. */
  receipt: News;
  /** Proven that nothing was paid: its money goes back, or the row waits again when it is about us and not the recipient. */
  failed: News;
  /** Nobody can say yet: it is asked about, and not sent again. */
  unknown: News;
}

/** News of a long list comes fast: what is there together is taken in together. */
export function batchNews(deps: PayoutBatchDeps): BatchNews {
  const take = (act: Act): News =>
    gatherWork(deps.database, {
      prepare: lockForNews,
      each: (tx, news: PayoutNews) => withRow(deps, tx, news, act),
    });
  return { paid: take(onPaid), receipt: take(onReceipt), failed: take(onFailed), unknown: take(onUnknown) };
}

/**
 * Takes what is paid of rows under way in with the proof of it. All else (another attempt, a row that is decided, what came back) is told
 * by work, and `batchNews` looks at it with its batch.
 */
export function batchTaker(deps: { runtime: Runtime }): PaidTaker {
  return {
    lockFor: (work, rowIds) => work.lockAll(PayoutRowSchema, 'id', rowIds),
    async paid(tx, transfer) {
      const row = transfer.purposeId === null ? null : await tx.lockOne(PayoutRowSchema, { id: transfer.purposeId });
      // No batch is over while a row of it is under way.
      if (row?.transferId !== transfer.id || !ROWS_UNDER_WAY.includes(row.state)) return false;
      await markPaid(deps, tx, row, transfer);
      return true;
    },
  };
}

/** As they are behind the lock of the row. */
interface Found {
  row: PayoutRow;
  batch: PayoutBatch;
  transfer: Transfer;
}

type Act = (deps: PayoutBatchDeps, tx: Tx, found: Found, news: PayoutNews) => Promise<void>;

async function lockForNews(work: UnitOfWork, those: readonly PayoutNews[]): Promise<void> {
  const rowIds = those.map(({ purposeId }) => purposeId ?? null);
  await work.lockAll(PayoutRowSchema, 'id', rowIds);
  const batchIds = new Set<string>();
  for (const id of rowIds) {
    const row = id === null ? null : await work.findOne(PayoutRowSchema, { id });
    if (row) batchIds.add(row.batchId);
  }
  await work.fetchAll(PayoutBatchSchema, 'id', [...batchIds]);
  await work.fetchAll(
    TransferSchema,
    'id',
    those.map(({ transferId }) => transferId),
  );
}

async function withRow(deps: PayoutBatchDeps, tx: Tx, news: PayoutNews, act: Act): Promise<boolean> {
  const { transferId: id, purposeId } = news;
  if (!purposeId) return false;
  const row = await tx.lockOne(PayoutRowSchema, { id: purposeId });
  if (!row) return false;
  const batch = await tx.findOne(PayoutBatchSchema, { id: row.batchId });
  const transfer = await tx.findOne(TransferSchema, { id });
  if (batch && transfer) await act(deps, tx, { row, batch, transfer }, news);
  return true;
}

async function onPaid(deps: PayoutBatchDeps, tx: Tx, { row, batch, transfer }: Found): Promise<void> {
  const transferId = transfer.id;
  if (row.state === 'paid' || row.state === 'reversed') {
    if (row.transferId !== transferId && !(await isBooked(tx, 'payout-overpaid', transferId)))
      await bookOverpaid(deps, tx, batch, row, transferId);
    return;
  }
  // Its money was given back when the failure was proven; it is gone all the same.
  if (row.state === 'failed' || row.state === 'excluded') {
    if (!(await isBooked(tx, TAKEN_AGAIN, transferId))) await takeAgain(deps, tx, batch, row, transfer);
  }
  // Taken over by another batch meanwhile: what was paid here is told there by the break that the transfer has opened.
  if (row.state === 'excluded') {
    await tx.update(PayoutRowSchema, { id: row.id }, paidBy(deps, transfer));
    return;
  }
  await markPaid(deps, tx, row, transfer);
  // Its batch may be over, and nobody looks at it any more.
  if (row.state === 'failed') await planTelling(deps, tx, batch.id);
  await afterEnd(deps, tx, batch);
}

async function markPaid(deps: { runtime: Runtime }, tx: Tx, row: PayoutRow, transfer: Transfer): Promise<void> {
  const cause = { actor: 'operator', reason: transfer.receipt ?? 'no receipt yet' };
  await moveRow(deps, tx, row, 'paid', cause, paidBy(deps, transfer));
}

function paidBy({ runtime }: { runtime: Runtime }, { id, receipt, completedAtMs }: Transfer): Partial<PayoutRow> {
  return { transferId: id, receipt, failureCause: null, paidAtMs: completedAtMs ?? runtime.clock.now() };
}

async function onReceipt(_deps: PayoutBatchDeps, tx: Tx, { row, transfer: { id, receipt } }: Found): Promise<void> {
  if (row.transferId === id && row.state === 'paid') await tx.update(PayoutRowSchema, { id: row.id }, { receipt });
}

async function onFailed(
  deps: PayoutBatchDeps,
  tx: Tx,
  { row, batch, transfer }: Found,
  { causeIsOurs }: PayoutNews,
): Promise<void> {
  // Late news of an attempt that another one has followed.
  if (row.transferId !== transfer.id || transfer.state !== 'failed') return;
  if (row.state !== 'queued' && row.state !== 'submitted' && row.state !== 'unknown') return;
  const reason = `${transfer.resultCode ?? ''} ${transfer.resultDescription ?? ''}`.trim() || 'proven';
  const cause = { actor: 'operator', reason };
  const { failureCause } = transfer;
  if (causeIsOurs) {
    await moveRow(deps, tx, row, 'ready', cause, { failureCause });
    // What waits in the queue is taken back at once: each further try of a wrong credential brings its lock nearer.
    await planRun(deps, tx, batch.id);
    const isFloat = failureCause === 'float-short';
    const isHalted = await haltPayouts(deps, tx, batch.organisationId, {
      reason: isFloat ? 'float-short' : 'operator-refuses-us',
      detail: reason,
      actor: 'operator',
    });
    if (isHalted) await tellPeople(deps, tx, batch, isFloat ? 'float-short' : 'refused', deps.runtime.clock.now());
    return;
  }
  await moveRow(deps, tx, row, 'failed', cause, { failureCause });
  await giveBack(deps, tx, batch, row, transfer.id);
  await afterEnd(deps, tx, batch);
}

async function onUnknown(deps: PayoutBatchDeps, tx: Tx, { row, transfer }: Found): Promise<void> {
  if (row.transferId !== transfer.id || transfer.state !== 'unknown') return;
  if (row.state !== 'queued' && row.state !== 'submitted') return;
  const reason = `${transfer.resultCode ?? ''} ${transfer.resultDescription ?? ''}`.trim() || 'no answer';
  await moveRow(deps, tx, row, 'unknown', { actor: 'operator', reason });
}

const TAKEN_AGAIN = 'payout-taken-again';

/** News may come twice: the process died after it was booked and before it was known to be done. */
async function isBooked(tx: Tx, kind: string, subjectId: string): Promise<boolean> {
  return (await tx.findOne(LedgerEntrySchema, { kind, subjectId })) !== null;
}

/** Booked once a transfer: each failure is proven once. */
async function giveBack(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch, row: PayoutRow, transferId: string) {
  const { operator, organisationId } = batch;
  await postEntry(deps, tx, {
    kind: 'payout-returned',
    subjectId: transferId,
    movements: [
      {
        debit: ledgerAccount.reserved(operator),
        credit: ledgerAccount.organisation(organisationId),
        amount: { amountMinor: row.amountMinor, currency: row.currency },
      },
    ],
  });
}

/** Two attempts of one row have paid: the second had nothing set aside. A break of the transfer tells people. */
async function bookOverpaid(
  deps: PayoutBatchDeps,
  tx: Tx,
  { organisationId, operator }: PayoutBatch,
  { amountMinor, currency }: PayoutRow,
  transferId: string,
): Promise<void> {
  await postEntry(deps, tx, {
    kind: 'payout-overpaid',
    subjectId: transferId,
    movements: [
      {
        debit: ledgerAccount.overpaid(organisationId),
        credit: ledgerAccount.reserved(operator),
        amount: { amountMinor, currency },
      },
    ],
  });
}

/** Paid although its failure was proven: the organisation's balance may fall below zero by it, which is the truth. */
async function takeAgain(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch, row: PayoutRow, { id }: Transfer) {
  await postEntry(deps, tx, {
    kind: TAKEN_AGAIN,
    subjectId: id,
    movements: [
      {
        debit: ledgerAccount.organisation(batch.organisationId),
        credit: ledgerAccount.reserved(batch.operator),
        amount: { amountMinor: row.amountMinor, currency: row.currency },
      },
    ],
  });
}

/** A batch that had ended is not what it was: its state follows its rows. */
async function afterEnd(deps: PayoutBatchDeps, tx: Tx, { id }: PayoutBatch): Promise<void> {
  const known = await tx.findOne(PayoutBatchSchema, { id });
  if (known?.state !== 'partly-paid' && known?.state !== 'paid') return;
  const batch = await tx.lockOne(PayoutBatchSchema, { id });
  if (batch?.state !== 'partly-paid' && batch?.state !== 'paid') return;
  const cause = { actor: 'operator', reason: 'a row of it is decided otherwise since' };
  await moveBatch(deps, tx, batch, 'paying', cause);
  await planRun(deps, tx, id);
}

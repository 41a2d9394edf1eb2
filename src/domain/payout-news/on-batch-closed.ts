import { formatDecimal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { queueMail } from '../mails/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import {
  approvedTotalOf,
  type BatchProgress,
  batchProgress,
  type PayoutBatch,
  PayoutBatchSchema,
} from '../payout-batches/index.ts';
import { announce } from '../webhooks/index.ts';
import type { PayoutNewsDeps } from './deps.ts';

/** Work of `payout-batch.closed`: the organisation's system hears the totals, and its contact where the report is. Each once. */
export async function onBatchClosed(deps: PayoutNewsDeps, { batchId }: { batchId: string }): Promise<void> {
  const { reader } = deps.database;
  const batch = await reader.findOneByOrFail(PayoutBatchSchema, { id: batchId });
  const organisation = await reader.findOneByOrFail(OrganisationSchema, { id: batch.organisationId });
  const progress = await batchProgress(deps, batch);
  const approvedMinor = await approvedTotalOf(deps.database, batch);
  await deps.database.transaction(async (tx) => {
    await announceClosed(deps, tx, batch, { progress, approvedMinor });
    await mailClosed(deps, tx, organisation, batch, { progress, approvedMinor });
  });
}

interface Counted {
  progress: BatchProgress;
  /** What all of its rows got together when it was approved. */
  approvedMinor: bigint;
}

const inState = ({ byState }: BatchProgress, state: 'paid' | 'failed' | 'reversed') =>
  byState[state] ?? { rows: 0, totalMinor: 0n };

async function announceClosed(
  deps: PayoutNewsDeps,
  tx: Tx,
  { id: batchId, number, name, organisationId, rows, totalMinor, currency, closedAtMs, ...batch }: PayoutBatch,
  { progress, approvedMinor }: Counted,
): Promise<void> {
  const decimal = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  const [paid, failed] = [inState(progress, 'paid'), inState(progress, 'failed')];
  await announce(deps, tx, {
    ...{ ownerKind: 'organisation', ownerId: organisationId, eventType: 'batch.closed' },
    factKey: `batch.closed:${batchId}`,
    data: {
      ...{ batchId, batch: number, name, rows, total: decimal(totalMinor), paidRows: paid.rows },
      ...{ paidTotal: decimal(paid.totalMinor), failedRows: failed.rows, failedTotal: decimal(failed.totalMinor) },
      ...{ stopped: batch.stopReason, leftOutRows: batch.leftOutRows ?? 0, approvedTotal: decimal(approvedMinor) },
      leftOutTotal: decimal(batch.leftOutMinor ?? 0n),
      ...{ currency, closedAt: new Date(closedAtMs ?? deps.runtime.clock.now()).toISOString() },
    },
  });
}

async function mailClosed(
  deps: PayoutNewsDeps,
  tx: Tx,
  { id, name: organisation, contactEmail, language }: Organisation,
  { id: batchId, number, name, currency, stopReason, leftOutRows, leftOutMinor }: PayoutBatch,
  { progress, approvedMinor }: Counted,
): Promise<void> {
  const { mail, texts, publicUrl } = deps;
  if (!mail) return;
  const [paid, failed] = [inState(progress, 'paid'), inState(progress, 'failed')];
  const values = {
    ...{ organisation, batch: number, name, paidRows: paid.rows, failedRows: failed.rows },
    paidTotal: { amountMinor: paid.totalMinor, currency },
    failedTotal: { amountMinor: failed.totalMinor, currency },
    approvedTotal: { amountMinor: approvedMinor, currency },
    ...{ leftOutRows: leftOutRows ?? 0, leftOutTotal: { amountMinor: leftOutMinor ?? 0n, currency } },
    reason: stopReason ?? '',
    link: `${publicUrl}/console/organisations/${id}/batches/${batchId}`,
  };
  const stopped = stopReason === null ? '' : texts.formatForPrint(language, 'payouts.mail.stopped', values);
  const say = (text: string) => texts.formatForPrint(language, `payouts.mail.${text}`, { ...values, stopped });
  await queueMail({ ...deps, mail }, tx, {
    ...{ factKey: `batch-closed:${batchId}`, to: contactEmail, subject: say('subject'), text: say('text') },
  });
}

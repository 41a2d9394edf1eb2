import { In, MoreThan } from 'typeorm';
import { formatDecimal, maskMsisdn } from '../../kernel/index.ts';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from '../payout-batches/index.ts';
import { announceAll, type Fact } from '../webhooks/index.ts';
import type { PayoutNewsDeps } from './deps.ts';
import { tellRecipients } from './tell-recipients.ts';
import type { ToldRow } from './told-row.ts';

/** Rows of one commit. */
const TOGETHER = 200;
/** How soon it looks again, and how long it waits at most while nothing happens. */
const SOON_MS = 2_000;
const LATEST_MS = 30_000;

export interface Telling {
  batchId: string;
  /** How often in a row there was nothing to tell. */
  idle?: number;
}

/**
 * Work of `payout-batch.deciding`: tells the organisation's system and the recipients of rows that were decided, many in one commit and
 * beside the paying, which it costs nothing. It comes again until the batch is over and everything is told.
 */
export async function tellRows(deps: PayoutNewsDeps, { batchId, idle = 0 }: Telling): Promise<Outcome> {
  const { reader } = deps.database;
  // The batch first: once it is over, what was decided before can be seen.
  const batch = await reader.findOne(PayoutBatchSchema, { where: { id: batchId } });
  if (!batch) return undefined;
  const waiting = await reader.find(PayoutRowSchema, {
    ...{ select: { id: true }, where: { batchId, untoldAtMs: MoreThan(0) }, order: { untoldAtMs: 'ASC' } },
    take: TOGETHER,
  });
  if (waiting.length === 0) {
    if (batch.state !== 'funded' && batch.state !== 'paying') return undefined;
    const inMs = Math.min(SOON_MS * 2 ** idle, LATEST_MS);
    return { again: { inMs, payload: { batchId, idle: Math.min(idle + 1, 10) } } };
  }
  const ids = waiting.map(({ id }) => id);
  await deps.database.transaction((tx) => tellSome(deps, tx, batch, ids));
  return { again: { inMs: waiting.length === TOGETHER ? 0 : SOON_MS, payload: { batchId, idle: 0 } } };
}

async function tellSome(deps: PayoutNewsDeps, tx: Tx, batch: PayoutBatch, ids: readonly string[]): Promise<void> {
  const rows = await takeRows(tx, ids);
  if (rows.length === 0) return;
  const organisation = await tx.findOne(OrganisationSchema, { id: batch.organisationId });
  if (organisation) await tellAll(deps, tx, organisation, batch, rows);
}

/** Each row comes to one of those who tell at once: whoever is second waits here and finds it told. */
async function takeRows(tx: Tx, ids: readonly string[]): Promise<ToldRow[]> {
  const marks = ids.map(() => '?').join(', ');
  await tx.manager.query(`UPDATE payout_row SET untold_at = 0 WHERE id IN (${marks}) AND untold_at > 0`, [...ids]);
  const rows = await tx.manager.find(PayoutRowSchema, { where: { id: In([...ids]), untoldAtMs: 0 } });
  if (rows.length === 0) return [];
  await tx.manager.query(`UPDATE payout_row SET untold_at = NULL WHERE id IN (${marks}) AND untold_at = 0`, [...ids]);
  const transferIds = rows.flatMap(({ transferId }) => transferId ?? []);
  const transfers: Pick<Transfer, 'id' | 'reference'>[] = await tx.manager.find(TransferSchema, {
    ...{ select: { id: true, reference: true }, where: { id: In(transferIds) } },
  });
  const referenceOf = new Map(transfers.map(({ id, reference }) => [id, reference]));
  return rows.map((row) => ({ ...row, ours: referenceOf.get(row.transferId ?? '') ?? null }));
}

async function tellAll(
  deps: PayoutNewsDeps,
  tx: Tx,
  organisation: Organisation,
  batch: PayoutBatch,
  rows: readonly ToldRow[],
): Promise<void> {
  // One that is paid anew meanwhile is told of when that is decided.
  const decided = rows.filter(({ state }) => state === 'paid' || state === 'failed' || state === 'reversed');
  await announceAll(deps, tx, { ownerKind: 'organisation', ownerId: organisation.id }, () =>
    decided.map((row) => factOf(batch, row)),
  );
  const paid = decided.filter(({ state }) => state === 'paid');
  if (organisation.recipientNews !== 'none') await tellRecipients(deps, tx, organisation, paid);
}

function factOf({ id: batchId, number }: PayoutBatch, row: ToldRow): Fact {
  const { id, rowNo, reference, state, msisdn, currency, receipt, failureCause, paidAtMs, transferId } = row;
  return {
    eventType: 'payout.settled',
    factKey: `payout.settled:${id}:${transferId ?? ''}:${state}`,
    data: {
      ...{ batchId, batch: number, rowId: id, row: rowNo, reference, state, phone: maskMsisdn(msisdn) },
      ...{ amount: formatDecimal(row), currency, receipt, failureCause },
      paidAt: paidAtMs === null ? null : new Date(paidAtMs).toISOString(),
    },
  };
}

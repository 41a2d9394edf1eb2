import { createHash } from 'node:crypto';
import { Refusal } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { costOf } from '../funding/index.ts';
import { type Organisation, OrganisationSchema } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema, PayoutRowSchema } from './batch.ts';
import { batchTopic, type PayoutBatchDeps } from './deps.ts';
import { actorText, countIn, refuseHalfFilled } from './make-batch.ts';
import { markRows } from './mark-rows.ts';
import { moveBatch } from './move-batch.ts';

/** Draft to checking, and the work of looking at every row. Refuses with `batch.not-found`, `batch.state`, `batch.half-filled` and `batch.empty`. */
export function checkBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  { batchId, organisationId }: { batchId: string; organisationId: string },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await tx.lockOne(PayoutBatchSchema, { id: batchId });
    if (!batch || batch.organisationId !== organisationId) throw new Refusal('batch.not-found');
    if (batch.state === 'checking') return batch;
    if (batch.state !== 'draft') throw new Refusal('batch.state', { state: batch.state });
    await refuseHalfFilled(tx, batch);
    if (batch.rows === 0) throw new Refusal('batch.empty');
    return beginCheck(deps, tx, actor, batch);
  });
}

/** The same of a draft with rows that is locked. */
export async function beginCheck(
  deps: PayoutBatchDeps,
  tx: Tx,
  actor: Actor,
  batch: PayoutBatch,
): Promise<PayoutBatch> {
  const { id: batchId, version } = batch;
  const key = `${batchId}:${version}:${deps.runtime.ids.next()}`;
  await deps.outbox.emit(tx, { topic: batchTopic.check, key, payload: { batchId } });
  await recordAct(deps, tx, { actor, act: 'batch.checked', subject: { kind: 'payout-batch', id: batchId } });
  return moveBatch(deps, tx, batch, 'checking', { actor: actorText(actor), reason: 'every row is looked at' });
}

/**
 * Work of `payout-batch.check`: marks what a person should see (`markRows`), works out what it costs and the hash of all that is
 * approved. Ends as ready, or as a draft again with the reason: then nothing can be submitted.
 */
export async function lookAtBatch(deps: PayoutBatchDeps, { batchId }: { batchId: string }): Promise<void> {
  const { reader } = deps.database;
  const batch = await reader.findOne(PayoutBatchSchema, { where: { id: batchId } });
  if (batch?.state !== 'checking') return;
  const organisation = await reader.findOneByOrFail(OrganisationSchema, { id: batch.organisationId });
  const fault = await faultOf(deps, batch, organisation);
  if (!fault) await markRows(deps, batch);
  const cost = costOf(deps.payoutRules, batch.operator, await amountsOf(deps.database, batchId));
  const rowsHash = await hashOfRows(deps.database, batch);
  await deps.database.transaction(async (tx) => {
    const current = await tx.lockOne(PayoutBatchSchema, { id: batchId });
    // Another look has ended since, and what it saw was changed.
    if (current?.state !== 'checking' || current.version !== batch.version) return;
    const cause = { actor: 'service', reason: fault ?? 'checked' };
    // A run of a schedule goes on by itself, whatever was found: a person may have to be told.
    if (current.scheduleId !== null) {
      const key = `${batchId}:${deps.runtime.ids.next()}`;
      await deps.outbox.emit(tx, { topic: batchTopic.scheduled, key, payload: { batchId } });
    }
    if (fault) return void (await moveBatch(deps, tx, current, 'draft', cause));
    const counted = await countIn(tx, batchId);
    const { chargesMinor, feeMinor, taxMinor } = cost;
    const totals = { ...counted, chargesMinor, feeMinor, taxMinor, hashForm: WITH_TOTALS };
    const contentHash = contentHashOf(rowsHash, totals);
    await moveBatch(deps, tx, current, 'ready', cause, { ...totals, contentHash });
  });
}

/** What no reason of a person overrides, as a code of the texts; undefined when there is none. */
async function faultOf(
  { database }: PayoutBatchDeps,
  batch: PayoutBatch,
  { mostRows, mostBatchMinor, leastMinor, mostMinor, purposes }: Organisation,
): Promise<string | undefined> {
  if (batch.rows > mostRows) return 'batch-fault.too-many-rows';
  if (batch.totalMinor > mostBatchMinor) return 'batch-fault.total';
  if (!purposes.split(' ').includes(batch.purpose)) return 'batch-fault.purpose';
  const [bound] = await database.reader.query(
    `SELECT MIN(amount_minor) AS least, MAX(amount_minor) AS most FROM payout_row
     WHERE batch_id = ? AND state <> 'excluded'`,
    [batch.id],
  );
  if (BigInt(String(bound?.least ?? leastMinor)) < leastMinor) return 'batch-fault.amount';
  if (BigInt(String(bound?.most ?? mostMinor)) > mostMinor) return 'batch-fault.amount';
  const repeated = await database.reader.query(
    `SELECT msisdn FROM payout_row WHERE batch_id = ? AND state <> 'excluded'
     GROUP BY msisdn, amount_minor HAVING COUNT(*) > 1 LIMIT 1`,
    [batch.id],
  );
  return repeated.length > 0 ? 'batch-fault.repeated' : undefined;
}

/** How many rows of each amount: what charges and fees are counted from. */
export async function amountsOf(
  { reader }: Database,
  batchId: string,
): Promise<{ amountMinor: bigint; rows: number }[]> {
  const groups: { amount_minor: unknown; n: unknown }[] = await reader.query(
    `SELECT amount_minor, COUNT(*) AS n FROM payout_row WHERE batch_id = ? AND state <> 'excluded' GROUP BY amount_minor`,
    [batchId],
  );
  return groups.map(({ amount_minor, n }) => ({ amountMinor: BigInt(String(amount_minor)), rows: Number(n) }));
}

const HASHED_TOGETHER = 5_000;

const WITH_TOTALS = 2;

type Totals = Pick<PayoutBatch, 'rows' | 'totalMinor' | 'chargesMinor' | 'feeMinor' | 'taxMinor' | 'hashForm'>;

/**
 * What is approved, from the hash of the rows: they and the totals of the batch, SHA-256. Of a batch that was checked before totals were
 * hashed it is the hash of the rows.
 */
export function contentHashOf(
  rowsHash: string,
  { rows, totalMinor, chargesMinor, feeMinor, taxMinor, hashForm }: Totals,
) {
  if (hashForm !== WITH_TOTALS) return rowsHash;
  const totals = [totalMinor, chargesMinor, feeMinor, taxMinor].map(String);
  return createHash('sha256')
    .update(JSON.stringify([rowsHash, rows, ...totals]))
    .digest('hex');
}

/** SHA-256 of all that whoever votes says yes to but the totals: each row that counts, and what is paid for, when and as what. */
export async function hashOfRows({ reader }: Database, batch: PayoutBatch): Promise<string> {
  const hash = createHash('sha256');
  const { id, organisationId, purpose, currency, operator, hours, notBeforeMs } = batch;
  hash.update(JSON.stringify([id, organisationId, purpose, currency, operator, hours, notBeforeMs]));
  for (let afterRow = 0; ; ) {
    const rows: Record<string, unknown>[] = await reader.query(
      `SELECT row_no, state, msisdn, amount_minor, name, reference FROM payout_row
       WHERE batch_id = ? AND row_no > ? ORDER BY row_no LIMIT ${HASHED_TOGETHER}`,
      [id, afterRow],
    );
    for (const { row_no, state, msisdn, amount_minor, name, reference } of rows) {
      if (state !== 'excluded') {
        hash.update(JSON.stringify([Number(row_no), msisdn, String(amount_minor), name, reference]));
      }
      afterRow = Number(row_no);
    }
    if (rows.length < HASHED_TOGETHER) return hash.digest('hex');
  }
}

/** What a person must give a reason for: rows with a warning, of rows that count. */
export async function countWarnings(reader: Pick<Database['reader'], 'query'>, batchId: string): Promise<number> {
  const [row] = await reader.query(
    "SELECT COUNT(*) AS n FROM payout_row WHERE batch_id = ? AND warnings IS NOT NULL AND state <> 'excluded'",
    [batchId],
  );
  return Number(row?.n ?? 0);
}

/** A row is taken out, or back in, while the batch is a draft or ready; then it is checked anew. Refuses with `batch.row` when there is none such. */
export function setExcluded(
  deps: PayoutBatchDeps,
  tx: Tx,
  batch: PayoutBatch,
  { rowNo, excluded }: { rowNo: number; excluded: boolean },
): Promise<number> {
  const [from, to] = excluded ? (['ready', 'excluded'] as const) : (['excluded', 'ready'] as const);
  const changedAtMs = deps.runtime.clock.now();
  return tx.update(PayoutRowSchema, { batchId: batch.id, rowNo, state: from }, { state: to, changedAtMs });
}

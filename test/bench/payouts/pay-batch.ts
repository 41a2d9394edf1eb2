import type { Connection } from 'mysql2/promise';
import type { Database } from '../../../src/platform/database/index.ts';
import type { StaffBrowser } from '../../support/console-client.ts';
import { EACH_MINOR, plantFundedBatch } from '../../support/planted-payouts.ts';
import { type CostReader, type Counters, costPer } from '../scale/costs.ts';
import type { Deployment } from '../scale/deployment.ts';

export interface PaidBatch {
  id: string;
  rows: number;
  rowsPerSecond: number;
  perRow: Counters;
  commitsPerRow: number;
  /** Of the batch's page while it was being paid. */
  page: { p50Ms: number; p95Ms: number; looks: number };
  /** Of rows and money that are not as they must be; empty when all is well. */
  wrong: string[];
}

/** As often as the page asks for itself anew. */
const LOOK_EVERY_MS = 1_000;
const MOST_MS_A_ROW = 100;

/** Pays one batch with everything real, and somebody watching its page. */
export async function payBatch(
  { control }: Deployment,
  { costs, database, browser }: { costs: CostReader; database: Database; browser: StaffBrowser },
  { rows, first, planted: begin }: { rows: number; first: number; planted?: () => Promise<void> },
): Promise<PaidBatch> {
  await control.putFloat(BigInt(rows) * EACH_MINOR);
  const batch = await plantFundedBatch(database, { rows, first });
  await begin?.();
  const commitsBefore = await commitsOf(costs.sql);
  const planted = await costs.read();
  const startedMs = performance.now();
  const looks: number[] = [];
  const path = `/console/organisations/${batch.organisationId}/batches/${batch.id}`;
  const endMs = Date.now() + 30_000 + rows * MOST_MS_A_ROW;
  for (let isOver = false; !isOver; ) {
    const lookedMs = performance.now();
    const { status } = await browser.get(path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
    looks.push(performance.now() - lookedMs);
    await until(costs.sql, batch.id, LOOK_EVERY_MS).then((ended) => {
      isOver = ended;
    });
    if (Date.now() > endMs) throw new Error(`a batch of ${rows} rows was not paid in time`);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  const perRow = costPer(planted, await costs.read(), rows);
  const commitsPerRow = ((await commitsOf(costs.sql)) - commitsBefore) / rows;
  looks.sort((one, other) => one - other);
  const at = (share: number) => looks[Math.min(looks.length - 1, Math.floor(looks.length * share))] ?? Number.NaN;
  return {
    ...{ id: batch.id, rows, rowsPerSecond: rows / seconds, perRow, commitsPerRow },
    page: { p50Ms: at(0.5), p95Ms: at(0.95), looks: looks.length },
    wrong: await faultsOf(costs.sql, batch.id, rows),
  };
}

/** Looks every tenth of a second, for so long. True when it is over. */
async function until(sql: Connection, batchId: string, forMs: number): Promise<boolean> {
  const endMs = Date.now() + forMs;
  while (Date.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [found] = await sql.query('SELECT state FROM payout_batch WHERE id = ?', [batchId]);
    if (['paid', 'partly-paid', 'closed'].includes((found as { state: string }[])[0]?.state ?? '')) return true;
  }
  return false;
}

async function commitsOf(sql: Connection): Promise<number> {
  const [rows] = await sql.query("SHOW GLOBAL STATUS LIKE 'Com_commit'");
  return Number((rows as { Value: string }[])[0]?.Value);
}

async function faultsOf(sql: Connection, batchId: string, rows: number): Promise<string[]> {
  const [[paid]] = (await sql.query(
    "SELECT COUNT(*) AS n, COUNT(DISTINCT receipt) AS receipts, SUM(amount_minor) AS total FROM payout_row WHERE batch_id = ? AND state = 'paid'",
    [batchId],
  )) as unknown as [[{ n: number; receipts: number; total: string }]];
  const [[booked]] = (await sql.query(
    "SELECT COUNT(*) AS n FROM ledger_entry e JOIN transfer t ON t.id = e.subject_id JOIN payout_row r ON r.id = t.purpose_id WHERE r.batch_id = ? AND e.kind = 'paid-out'",
    [batchId],
  )) as unknown as [[{ n: number }]];
  const wrong: string[] = [];
  if (Number(paid.n) !== rows) wrong.push(`${paid.n} of ${rows} rows are paid`);
  if (Number(paid.receipts) !== rows) wrong.push(`${paid.receipts} receipts of ${rows}`);
  if (BigInt(paid.total ?? 0) !== BigInt(rows) * EACH_MINOR) wrong.push(`a total of ${paid.total}`);
  if (Number(booked.n) !== rows) wrong.push(`${booked.n} of ${rows} are booked`);
  return wrong;
}

import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '../../../ormconfig.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { type StaffBrowser, signIn } from '../../support/console-client.ts';
import { freePort } from '../../support/private-program.ts';
import { stopPrograms } from '../processes.ts';
import { type CostReader, openCosts } from '../scale/costs.ts';
import { type Deployment, type Stores, startDeployment, startStores } from '../scale/deployment.ts';
import { type PaidBatch, payBatch } from './pay-batch.ts';
import { COPY, copyTables, differencesOf, recordCommits } from './record-commits.ts';

export interface PayoutsSize {
  /** Of a batch before the others, which is not judged: code is made hot. */
  warmUpRows: number;
  /** Rows of each batch, ascending; the bare loops pay as many as the last but at most `bareRows`. */
  rows: readonly number[];
  bareRows: number;
}

interface Desk {
  costs: CostReader;
  database: Database;
  browser: StaffBrowser;
}

const LEAST_ROWS_PER_SECOND = 200;
const LEAST_SHARE = 0.5;
const MOST_PAGE_MS = 50;
/** Of the dearest row, in statements, against the cheapest. */
const MOST_GROWTH = 1.2;
/** Fewer rows measure little but beginnings and the last look. */
const LEAST_JUDGED_ROWS = 1_000;
/** Fewer looks at a page are its first ones, with code that is not hot. */
const LEAST_LOOKS = 5;
const SETTLED_AFTER_MS = 3_000;
/** The operator takes as many as the configuration allows, and a worker has as many in hand as it needs for that. */
const SETTINGS = { DARAJA_B2C_PER_SECOND: '5000', WORKER_CONCURRENCY: '200' };

/** Rows paid against the simulator, beside a bare loop with the same calls and commits. False when something is wrong, or missed. */
export async function benchPayouts(size: PayoutsSize, say: (text: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-payouts-'));
  let stores: Stores | undefined;
  try {
    stores = await startStores(folder);
    const deployment = await startDeployment(folder, stores, SETTINGS);
    const { databaseUrl, webUrl } = deployment;
    const database = await openDatabase(systemRuntime, { databaseUrl, dataDir: '' }, schema);
    const costs = await openCosts(deployment);
    try {
      const desk: Desk = { costs, database, browser: await signIn({ gateway: webUrl }, 'finance') };
      const paid = await payAll(deployment, desk, size, say);
      const bare = await runBareLoops(deployment, desk, size, paid.at(-1) as PaidBatch, say);
      await deployment.stop();
      return judgePayouts(paid, bare, say);
    } finally {
      await costs.close();
      await database.close();
    }
  } finally {
    await stopPrograms();
    await stores?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function payAll(
  deployment: Deployment,
  desk: Desk,
  { warmUpRows, rows }: PayoutsSize,
  say: (text: string) => void,
): Promise<PaidBatch[]> {
  const paid: PaidBatch[] = [];
  say(
    '\nPayouts: rows paid against the simulator; MariaDB, Redis, web and worker as deployed; somebody watches the page\n',
  );
  await payBatch(deployment, desk, { rows: warmUpRows, first: 0 });
  let first = warmUpRows;
  for (const count of rows) {
    const one = await payBatch(deployment, desk, { rows: count, first });
    first += count;
    paid.push(one);
    say(lineOf(one));
  }
  return paid;
}

function lineOf({ rows, rowsPerSecond, perRow, commitsPerRow, page, wrong }: PaidBatch): string {
  const { statements, webCpuMicros, workerCpuMicros } = perRow;
  const parts = [
    `${String(rows).padStart(7)} rows: ${rowsPerSecond.toFixed(0)} a second`,
    `${statements.toFixed(1)} statements and ${commitsPerRow.toFixed(2)} commits a row`,
    `CPU ${webCpuMicros.toFixed(0)} us web, ${workerCpuMicros.toFixed(0)} us worker`,
    `page ${page.p50Ms.toFixed(0)} ms, p95 ${page.p95Ms.toFixed(0)} ms of ${page.looks}`,
  ];
  return `  ${parts.join('; ')}\n${wrong.map((one) => `  WRONG: ${one}\n`).join('')}`;
}

interface Bare {
  rowsPerSecond: number;
  cpuMicros: number;
}

/**
 * One more batch, whose commits are recorded; then a loop that makes the same commits on a copy of the tables, and one whose commits, as
 * many, hold one small row each. Gives the first.
 */
async function runBareLoops(
  deployment: Deployment,
  desk: Desk,
  { bareRows }: PayoutsSize,
  last: PaidBatch,
  say: (text: string) => void,
): Promise<Bare> {
  const { worker, databaseUrl } = deployment;
  const { sql } = desk.costs;
  const rows = Math.min(bareRows, last.rows);
  let recording: Awaited<ReturnType<typeof recordCommits>> | undefined;
  worker.freeze();
  const { id } = await payBatch(deployment, desk, {
    ...{ rows, first: 9_000_000 },
    async planted() {
      await copyTables(sql);
      recording = await recordCommits(sql);
      worker.thaw();
    },
  });
  // What is told of the batch's end is written by then.
  await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
  const commits = (await recording?.stop()) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'malipo-commits-'));
  const file = join(folder, 'commits.json');
  await writeFile(file, JSON.stringify(commits));
  const copyUrl = new URL(databaseUrl);
  copyUrl.pathname = `/${COPY}`;
  try {
    const same = await runBare(deployment, rows, 0, { databaseUrl: copyUrl.href, file });
    for (const one of await differencesOf(sql, id)) say(`  (the loop's commits: ${one})\n`);
    say(`  bare loop, the same commits: ${lineOfBare(same)}\n`);
    const small = await runBare(deployment, rows, last.commitsPerRow, { databaseUrl });
    say(`  bare loop, as many commits of one small row: ${lineOfBare(small)}\n`);
    return same;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lineOfBare = ({ rowsPerSecond, cpuMicros }: Bare) =>
  `${rowsPerSecond.toFixed(0)} rows a second, ${cpuMicros.toFixed(0)} us of CPU a row`;

async function runBare(
  { simulatorUrl }: Deployment,
  rows: number,
  commits: number,
  where: { databaseUrl: string; file?: string },
): Promise<Bare> {
  const port = await freePort();
  const args = [where.databaseUrl, simulatorUrl, port, rows, commits.toFixed(2), where.file ?? ''].map(String);
  const child = fork('test/bench/payouts/bare-loop.ts', args, { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as Bare));
    child.on('disconnect', () => reject(new Error('the bare loop ended before its measure came')));
  });
}

function judgePayouts(
  paid: readonly PaidBatch[],
  { rowsPerSecond: bareRate }: Bare,
  say: (text: string) => void,
): boolean {
  const isRight = paid.every(({ wrong }) => wrong.length === 0);
  const judged = paid.filter(({ rows }) => rows >= LEAST_JUDGED_ROWS);
  const best = judged.at(-1);
  if (!best) {
    say('  (a short run is too noisy to fail by its speed)\n');
    return isRight;
  }
  const costs = judged.map(({ perRow }) => perRow.statements);
  const growth = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
  const seen = judged.filter(({ page }) => page.looks >= LEAST_LOOKS);
  const slowestPage = Math.max(0, ...seen.map(({ page }) => page.p50Ms));
  const verdicts: [string, boolean][] = [
    [
      `${best.rowsPerSecond.toFixed(0)} rows a second, at least ${LEAST_ROWS_PER_SECOND}`,
      best.rowsPerSecond >= LEAST_ROWS_PER_SECOND,
    ],
    [
      `${(best.rowsPerSecond / bareRate).toFixed(2)} of the bare loop, at least ${LEAST_SHARE}`,
      best.rowsPerSecond >= LEAST_SHARE * bareRate,
    ],
    [
      `a row of the largest batch costs ${growth.toFixed(2)} times one of the smallest, at most ${MOST_GROWTH}`,
      growth <= MOST_GROWTH,
    ],
    [`the page takes ${slowestPage.toFixed(0)} ms, at most ${MOST_PAGE_MS}`, slowestPage <= MOST_PAGE_MS],
  ];
  for (const [text, isMet] of verdicts) say(`  ${isMet ? 'met   ' : 'MISSED'} ${text}\n`);
  return isRight && verdicts.every(([, isMet]) => isMet);
}

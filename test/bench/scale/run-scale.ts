import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { stopPrograms } from '../processes.ts';
import { measureClaims } from './claim-rate.ts';
import { openCosts } from './costs.ts';
import { type Stores, startDeployment, startStores } from './deployment.ts';
import { fillTables } from './fill-tables.ts';
import { measureHopCosts } from './hop-costs.ts';
import { claimLine, floorLine, hopLines, SUSTAINED_HEAD, searchLines, sustainedLine } from './lines.ts';
import { profilePayments } from './profile-payments.ts';
import { measureSearch, type SearchCost } from './search-costs.ts';
import { measureStatementFloor } from './statement-floor.ts';
import { measureSustained } from './sustained.ts';

export interface ScaleSize {
  seconds: number;
  people: number;
  /** Payments in the tables before each measurement, ascending. */
  payments: readonly number[];
  /** Of each kind. */
  searches: number;
  waiting: number;
  workers: readonly number[];
}

/** Everything real under load, with ever fuller tables; then the outbox's claims. False when an answer was wrong. */
export async function runScale(size: ScaleSize, say: (text: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-scale-'));
  let stores: Stores | undefined;
  try {
    stores = await startStores(folder);
    const isRight = await measurePayments(folder, stores, size, say);
    const { waiting, workers } = size;
    say(`\nOutbox: rows claimed a second with ${waiting} rows waiting\n`);
    const sql = await mysql.createConnection(stores.databaseUrl);
    const seconds = Math.min(size.seconds, 8);
    const rates = await measureClaims(sql, stores.databaseUrl, { waiting, workers, seconds });
    for (const rate of rates) say(`${claimLine(rate)}\n`);
    await sql.end();
    return isRight;
  } finally {
    await stopPrograms();
    await stores?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measurePayments(
  folder: string,
  stores: Stores,
  size: ScaleSize,
  say: (text: string) => void,
): Promise<boolean> {
  const deployment = await startDeployment(folder, stores);
  const costs = await openCosts(deployment);
  let isRight = true;
  say('\nDial to receipt, everything real, an operator that takes 1 s for each answer and each callback\n');
  say(`${SUSTAINED_HEAD}\n`);
  let filled = 0;
  for (const payments of size.payments) {
    await fillTables(costs.sql, filled, payments, Date.now());
    filled = payments;
    // Every part has callers of its own.
    const first = payments * 2;
    const { seconds, people } = size;
    const measured = await measureSustained(deployment, { seconds, people, first });
    say(`${sustainedLine(payments, measured)}\n`);
    const floor = await measureStatementFloor(deployment, costs, first + 400_000);
    say(`${floorLine(measured, floor)}\n`);
    say(`${hopLines(await measureHopCosts(deployment, first + 600_000))}\n`);
    const searches = await measureSearch(deployment, costs, { filled, times: size.searches });
    say(`${searchLines(searches)}\n`);
    if (!areSearchesGood(searches)) isRight = false;
    if (measured.wrong.length === 0) continue;
    isRight = false;
    say(`  ${measured.wrong.length} wrong answers, for example: ${measured.wrong[0]}\n`);
  }
  say(await profilePayments(deployment, costs, size.people, filled * 2 + 800_000));
  await costs.close();
  await deployment.stop();
  return isRight;
}

/** Server time of a first page, for whoever has a customer on the line. */
const MOST_SEARCH_MS = 100;

function areSearchesGood(searches: readonly SearchCost[]): boolean {
  return searches.every(({ p95Ms, scans }) => p95Ms <= MOST_SEARCH_MS && scans.length === 0);
}

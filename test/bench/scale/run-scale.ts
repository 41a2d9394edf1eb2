import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureClaims } from './claim-rate.ts';
import { openCosts } from './costs.ts';
import { startDeployment, startStores } from './deployment.ts';
import { fillTables } from './fill-tables.ts';
import { measureHopCosts } from './hop-costs.ts';
import { claimLine, floorLine, hopLines, SUSTAINED_HEAD, sustainedLine } from './lines.ts';
import { profilePayments } from './profile-payments.ts';
import { measureStatementFloor } from './statement-floor.ts';
import { measureSustained } from './sustained.ts';

export interface ScaleSize {
  seconds: number;
  people: number;
  /** Payments in the tables before each measurement, ascending. */
  payments: readonly number[];
  waiting: number;
  workers: readonly number[];
}

/** Everything real under load, with ever fuller tables; then the outbox's claims. False when an answer was wrong. */
export async function runScale(size: ScaleSize, say: (text: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-scale-'));
  const stores = await startStores(folder);
  const deployment = await startDeployment(folder, stores);
  const costs = await openCosts(deployment);
  let isRight = true;
  try {
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
      if (measured.wrong.length > 0) {
        isRight = false;
        say(`  ${measured.wrong.length} wrong answers, for example: ${measured.wrong[0]}\n`);
      }
    }
    say(await profilePayments(deployment, costs, size.people, filled * 2 + 800_000));
    await deployment.stop();
    say(`\nOutbox: rows claimed a second with ${size.waiting} rows waiting\n`);
    const { waiting, workers } = size;
    const rates = await measureClaims(costs.sql, stores.databaseUrl, {
      waiting,
      workers,
      seconds: Math.min(size.seconds, 8),
    });
    for (const rate of rates) say(`${claimLine(rate)}\n`);
    return isRight;
  } finally {
    await deployment.stop();
    await costs.close();
    await stores.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

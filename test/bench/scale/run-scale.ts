import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClaimRate, measureClaims } from './claim-rate.ts';
import { openCosts } from './costs.ts';
import { startDeployment, startStores } from './deployment.ts';
import { fillTables } from './fill-tables.ts';
import { measureSustained, type Sustained } from './sustained.ts';

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
      const measured = await measureSustained(deployment, {
        seconds: size.seconds,
        people: size.people,
        first: payments * 2,
      });
      say(`${sustainedLine(payments, measured)}\n`);
      if (measured.wrong.length > 0) {
        isRight = false;
        say(`  ${measured.wrong.length} wrong answers, for example: ${measured.wrong[0]}\n`);
      }
    }
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

const SUSTAINED_HEAD =
  'payments in tables | receipts/s | p50 ms | p95 ms | p99 ms | statements | Redis commands | web CPU ms | worker CPU ms   (times at half that pace; the last four a payment)';

function sustainedLine(payments: number, { perPayment, ...measured }: Sustained): string {
  const { statements, redisCommands, webCpuMicros, workerCpuMicros } = perPayment;
  return [
    String(payments).padStart(18),
    measured.receiptsPerSecond.toFixed(1).padStart(10),
    ...[measured.p50Ms, measured.p95Ms, measured.p99Ms].map((ms) => ms.toFixed(0).padStart(6)),
    statements.toFixed(1).padStart(10),
    redisCommands.toFixed(1).padStart(14),
    (webCpuMicros / 1_000).toFixed(2).padStart(10),
    (workerCpuMicros / 1_000).toFixed(2).padStart(13),
  ].join(' | ');
}

function claimLine({ workers, malipoPerSecond, floorPerSecond }: ClaimRate): string {
  const ratio = malipoPerSecond / floorPerSecond;
  return `${workers} workers: ${malipoPerSecond.toFixed(0)} (the same statements sent bare: ${floorPerSecond.toFixed(0)}; ${ratio.toFixed(2)} of that)`;
}

import type { ClaimRate } from './claim-rate.ts';
import type { Counters } from './costs.ts';
import type { HopCosts } from './hop-costs.ts';
import type { SearchCost } from './search-costs.ts';
import type { StatementFloor } from './statement-floor.ts';
import type { Sustained } from './sustained.ts';

/** The benchmark's report, line by line. */

const COSTS_HEAD = 'statements | Redis commands | Redis trips | web CPU ms | worker CPU ms';

const costCells = ({ statements, redisCommands, redisTrips, webCpuMicros, workerCpuMicros }: Counters) => [
  statements.toFixed(1).padStart(10),
  redisCommands.toFixed(1).padStart(14),
  redisTrips.toFixed(1).padStart(11),
  (webCpuMicros / 1_000).toFixed(2).padStart(10),
  (workerCpuMicros / 1_000).toFixed(2).padStart(13),
];

export const SUSTAINED_HEAD = `payments in tables | receipts/s | p50 ms | p95 ms | p99 ms | ${COSTS_HEAD}   (times at half that pace; costs a payment)`;

export function sustainedLine(payments: number, { perPayment, ...measured }: Sustained): string {
  return [
    String(payments).padStart(18),
    measured.receiptsPerSecond.toFixed(1).padStart(10),
    ...[measured.p50Ms, measured.p95Ms, measured.p99Ms].map((ms) => ms.toFixed(0).padStart(6)),
    ...costCells(perPayment),
  ].join(' | ');
}

export function floorLine(measured: Sustained, floor: StatementFloor): string {
  const { webCpuMicros, workerCpuMicros } = measured.perPayment;
  const pace = floor.paymentsPerSecond / measured.receiptsPerSecond;
  const cpu = (webCpuMicros + workerCpuMicros) / floor.cpuMicrosPerPayment;
  const missed = ((100 * floor.failed) / (floor.statementsPerPayment * 200)).toFixed(1);
  return (
    `  the same statements sent by a bare loop: ${floor.paymentsPerSecond.toFixed(1)} payments/s, ${pace.toFixed(2)} times as many; ` +
    `${(floor.cpuMicrosPerPayment / 1_000).toFixed(2)} ms of CPU a payment, Malipo ${cpu.toFixed(1)} times that ` +
    `(${floor.statementsPerPayment.toFixed(1)} statements a payment, ${missed} % met other rows than before)`
  );
}

export function hopLines(costs: HopCosts): string {
  const lines = costs.map(({ hop, cost }) => [`  ${hop.padEnd(16)}`, ...costCells(cost).slice(0, -1)].join(' | '));
  const head = `  ${'a hop'.padEnd(16)} | ${COSTS_HEAD.split(' | ').slice(0, -1).join(' | ')}`;
  return [head, ...lines].join('\n');
}

export function claimLine({ workers, malipoPerSecond, floorPerSecond }: ClaimRate): string {
  const ratio = malipoPerSecond / floorPerSecond;
  return `${workers} workers: ${malipoPerSecond.toFixed(0)} (the same statements sent bare: ${floorPerSecond.toFixed(0)}; ${ratio.toFixed(2)} of that)`;
}

export function searchLines(searches: readonly SearchCost[]): string {
  const lines = searches.flatMap(({ what, p50Ms, p95Ms, bytes, plan, scans }) => [
    [
      `  ${what.padEnd(28)}`,
      p50Ms.toFixed(1).padStart(6),
      p95Ms.toFixed(1).padStart(6),
      (bytes / 1_000).toFixed(0).padStart(5),
      plan.join('; '),
    ].join(' | '),
    ...scans.map((text) => `    READS A WHOLE TABLE: ${text}`),
  ]);
  const head = `  ${'looked for in the console'.padEnd(28)} | p50 ms | p95 ms | kB    | what it reads by (EXPLAIN)`;
  return [head, ...lines].join('\n');
}

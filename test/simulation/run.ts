import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  type Found,
  findBug,
  MOST_SEEDS,
  PLANTED_BUGS,
  recordSeeds,
  replaySeeds,
  searchSeeds,
} from './find-planted.ts';
import { openPool, type Pool } from './pool.ts';
import type { SeedResult } from './run-seed.ts';
import { FIXED_SEEDS, LEAST_PAID, paidIn } from './seeds.ts';
import { summaryOf } from './summary.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    bug: { type: 'string' },
    planted: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    ci: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `npm run simulate -- --seeds 1000 [--from 1]  that many worlds
                   --seed 7 [--bug name]      one world, with its trace's hash
                   --planted [--record]       looks for every planted bug within ${MOST_SEEDS} seeds
                   --replay                   looks for every planted bug with its recorded seed
                   --ci                       the fixed seeds, and ten fresh ones
                   --fresh                    the ten fresh ones alone
`;
const FRESH = 10;
const say = (line: string) => void process.stdout.write(`${line}\n`);
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

async function runSeeds(pool: Pool, seeds: readonly number[]): Promise<[passed: number, failed: number]> {
  const startedAt = performance.now();
  const results: SeedResult[] = [];
  const perMinute = () => (results.length / ((performance.now() - startedAt) / 60_000)).toFixed(0);
  await Promise.all(
    seeds.map(async (seed) => {
      const result = await pool.run({ seed, ...(values.bug === undefined ? {} : { bug: values.bug }) });
      results.push(result);
      if (!result.passed) say(`${result.report}\n`);
      if (results.length % 25 === 0) say(`${results.length} of ${seeds.length} seeds, ${perMinute()} a minute`);
    }),
  );
  for (const line of summaryOf(results)) say(line);
  say(`${results.length} seeds, ${perMinute()} a minute`);
  if (seeds.length === 1) for (const { traceHash } of results) say(`trace ${traceHash}`);
  const passed = results.filter((result) => result.passed).length;
  const isTooQuiet = values.ci && paidIn(results) < LEAST_PAID;
  if (isTooQuiet)
    say(`only ${paidIn(results)} people were paid in all worlds: what is promised of payouts was not tried`);
  return [passed, results.length - passed + (isTooQuiet ? 1 : 0)];
}

async function findAll(pool: Pool, seedsOf: (name: string) => number[]): Promise<[passed: number, failed: number]> {
  const found: Found[] = await Promise.all(
    PLANTED_BUGS.map(async (bug) => {
      const one = await findBug(pool.run, bug, seedsOf(bug.name));
      say(
        `${one.seed === undefined ? 'MISSED' : `seed ${one.seed}`.padEnd(9)} ${one.bug}: ${one.fault} -> ${one.check}`,
      );
      return one;
    }),
  );
  if (values.record) recordSeeds(found);
  const missed = found.filter(({ seed }) => seed === undefined).length;
  return [found.length - missed, missed];
}

async function main(pool: Pool): Promise<[passed: number, failed: number]> {
  if (values.planted) return findAll(pool, () => searchSeeds(Number(values.from)));
  if (values.replay) return findAll(pool, replaySeeds);
  if (values.seed !== undefined) return runSeeds(pool, [Number(values.seed)]);
  if (values.ci || values.fresh) {
    const fixed = values.ci ? FIXED_SEEDS : [];
    const fresh = range(randomInt(1_000, 1_000_000_000), FRESH);
    if (values.ci) say(`fixed seeds ${fixed.join(' ')}`);
    say(`fresh seeds ${fresh.join(' ')}`);
    return runSeeds(pool, [...fixed, ...fresh]);
  }
  return runSeeds(pool, range(Number(values.from), Number(values.seeds ?? 100)));
}

if (values.help) say(HELP);
else {
  const pool = await openPool(values.seed === undefined ? undefined : 1);
  const [passed, failed] = await main(pool);
  pool.close();
  process.exitCode = failed === 0 ? 0 : 1;
  say(`${passed} passed, ${failed} failed`);
}

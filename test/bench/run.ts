import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { closeStores, serverStores } from '../support/stores.ts';
import { type Contest, startContest } from './contestants.ts';
import { benchLists, type ListsSize } from './lists/run-lists.ts';
import { measureMemory } from './memory.ts';
import { benchNight, type NightSize } from './night/run-night.ts';
import { benchPayouts, type PayoutsSize } from './payouts/run-payouts.ts';
import { type Load, startLoad, stopPrograms } from './processes.ts';
import { profilePlainHops } from './profile.ts';
import { judge, memoryLines, memoryTarget, type Target, table, targetsOf } from './report.ts';
import { type Bench, playRound, type Round, type Size, warmUp } from './rounds.ts';
import { runScale, type ScaleSize } from './scale/run-scale.ts';

/*
 * npm run bench               everything; exits with 1 when something broke or a target is missed by more than its noise
 * npm run bench -- --short    the same code with few requests: only what breaks fails it
 * npm run bench -- --speed    without the part about memory
 * npm run bench -- --memory   that part alone
 * npm run bench -- --profile  no figures: where the time of a plain hop goes
 * npm run bench -- --night    a million lines of operator and biller against a million payments; 100,000 on the embedded store
 * npm run bench -- --lists    an Excel list of 100,000 people, read, checked and staged, beside exceljs's streaming read
 * npm run bench -- --payouts  batches of 1,000 and 10,000 rows paid against the simulator, beside a bare loop; with --huge 100,000 too
 * npm run bench -- --scale    dial to receipt under load with ever fuller tables, and the outbox's claims
 */
const FULL: Size = {
  ...{ rounds: 15, sessions: 800, pacedSessions: 120, warmUpSessions: 3_000 },
  memoryDialogs: 200_000,
};
const SHORT: Size = {
  ...{ rounds: 2, sessions: 300, pacedSessions: 60, warmUpSessions: 500 },
  memoryDialogs: 2_000,
};

const has = (option: string) => process.argv.includes(option);
const isShort = has('--short');
const size = isShort ? SHORT : FULL;
const say = (text: string) => process.stdout.write(text);

async function run(bench: Bench, form: Contest['form']): Promise<unknown> {
  say(`Malipo runs ${form}; ${size.rounds} rounds; medians of the rounds ± half the distance of their quartiles.\n`);
  const targets: Target[] = [];
  await warmUp(bench, size);
  if (has('--profile')) return say(await profilePlainHops(bench, size));
  if (!has('--memory')) {
    const rounds: Round[] = [];
    for (let number = 0; number < size.rounds; number += 1) rounds.push(await playRound(bench, size, number));
    say(table(rounds));
    targets.push(...targetsOf(rounds));
  }
  if (!has('--speed')) {
    const memory = await measureMemory(bench, size.memoryDialogs);
    say(memoryLines(memory));
    targets.push(memoryTarget(memory));
  }
  say('\nTargets\n');
  const verdicts = targets.map(judge);
  for (const { line } of verdicts) say(line);
  if (isShort) say('  (a short run is too noisy to fail by them)\n');
  else if (verdicts.some(({ isMissed }) => isMissed)) process.exitCode = 1;
  return;
}

const NIGHT_FULL: NightSize = { server: 1_000_000, embedded: 100_000 };
const NIGHT_SHORT: NightSize = { server: 3_000, embedded: 3_000 };

const LISTS_FULL: ListsSize = { rows: 100_000, rounds: 3 };
const LISTS_SHORT: ListsSize = { rows: 3_000, rounds: 1 };

const PAYOUTS_FULL: PayoutsSize = {
  warmUpRows: 2_000,
  rows: [1_000, 10_000, ...(has('--huge') ? [100_000] : [])],
  bareRows: 10_000,
};
const PAYOUTS_SHORT: PayoutsSize = { warmUpRows: 300, rows: [300], bareRows: 300 };

const SCALE_FULL: ScaleSize = {
  ...{ seconds: 20, people: 24, payments: [10_000, 5_000_000] },
  ...{ searches: 40, waiting: 1_000_000, workers: [1, 2, 4, 8] },
};
const SCALE_SHORT: ScaleSize = {
  ...{ seconds: 4, people: 8, payments: [1_000] },
  ...{ searches: 3, waiting: 20_000, workers: [2] },
};

async function runNightPart(): Promise<void> {
  try {
    if (!(await benchNight(isShort ? NIGHT_SHORT : NIGHT_FULL, say))) process.exitCode = 1;
  } finally {
    await closeStores();
  }
}

async function runListsPart(): Promise<void> {
  try {
    if (!(await benchLists(isShort ? LISTS_SHORT : LISTS_FULL, say))) process.exitCode = 1;
  } finally {
    await closeStores();
  }
}

async function compareServers(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-bench-'));
  let load: Load | undefined;
  let redis: Redis | undefined;
  try {
    const stores = await serverStores();
    if (!stores?.redisUrl || !stores.databaseUrl) throw new Error('the benchmark needs MariaDB and Redis');
    const { redisUrl, databaseUrl } = stores;
    const client = new Redis(redisUrl);
    redis = client;
    const { contestants, form } = await startContest({ redisUrl, databaseUrl, folder });
    load = await startLoad();
    await run({ contestants, load, flush: async () => void (await client.flushdb()) }, form);
  } finally {
    load?.stop();
    await stopPrograms();
    redis?.disconnect();
    await closeStores();
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  const isPart = ['--speed', '--memory', '--profile', '--night', '--lists', '--payouts'].some(has);
  if (!['--scale', '--night', '--lists', '--payouts'].some(has)) await compareServers();
  if (!isPart && !(await runScale(isShort ? SCALE_SHORT : SCALE_FULL, say))) process.exitCode = 1;
  if (has('--night') || !(isPart || has('--scale'))) await runNightPart();
  if (has('--lists') || !(isPart || has('--scale'))) await runListsPart();
  // Its servers and batches take a minute even with few rows: a short run has it only when it is asked for.
  if (has('--payouts') || !(isShort || isPart || has('--scale'))) {
    if (!(await benchPayouts(isShort ? PAYOUTS_SHORT : PAYOUTS_FULL, say))) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`The benchmark broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

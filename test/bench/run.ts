import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { closeStores, serverStores } from '../support/stores.ts';
import { type Contest, startContest } from './contestants.ts';
import { measureMemory } from './memory.ts';
import { benchNight, type NightSize } from './night/run-night.ts';
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
 * npm run bench -- --scale    dial to receipt under load with ever fuller tables, and the outbox's claims
 */
const FULL: Size = {
  ...{ rounds: 15, sessions: 800, pacedSessions: 120, warmUpSessions: 3_000 },
  memoryDialogs: 200_000,
};
const SHORT: Size = {
  ...{ rounds: 3, sessions: 300, pacedSessions: 60, warmUpSessions: 500 },
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

const SCALE_FULL: ScaleSize = {
  ...{ seconds: 20, people: 24, payments: [10_000, 5_000_000] },
  ...{ waiting: 1_000_000, workers: [1, 2, 4, 8] },
};
const SCALE_SHORT: ScaleSize = {
  ...{ seconds: 4, people: 8, payments: [1_000] },
  ...{ waiting: 20_000, workers: [2] },
};

async function runNightPart(): Promise<void> {
  try {
    if (!(await benchNight(isShort ? NIGHT_SHORT : NIGHT_FULL, say))) process.exitCode = 1;
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
  const isPart = has('--speed') || has('--memory') || has('--profile') || has('--night');
  if (!has('--scale') && !has('--night')) await compareServers();
  if (!isPart && !(await runScale(isShort ? SCALE_SHORT : SCALE_FULL, say))) process.exitCode = 1;
  if (has('--night') || !(isPart || has('--scale'))) await runNightPart();
} catch (error) {
  process.stderr.write(`The benchmark broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

import { schema } from '../../ormconfig.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { openDatabase } from '../../src/platform/database/index.ts';
import { type CheckResult, checkPromises, countUndecided } from './checks.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { runDiskFull } from './disk-full.ts';
import { CHAOS_FAULTS, type ChaosFault } from './faults.ts';
import { type Load, startLoad } from './load.ts';
import { untilQuiet } from './quiet.ts';
import { type ReadinessWatch, untilAllReady, watchReadiness } from './readiness.ts';
import { type ChaosRow, renderTable, renderTold } from './table.ts';

// `npm run chaos`: real processes under load, killed and cut off one after the other; then every promise is checked.
const CUSTOMERS = 200;
const RECOVERY_MS = 120_000;
const SETTLE_MS = 2_000;

/** What is in flight when a fault begins may still be answered as before. */
const MOMENT_MS = 1_500;

const say = (line: string) => process.stdout.write(`${line}\n`);

// `-- disk` runs the full disk alone.
const diskAlone = process.argv[2] === 'disk';
const cluster = diskAlone ? undefined : await startCluster();
let failed = 0;
let passed = 0;
try {
  const ran = cluster ? await runFaults(cluster) : undefined;
  const evidence = cluster && ran ? await gather(cluster, ran.load) : [];
  const diskFull = await runDiskFull();
  const rows = [...(ran?.rows ?? []), ...diskFull.rows];
  say(`\n${renderTable(rows)}\n\n${renderTold(rows)}\n`);
  say(`lost: ${lostIn(evidence) + lostIn(diskFull.checks)}`);
  const checks = [...evidence, ...rows.map(readinessOf), ...rows.map(bareOf), ...diskFull.checks];
  for (const { name, broken } of checks) {
    if (broken.length === 0) passed += 1;
    else {
      failed += 1;
      say(
        `BROKEN  ${name}: ${broken.slice(0, 5).join('; ')}${broken.length > 5 ? ` and ${broken.length - 5} more` : ''}`,
      );
    }
  }
} finally {
  await cluster?.stop();
}
say(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runFaults(target: Cluster): Promise<{ rows: ChaosRow[]; load: Load }> {
  const load = startLoad(target.webUrls, CUSTOMERS);
  const readiness = watchReadiness(target);
  const rows: ChaosRow[] = [];
  try {
    await pause(SETTLE_MS);
    for (const fault of CHAOS_FAULTS) {
      const row = await runFault(target, fault, load, readiness);
      rows.push(row);
      say(`${row.fault}: recovered in ${row.recoveredMs} ms`);
    }
  } finally {
    readiness.stop();
    await load.stop();
  }
  return { rows, load };
}

async function runFault(target: Cluster, fault: ChaosFault, load: Load, readiness: ReadinessWatch): Promise<ChaosRow> {
  load.take();
  load.takeTold();
  await fault.begin(target);
  await pause(MOMENT_MS);
  readiness.take();
  await pause(fault.lastsMs - MOMENT_MS);
  const ready = readiness.take();
  await fault.end(target);
  const endedMs = Date.now();
  await untilAllReady(target, RECOVERY_MS);
  while (load.lastConfirmedAtMs() < endedMs && Date.now() - endedMs < RECOVERY_MS) await pause(20);
  const recoveredMs = load.lastConfirmedAtMs() < endedMs ? undefined : Date.now() - endedMs;
  const { name, notReady, mayBe } = fault;
  return { fault: name, seen: load.take(), told: load.takeTold(), ready, notReady, mayBe, recoveredMs };
}

async function gather({ databaseUrl, control, folder }: Cluster, { confirmed, bareTexts }: Load) {
  await control.faults({});
  const database = await openDatabase(systemRuntime, { databaseUrl, dataDir: folder }, schema);
  try {
    await untilQuiet(database, say);
    const promises = await checkPromises({ database, control, confirmed });
    say(`${confirmed.size} payments confirmed, ${await countUndecided(database)} undecided for want of any evidence`);
    if (bareTexts.length > 0) say(`bare errors, for example: ${bareTexts.slice(0, 3).join(' | ')}`);
    return promises;
  } finally {
    await database.close();
  }
}

/** Payments and money: the first checks of the promises, before those about words and work. */
function lostIn(promises: readonly CheckResult[]): number {
  return promises.slice(0, 5).reduce((count, { broken }) => count + broken.length, 0);
}

/** Not ready, naming what is out of reach, for as long as it is; and ready in every other moment. */
function readinessOf({ fault, ready, notReady, mayBe = [] }: ChaosRow): CheckResult {
  const said = [...ready];
  const isTrue = (answer: string) =>
    mayBe.includes(answer) || (notReady === undefined ? answer === 'ready' : answer.includes(notReady));
  const broken = said.filter((answer) => !isTrue(answer)).map((answer) => `it said "${answer}"`);
  if (!said.some((answer) => (notReady === undefined ? answer === 'ready' : answer.includes(notReady))))
    broken.push(`it never said ${notReady ?? 'ready'}`);
  return { name: `readiness tells the truth: ${fault}`, broken };
}

function bareOf({ fault, seen, told, recoveredMs }: ChaosRow): CheckResult {
  const broken = seen.bare > 0 ? [`${seen.bare} bare errors`] : [];
  broken.push(...[...told.keys()].filter((words) => !/[a-z]{3}.*[.?!]/i.test(words)).map((words) => `"${words}"`));
  if (recoveredMs === undefined) broken.push('never recovered');
  return { name: `a screen says what happened: ${fault}`, broken };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

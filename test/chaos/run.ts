import { schema } from '../../ormconfig.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { openDatabase } from '../../src/platform/database/index.ts';
import { checkPromises, countUndecided } from './checks.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { runDiskFull } from './disk-full.ts';
import { CHAOS_FAULTS, type ChaosFault } from './faults.ts';
import { type Load, startLoad } from './load.ts';
import { untilQuiet } from './quiet.ts';
import { type ReadinessWatch, untilAllReady, watchReadiness } from './readiness.ts';
import { type ChaosRow, renderTable } from './table.ts';

// `npm run chaos`: real processes under load, killed and cut off one after the other; then every promise is checked.
const CUSTOMERS = 200;
const RECOVERY_MS = 60_000;
const SETTLE_MS = 2_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

// `-- disk` runs the full disk alone.
const diskAlone = process.argv[2] === 'disk';
const cluster = diskAlone ? undefined : await startCluster();
let failed = 0;
let passed = 0;
try {
  const rows = cluster ? await runFaults(cluster) : [];
  const diskFull = await runDiskFull();
  rows.push(diskFull.row);
  say(`\n${renderTable(rows)}\n`);
  const evidence = cluster ? await gather(cluster) : [];
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

async function runFaults(target: Cluster): Promise<ChaosRow[]> {
  const load = startLoad(target.webUrls, CUSTOMERS);
  const readiness = watchReadiness(target);
  confirmedByLoad = load.confirmed;
  bareTexts = load.bareTexts;
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
  return rows;
}

async function runFault(target: Cluster, fault: ChaosFault, load: Load, readiness: ReadinessWatch): Promise<ChaosRow> {
  load.take();
  readiness.take();
  await fault.begin(target);
  await pause(fault.lastsMs);
  const ready = readiness.take();
  await fault.end(target);
  const endedMs = Date.now();
  await untilAllReady(target, RECOVERY_MS);
  while (load.lastConfirmedAtMs() < endedMs && Date.now() - endedMs < RECOVERY_MS) await pause(20);
  const recoveredMs = load.lastConfirmedAtMs() < endedMs ? undefined : Date.now() - endedMs;
  return { fault: fault.name, seen: load.take(), ready, notReady: fault.notReady, recoveredMs };
}

async function gather(target: Cluster) {
  const { databaseUrl, control, folder } = target;
  await control.faults({});
  const database = await openDatabase(systemRuntime, { databaseUrl, dataDir: folder }, schema);
  try {
    await untilQuiet(database, say);
    const promises = await checkPromises({ database, control, confirmed: confirmedByLoad });
    const lost = promises.slice(0, 5).reduce((count, { broken }) => count + broken.length, 0);
    say(
      `${confirmedByLoad.size} payments confirmed, ${await countUndecided(database)} undecided for want of any evidence`,
    );
    say(`lost: ${lost}`);
    if (bareTexts.length > 0) say(`bare errors, for example: ${bareTexts.slice(0, 3).join(' | ')}`);
    return promises;
  } finally {
    await database.close();
  }
}

function readinessOf({ fault, ready, notReady }: ChaosRow) {
  const saidSo = notReady === undefined || [...ready].some((answer) => answer.includes(notReady));
  return { name: `readiness tells the truth: ${fault}`, broken: saidSo ? [] : [[...ready].join(', ')] };
}

function bareOf({ fault, seen, recoveredMs }: ChaosRow) {
  const broken = seen.bare > 0 ? [`${seen.bare} bare errors`] : [];
  if (recoveredMs === undefined) broken.push('never recovered');
  return { name: `a screen says what happened: ${fault}`, broken };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

var confirmedByLoad: Set<string>;
var bareTexts: string[];

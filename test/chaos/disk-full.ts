import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '../../ormconfig.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { openDatabase } from '../../src/platform/database/index.ts';
import { freePort } from '../support/private-program.ts';
import { restartable } from '../support/restartable.ts';
import { simulatorControl } from '../support/service-control.ts';
import { type CheckResult, checkPromises } from './checks.ts';
import { answersOk, CHAOS_SETTINGS, MAIN } from './cluster.ts';
import { startLoad } from './load.ts';
import { untilQuiet } from './quiet.ts';
import type { ChaosRow } from './table.ts';

const CUSTOMERS = 20;
const FULL_MS = 6_000;

/**
 * The embedded store on a small file system of its own that fills up and is emptied again. Needs the right to mount
 * (root); without it nothing is run, and the checks say so.
 */
export async function runDiskFull(): Promise<{ rows: ChaosRow[]; checks: CheckResult[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-disk-'));
  const disk = join(folder, 'disk');
  execFileSync('mkdir', [disk]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true, force: true });
    return { rows: [], checks: [{ name: 'disk full', broken: ['not run: it needs the right to mount (root)'] }] };
  }
  const [port, simulatorPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...CHAOS_SETTINGS,
    PORT: String(port),
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_SMTP_PORT: '0',
    ROLE: 'all',
  };
  const simulator = restartable({
    name: 'simulator',
    command: process.execPath,
    args: MAIN,
    logFile: join(folder, 'simulator.log'),
    env: { ...env, ROLE: 'simulator', DATA_DIR: folder },
    ready: () => answersOk(`http://127.0.0.1:${simulatorPort}/control/operator/addresses`),
  });
  const service = restartable({
    name: 'all',
    command: process.execPath,
    args: MAIN,
    logFile: join(folder, 'all.log'),
    // A simulator of its own process keeps its books elsewhere; the one inside gets a port that nobody asks.
    env: { ...env, SIMULATOR_PORT: '0', SIMULATOR_URL: `http://127.0.0.1:${simulatorPort}`, DATA_DIR: disk },
    ready: () => answersOk(`${url}/health/live`),
  });
  try {
    await simulator.start();
    await service.start();
    return await fillAndFree(disk, url, simulatorPort);
  } finally {
    await service.kill();
    await simulator.kill();
    execFileSync('umount', ['-l', disk]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillAndFree(disk: string, url: string, simulatorPort: number) {
  const control = simulatorControl(`http://127.0.0.1:${simulatorPort}`);
  const load = startLoad([url], CUSTOMERS);
  await pause(4_000);
  load.take();
  load.takeTold();
  const ready = new Set<string>();
  await fill(join(disk, 'ballast'));
  for (let waitedMs = 0; waitedMs < FULL_MS; waitedMs += 500) {
    await pause(500);
    ready.add(await readinessOf(url));
  }
  await rm(join(disk, 'ballast'));
  const endedMs = Date.now();
  while (load.lastConfirmedAtMs() < endedMs && Date.now() - endedMs < 60_000) await pause(20);
  const recoveredMs = load.lastConfirmedAtMs() < endedMs ? undefined : Date.now() - endedMs;
  const row: ChaosRow = {
    ...{ fault: 'disk full (embedded)', seen: load.take(), told: load.takeTold(), ready, recoveredMs },
    // It is full for a while before somebody must write.
    ...{ notReady: 'database', mayBe: ['ready'] },
  };
  await load.stop();
  const database = await openDatabase(systemRuntime, { databaseUrl: undefined, dataDir: disk }, schema);
  await untilQuiet(database, (line) => process.stdout.write(`disk: ${line}\n`));
  const checks = await checkPromises({ database, control, confirmed: load.confirmed });
  await database.close();
  return { rows: [row], checks: checks.map((check) => ({ ...check, name: `disk full: ${check.name}` })) };
}

/** Writes until not one more byte fits. */
async function fill(path: string): Promise<void> {
  for (const size of [1_048_576, 4_096, 1]) {
    for (;;) {
      try {
        await writeFile(path, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}

async function readinessOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  if (!answer) return 'down';
  const { failed } = (await answer.json()) as { failed?: string[] };
  return answer.ok ? 'ready' : (failed ?? ['?']).join('+');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/private-program.ts';
import { BENCH, type Program, ROOT, startProgram } from './processes.ts';

const run = promisify(execFile);

export const NAMES = ['floor', 'peer', 'malipo'] as const;
export type Name = (typeof NAMES)[number];

export interface Contestant extends Program {
  port: number;
  path: string;
}

export interface Contest {
  contestants: Readonly<Record<Name, Contestant>>;
  /** How Malipo was run. */
  form: 'compiled' | 'through tsx';
}

interface Stores {
  redisUrl: string;
  databaseUrl: string;
  folder: string;
}

const KEY = 'bench-key-0123456789';
const MAIN = 'src/main.ts';

/** Starts the biller (the simulator), and the three servers that are compared. */
export async function startContest({ redisUrl, databaseUrl, folder }: Stores): Promise<Contest> {
  const form = (await build()) ? 'compiled' : 'through tsx';
  const [simulatorPort, floorPort, peerPort, malipoPort] = [
    ...[await freePort(), await freePort(), await freePort(), await freePort()],
  ] as [number, number, number, number];
  const shared = {
    ...{
      SIMULATORS: 'on',
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_SMTP_PORT: '0',
      CALLBACK_KEY: KEY,
      DATA_DIR: folder,
    },
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, LOG_LEVEL: 'info' },
  };
  await run(process.execPath, ['--import', 'tsx', 'src/commands/migrate.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...shared },
  });
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  await startProgram({
    ...{ name: 'simulator', folder, readyUrl: `${simulatorUrl}/control/messages?msisdn=%2B254711000001` },
    args: ['--import', 'tsx', MAIN],
    env: { ...shared, ROLE: 'simulator' },
  });
  const billerUrl = `${simulatorUrl}/billers/maji-water`;
  const start = async (name: Name, port: number, args: readonly string[], env: Record<string, string>) => {
    const readyUrl = `http://127.0.0.1:${port}/health/live`;
    const program = await startProgram({ name, args, folder, readyUrl, env: { ...env, PORT: String(port) } });
    return { ...program, port, path: `/ussd/africastalking/${KEY}` };
  };
  const plain = { REDIS_URL: redisUrl, BILLER_URL: billerUrl };
  const floor = await start('floor', floorPort, ['--import', 'tsx', join(BENCH, 'floor.ts')], plain);
  const peer = await start('peer', peerPort, ['--import', 'tsx', join(BENCH, 'peer.ts')], plain);
  const mainArgs = form === 'compiled' ? ['dist/src/main.js'] : ['--import', 'tsx', MAIN];
  const malipo = await start('malipo', malipoPort, mainArgs, { ...shared, ROLE: 'web' });
  return { contestants: { floor, peer, malipo }, form };
}

/** What tsc says when types are wrong and the code was written all the same: a matter for the checks, not for this. */
const WRITTEN_WITH_ERRORS = 2;

/** Compiles as for production. False when nothing was written: then the sources are run as they are. */
export async function build(): Promise<boolean> {
  try {
    await run('npm', ['run', 'build', '--silent'], { cwd: ROOT });
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === WRITTEN_WITH_ERRORS;
  }
}

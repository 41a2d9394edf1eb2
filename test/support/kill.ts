import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { makePhone, type Phone } from './dial.ts';
import { freePort } from './private-program.ts';
import { programArgs } from './program-args.ts';
import { type Env, environmentOf } from './service.ts';
import { type Books, openBooks } from './service-books.ts';
import { type SimulatorControl, simulatorControl } from './service-control.ts';
import { eventually } from './service-eventually.ts';
import type { StorePair } from './stores.ts';

/** One process of the program, started as the README says, that can be killed and started again. */
export interface Process {
  /** SIGKILL: no handler runs, nothing is finished. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop and waits until it has. The exit code. */
  stop(): Promise<number | null>;
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** What it has written, of all its lives; the last megabytes. */
  output(): string;
}

/** The service in processes of its own beside the simulator in another, so that only the service dies. */
export interface MortalService {
  readonly gateway: string;
  readonly control: SimulatorControl;
  readonly books: Books;
  /** Of role `all` on the embedded stores; the worker alone on the servers. */
  readonly victim: Process;
  phone(msisdn?: string): Promise<Phone>;
  stop(): Promise<void>;
}

const KEY = 'a-key-for-the-tests-only';
const START_WITHIN_MS = 60_000;
const TSX_TSCONFIG_PATH = new URL('../../tsconfig.json', import.meta.url).pathname;

/** A program's last words, for a test that fails. */
const WORDS_SHOWN = 4_000;
const OUTPUT_KEPT = 8 * 1024 * 1024;

/** None of them outlives the test run. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export function makeProcess(env: Env, isUp: () => Promise<void>, options: { cwd?: string } = {}): Process {
  let child: ChildProcess | undefined;
  let words = '';
  const end = async (signal: NodeJS.Signals) => {
    const dying = child;
    if (!dying) return null;
    child = undefined;
    if (dying.exitCode === null && dying.signalCode === null) {
      const gone = once(dying, 'exit');
      dying.kill(signal);
      await gone;
    }
    return dying.exitCode;
  };
  return {
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    signal: (signal) => void child?.kill(signal),
    output: () => words,
    async start() {
      const { PATH, HOME } = process.env;
      const args = programArgs('src/main.ts');
      const started = spawn(process.execPath, args, {
        cwd: options.cwd ?? new URL('../..', import.meta.url).pathname,
        // Sources that are run from another folder are read as they are here.
        env: { PATH, HOME, TSX_TSCONFIG_PATH, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      const keep = (chunk: Buffer) => {
        words = (words + chunk).slice(-OUTPUT_KEPT);
      };
      started.stdout.on('data', keep);
      started.stderr.on('data', keep);
      living.add(started);
      started.once('exit', () => living.delete(started));
      const died = once(started, 'exit').then(() => {
        throw new Error(`the process ended: ${words.slice(-WORDS_SHOWN)}`);
      });
      died.catch(() => {});
      await Promise.race([died, eventually('the process is up', isUp, START_WITHIN_MS)]);
    },
  };
}

async function expectAnswer(url: string): Promise<void> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
}

/**
 * `split`: web and worker are processes of their own, and the worker is the one that dies. The service runs with the
 * simulators off, on addresses and keys of its own, as it would against real parties.
 */
export async function startMortalService(
  stores: StorePair,
  options: { split: boolean; env?: Env; key?: string },
): Promise<MortalService> {
  const ports = { web: await freePort(), simulator: await freePort() };
  const simulatorUrl = `http://127.0.0.1:${ports.simulator}`;
  const gateway = `http://127.0.0.1:${ports.web}`;
  const key = options.key ?? KEY;
  const common = environmentOf(stores, ports, { LOG_LEVEL: 'fatal', CALLBACK_KEY: key, PUBLIC_URL: gateway });
  const books = await openBooks(stores);
  await books.database.migrate();

  const { DATABASE_URL: _, REDIS_URL: __, ...alone } = common;
  const simulator = makeProcess({ ...alone, ROLE: 'simulator', DATA_DIR: `${stores.dataDir}/parties` }, () =>
    expectAnswer(`${simulatorUrl}/control/faults`),
  );
  const live = { ...common, ...liveEnvironment(simulatorUrl), ...options.env };
  const web = makeProcess({ ...live, ROLE: options.split ? 'web' : 'all' }, () =>
    expectAnswer(`${gateway}/health/ready`),
  );
  const worker = makeProcess({ ...live, ROLE: 'worker' }, async () => {});
  const victim = options.split ? worker : web;
  const control = simulatorControl(simulatorUrl);
  await simulator.start();
  await web.start();
  if (options.split) await worker.start();
  return {
    gateway,
    control,
    books,
    victim,
    async phone(msisdn) {
      const phone = makePhone({ gateway, key, control }, msisdn);
      await phone.handset({ answer: 'pay', delayMs: 20 });
      return phone;
    },
    async stop() {
      await Promise.all([web.kill(), worker.kill(), simulator.kill()]);
      await books.close();
    },
  };
}

function liveEnvironment(simulatorUrl: string): Env {
  return {
    SIMULATORS: 'off',
    DATA_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
    AFRICASTALKING_USERNAME: 'malipo',
    AFRICASTALKING_API_KEY: 'key-of-the-tests',
    AFRICASTALKING_SMS_URL: `${simulatorUrl}/africastalking/version1/messaging`,
    DARAJA_URL: `${simulatorUrl}/daraja`,
    DARAJA_CONSUMER_KEY: 'consumer',
    DARAJA_CONSUMER_SECRET: 'secret',
    DARAJA_SHORT_CODE: '174379',
    DARAJA_PASSKEY: 'passkey',
    DARAJA_INITIATOR: 'initiator',
    DARAJA_SECURITY_CREDENTIAL: 'credential',
    JUA_POWER_URL: `${simulatorUrl}/billers/jua-power`,
    JUA_POWER_KEY: 'jua',
    MAJI_WATER_URL: `${simulatorUrl}/billers/maji-water`,
    MAJI_WATER_KEY: 'maji',
    // What a dead process had in hand is taken up soon; longer than any call of these tests.
    OUTBOX_LEASE_S: '5',
    INQUIRY_DELAYS_S: '5,7,10,14,20',
  };
}

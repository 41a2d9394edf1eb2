import { loadBillers } from '../../src/domain/billers/index.ts';
import { type Runtime, systemRuntime } from '../../src/kernel/index.ts';
import { loadConfig } from '../../src/platform/config/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { startRole } from '../../src/wiring.ts';
import { makePhone, type Phone } from './dial.ts';
import { freePort } from './private-program.ts';
import { type Books, openBooks } from './service-books.ts';
import { type SimulatorControl, simulatorControl } from './service-control.ts';
import { eventually } from './service-eventually.ts';
import type { StorePair } from './stores.ts';

export type Env = Readonly<Record<string, string>>;

/** The real service in this process, role `all` with the simulators, on free ports. */
export interface TestService {
  /** Without a slash at the end. */
  readonly gateway: string;
  readonly simulatorUrl: string;
  readonly control: SimulatorControl;
  readonly books: Books;
  /** A customer whose handset pays quickly unless told otherwise. */
  phone(msisdn?: string): Promise<Phone>;
  /** Posts a body to one of the gateway's addresses. */
  post(path: string, body: string | object): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** What must hold after every story; ends the faults first. */
  expectSound(): Promise<void>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  text: string;
}

export const KEY = 'demo';

/** Delays short enough for a test, long enough that what should come first does so on a slow machine too. */
const QUICK: Env = {
  HOST: '127.0.0.1',
  LOG_LEVEL: 'silent',
  STOP_WITHIN_MS: '2000',
  PROMPT_DELAY_MS: '50',
  NOTICE_DELAY_MS: '1500',
  INQUIRY_DELAYS_S: '3,5,8,12,18',
  OUTBOX_POLL_MS: '50',
};

/** The variables of a service on these stores. */
export function environmentOf(stores: StorePair, ports: { web: number; simulator: number }, env: Env = {}): Env {
  return {
    ...QUICK,
    PORT: String(ports.web),
    SIMULATOR_PORT: String(ports.simulator),
    SIMULATOR_SMTP_PORT: '0',
    DATA_DIR: stores.dataDir,
    ...(stores.databaseUrl ? { DATABASE_URL: stores.databaseUrl } : {}),
    ...(stores.redisUrl ? { REDIS_URL: stores.redisUrl } : {}),
    ...env,
  };
}

/** `runtime`: of the service and its simulators; its instants may lie elsewhere, its waiting takes real time. */
export async function startService(
  stores: StorePair,
  env: Env = {},
  runtime: Runtime = systemRuntime,
): Promise<TestService> {
  const ports = { web: await freePort(), simulator: await freePort() };
  const billerIds = loadBillers('menus/billers.yaml')
    .all()
    .map(({ id }) => id);
  const config = loadConfig({ SIMULATORS: 'on', ...environmentOf(stores, ports, env) }, billerIds);
  const books = await openBooks(stores);
  await books.database.migrate();
  const running = await startRole(runtime, config, silentLog);
  const gateway = `http://127.0.0.1:${ports.web}`;
  const simulatorUrl = `http://127.0.0.1:${ports.simulator}`;
  const control = simulatorControl(simulatorUrl);
  await eventually('the paybill is registered', async () => {
    if ((await control.addresses()) === null) throw new Error('not yet');
  });
  const service: TestService = {
    gateway,
    simulatorUrl,
    control,
    books,
    async phone(msisdn) {
      const phone = makePhone({ gateway, key: KEY, control }, msisdn);
      await phone.handset({ answer: 'pay', delayMs: 20 });
      return phone;
    },
    post: (path, body) => post(`${gateway}${path}`, body),
    get: (path) => read(fetch(`${gateway}${path}`)),
    async expectSound() {
      await control.faults({});
      await books.expectSound(control);
    },
    async stop() {
      await running.stop();
      await books.close();
    },
  };
  return service;
}

/** Text and objects go as JSON, `URLSearchParams` as a form. */
export function post(url: string, body: string | object): Promise<Answer> {
  if (body instanceof URLSearchParams) return read(fetch(url, { method: 'POST', body }));
  const headers = { 'content-type': 'application/json' };
  return read(fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }));
}

async function read(answer: Promise<Response>): Promise<Answer> {
  const response = await answer;
  return { status: response.status, text: await response.text() };
}

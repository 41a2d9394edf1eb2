import { join } from 'node:path';
import { freePort } from '../../support/private-program.ts';
import { planMariaDb, planRedis } from '../../support/restartable-stores.ts';
import { type SimulatorControl, simulatorControl } from '../../support/service-control.ts';
import { build } from '../contestants.ts';
import { type Program, startProgram } from '../processes.ts';

/** Everything real on one machine: durable MariaDB and Redis, one web process, one worker, the simulator. */
export interface Deployment {
  databaseUrl: string;
  redisUrl: string;
  webUrl: string;
  simulatorUrl: string;
  web: Program;
  worker: Program;
  control: SimulatorControl;
  stop(): Promise<void>;
}

export const KEY = 'scale-key-0123456789';

/** The same customers pay all the time: limits out of the way. Everything else as in production. */
const SETTINGS = {
  ...{ SIMULATORS: 'on', CALLBACK_KEY: KEY, LOG_LEVEL: 'info', PROMPT_DELAY_MS: '0', REPEAT_WINDOW_SECONDS: '0' },
  ...{ LIMIT_CUSTOMER_DAILY: '100000000', LIMIT_OPERATOR_DAILY: '100000000', OUTBOX_POLL_MS: '100' },
  ...{ RULE_ACCOUNTS_PER_DAY: '10000', RULE_PAYMENTS_PER_10_MINUTES: '10000', WORKER_CONCURRENCY: '64' },
};

export interface Stores {
  databaseUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}

export async function startStores(folder: string): Promise<Stores> {
  const mariadb = await planMariaDb(folder, ['--innodb-buffer-pool-size=4G', '--innodb-log-file-size=1G']);
  const redis = await planRedis(folder);
  await mariadb.program.start();
  await redis.program.start();
  return {
    databaseUrl: mariadb.url,
    redisUrl: redis.url,
    async stop() {
      await redis.program.kill();
      await mariadb.program.kill();
    },
  };
}

export async function startDeployment(
  folder: string,
  { databaseUrl, redisUrl }: Stores,
  settings: Readonly<Record<string, string>> = {},
): Promise<Deployment> {
  if (!(await build())) throw new Error('what is measured is the compiled program, and it does not compile');
  const [webPort, workerPort, simulatorPort] = [await freePort(), await freePort(), await freePort()];
  const webUrl = `http://127.0.0.1:${webPort}`;
  const shared = {
    ...SETTINGS,
    ...settings,
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DATA_DIR: join(folder, 'var'), PUBLIC_URL: webUrl },
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_SMTP_PORT: '0',
  };
  const start = (name: string, role: string, readyUrl: string, env: Record<string, string>) =>
    startProgram({ name, args: ['dist/src/main.js'], folder, readyUrl, env: { ...shared, ...env, ROLE: role } });
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const simulator = await start('scale-simulator', 'simulator', `${simulatorUrl}/control/operator/addresses`, {});
  const web = await start('scale-web', 'web', `${webUrl}/health/live`, { PORT: String(webPort) });
  const worker = await start('scale-worker', 'worker', `http://127.0.0.1:${workerPort}/health/live`, {
    WORKER_PORT: String(workerPort),
  });
  return {
    ...{ databaseUrl, redisUrl, webUrl, simulatorUrl, web, worker, control: simulatorControl(simulatorUrl) },
    async stop() {
      await Promise.all([web, worker, simulator].map((program) => program.stop()));
    },
  };
}

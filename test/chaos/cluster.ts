import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/private-program.ts';
import { type Restartable, restartable } from '../support/restartable.ts';
import { planMariaDb, planRedis } from '../support/restartable-stores.ts';
import { type SimulatorControl, simulatorControl } from '../support/service-control.ts';

/** Everything as in production on one machine: MariaDB, Redis, two web processes, two workers, the simulator. */
export interface Cluster {
  mariadb: Restartable;
  redis: Restartable;
  webs: readonly [Restartable, Restartable];
  workers: readonly [Restartable, Restartable];
  simulator: Restartable;
  webUrls: readonly [string, string];
  databaseUrl: string;
  redisUrl: string;
  control: SimulatorControl;
  folder: string;
  stop(): Promise<void>;
}

/** Limits out of the way (the same customers pay all the time), delays short, everything else as it is. */
export const CHAOS_SETTINGS: Readonly<Record<string, string>> = {
  SIMULATORS: 'on',
  LOG_LEVEL: 'warn',
  PROMPT_DELAY_MS: '300',
  NOTICE_DELAY_MS: '15000',
  INQUIRY_DELAYS_S: '5,10,20,40,60',
  OUTBOX_POLL_MS: '200',
  OUTBOX_LEASE_S: '30',
  REPEAT_WINDOW_SECONDS: '0',
  LIMIT_CUSTOMER_DAILY: '100000000',
  LIMIT_OPERATOR_DAILY: '100000000',
  RULE_ACCOUNTS_PER_DAY: '10000',
  RULE_PAYMENTS_PER_10_MINUTES: '10000',
};

export const MAIN = ['--import', 'tsx', 'src/main.ts'];

export async function answersOk(url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}

export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'malipo-chaos-'));
  const mariadb = await planMariaDb(folder);
  const redis = await planRedis(folder);
  const [webA, webB, simulatorPort] = [await freePort(), await freePort(), await freePort()];
  const env = (ports: Record<string, string>) => ({
    ...CHAOS_SETTINGS,
    DATABASE_URL: mariadb.url,
    REDIS_URL: redis.url,
    DATA_DIR: folder,
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_SMTP_PORT: '0',
    ...ports,
  });
  const service = (name: string, role: string, port: number, path: string) =>
    restartable({
      name,
      command: process.execPath,
      args: MAIN,
      logFile: join(folder, `${name.replace(' ', '-')}.log`),
      env: env({
        ROLE: role,
        // Callbacks go to web A; when it is down they are lost, as they would be.
        PUBLIC_URL: `http://127.0.0.1:${webA}`,
        PORT: String(role === 'web' ? port : webA),
        ...(role === 'worker' ? { WORKER_PORT: String(port) } : {}),
      }),
      ready: () => answersOk(`http://127.0.0.1:${port}${path}`),
    });
  const cluster: Cluster = {
    mariadb: mariadb.program,
    redis: redis.program,
    webs: [service('web A', 'web', webA, '/health/live'), service('web B', 'web', webB, '/health/live')],
    workers: [
      service('worker A', 'worker', await freePort(), '/health/live'),
      service('worker B', 'worker', await freePort(), '/health/live'),
    ],
    simulator: service('simulator', 'simulator', simulatorPort, '/control/operator/addresses'),
    webUrls: [`http://127.0.0.1:${webA}`, `http://127.0.0.1:${webB}`],
    databaseUrl: mariadb.url,
    redisUrl: redis.url,
    control: simulatorControl(`http://127.0.0.1:${simulatorPort}`),
    folder,
    async stop() {
      const { webs, workers, simulator } = cluster;
      for (const one of [...webs, ...workers, simulator, cluster.redis, cluster.mariadb]) await one.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const one of [cluster.mariadb, cluster.redis, cluster.simulator, ...cluster.webs, ...cluster.workers]) {
      await one.start();
    }
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

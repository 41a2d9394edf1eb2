import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import type { Cluster } from './cluster.ts';

/** One thing that goes wrong, for a while, under load. */
export interface ChaosFault {
  name: string;
  begin(cluster: Cluster): Promise<void>;
  end(cluster: Cluster): Promise<void>;
  lastsMs: number;
  /** What readiness must name as long as it lasts, from every process; undefined: all must stay ready. */
  notReady?: 'database' | 'sessions';
  /** What readiness may say beside that, and be true: a process that is killed says nothing. */
  mayBe?: readonly string[];
}

const killed = (
  name: string,
  pick: (cluster: Cluster) => { kill(): Promise<void>; start(): Promise<void> },
): ChaosFault => ({
  name: `${name} killed (-9)`,
  lastsMs: 4_000,
  ...(name.startsWith('web') ? { mayBe: ['down'] } : {}),
  begin: (cluster) => pick(cluster).kill(),
  end: (cluster) => pick(cluster).start(),
});

const told = (name: string, lastsMs: number, plan: Parameters<Cluster['control']['faults']>[0]): ChaosFault => ({
  name,
  lastsMs,
  begin: ({ control }) => control.faults(plan),
  end: ({ control }) => control.faults({}),
});

const nothing = async () => {};

export const CHAOS_FAULTS: readonly ChaosFault[] = [
  { name: 'none', lastsMs: 8_000, begin: nothing, end: nothing },
  killed('web A', ({ webs }) => webs[0]),
  killed('web B', ({ webs }) => webs[1]),
  killed('worker A', ({ workers }) => workers[0]),
  killed('worker B', ({ workers }) => workers[1]),
  killed('simulator', ({ simulator }) => simulator),
  {
    name: 'Redis stopped, emptied, restarted',
    lastsMs: 5_000,
    notReady: 'sessions',
    begin: ({ redis }) => redis.kill(),
    async end({ redis, folder }) {
      await rm(join(folder, 'redis'), { recursive: true });
      await mkdir(join(folder, 'redis'));
      await redis.start();
    },
  },
  { name: 'Redis emptied while it runs', lastsMs: 3_000, begin: emptyRedis, end: nothing },
  {
    name: 'MariaDB stopped',
    lastsMs: 5_000,
    notReady: 'database',
    begin: ({ mariadb }) => mariadb.kill(),
    end: ({ mariadb }) => mariadb.start(),
  },
  { name: 'connections cut in a statement', lastsMs: 2_000, mayBe: ['database'], begin: cutStatements, end: nothing },
  told('operator hangs', 10_000, { daraja: { delayMs: [30_000, 30_000] } }),
  told('biller answers HTML', 8_000, { biller: { html: 1 } }),
];

async function emptyRedis({ redisUrl }: Cluster): Promise<void> {
  const client = new Redis(redisUrl);
  await client.flushall();
  client.disconnect();
}

const CUTTING_MS = 4_000;

/** Kills every connection that is in the middle of a statement, again and again. */
async function cutStatements({ databaseUrl }: Cluster): Promise<void> {
  const connection = await mysql.createConnection(databaseUrl);
  const endMs = Date.now() + CUTTING_MS;
  while (Date.now() < endMs) {
    const [rows] = await connection.query(
      "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE COMMAND IN ('Query', 'Execute') AND ID <> CONNECTION_ID()",
    );
    for (const { id } of rows as { id: number }[]) await connection.query(`KILL CONNECTION ${id}`).catch(nothing);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await connection.end();
}

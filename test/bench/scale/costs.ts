import { Redis } from 'ioredis';
import type { Connection } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import type { Deployment } from './deployment.ts';

/** What the stores and processes have done since they started. */
export interface Counters {
  /** SQL statements of clients, transactions' own among them. */
  statements: number;
  redisCommands: number;
  /** Reads by which Redis took what clients sent: round trips, as long as nothing is gathered. */
  redisTrips: number;
  webCpuMicros: number;
  workerCpuMicros: number;
}

/** A process that stands still cannot be asked, and uses nothing. */
const NO_USAGE = { cpuMicros: 0 };

export interface CostReader {
  read(): Promise<Counters>;
  sql: Connection;
  close(): Promise<void>;
}

export async function openCosts({ databaseUrl, redisUrl, web, worker }: Deployment): Promise<CostReader> {
  const sql = await mysql.createConnection(databaseUrl);
  const redis = new Redis(redisUrl);
  let own = 0;
  return {
    sql,
    async read() {
      const [rows] = await sql.query("SHOW GLOBAL STATUS LIKE 'Questions'");
      own += 1;
      const statements = Number((rows as { Value: string }[])[0]?.Value) - own;
      const info = await redis.info('stats');
      // Its own question is one of each.
      const redisCommands = Number(/total_commands_processed:(\d+)/.exec(info)?.[1]) - own;
      const redisTrips = Number(/total_reads_processed:(\d+)/.exec(info)?.[1]) - own;
      const [webUsage, workerUsage] = await Promise.all([web.usage(), worker.isFrozen() ? NO_USAGE : worker.usage()]);
      const cpu = { webCpuMicros: webUsage.cpuMicros, workerCpuMicros: workerUsage.cpuMicros };
      return { statements, redisCommands, redisTrips, ...cpu };
    },
    async close() {
      await sql.end();
      redis.disconnect();
    },
  };
}

export function costPer(before: Counters, after: Counters, count: number): Counters {
  return {
    statements: (after.statements - before.statements) / count,
    redisCommands: (after.redisCommands - before.redisCommands) / count,
    redisTrips: (after.redisTrips - before.redisTrips) / count,
    webCpuMicros: (after.webCpuMicros - before.webCpuMicros) / count,
    workerCpuMicros: (after.workerCpuMicros - before.workerCpuMicros) / count,
  };
}

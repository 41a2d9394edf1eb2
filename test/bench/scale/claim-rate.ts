import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { BENCH } from '../processes.ts';

export interface ClaimRate {
  workers: number;
  malipoPerSecond: number;
  floorPerSecond: number;
}

/** Rows claimed a second by 1 to 8 worker processes with `waiting` rows due, beside the same statements sent bare. */
export async function measureClaims(
  sql: Connection,
  databaseUrl: string,
  { waiting, seconds, workers }: { waiting: number; seconds: number; workers: readonly number[] },
): Promise<ClaimRate[]> {
  const rates: ClaimRate[] = [];
  for (const count of workers) {
    const rate = async (mode: 'floor' | 'malipo') => {
      await fillOutbox(sql, waiting);
      return (await claimTogether(mode, databaseUrl, count, seconds)) / seconds;
    };
    rates.push({ workers: count, floorPerSecond: await rate('floor'), malipoPerSecond: await rate('malipo') });
  }
  await sql.query('TRUNCATE TABLE outbox');
  return rates;
}

async function fillOutbox(sql: Connection, rows: number): Promise<void> {
  await sql.query('TRUNCATE TABLE outbox');
  await sql.query(
    `INSERT INTO outbox (id, topic, work_key, payload, state, due_at, attempts, created_at)
     SELECT CONCAT('00000000-0009-7000-8000-', LPAD(HEX(seq), 12, '0')), 'bench', CONCAT('bench:', seq), '{"transferId":"x"}', 'ready', seq, 0, 0
     FROM seq_1_to_${rows}`,
  );
}

async function claimTogether(mode: string, databaseUrl: string, count: number, seconds: number): Promise<number> {
  const children = Array.from({ length: count }, () =>
    fork(join(BENCH, 'scale/claimer.ts'), [mode, databaseUrl, String(seconds)], { execArgv: ['--import', 'tsx'] }),
  );
  await Promise.all(children.map(nextMessage));
  const results = children.map(nextMessage);
  for (const child of children) child.send('go');
  const claimed = (await Promise.all(results)) as number[];
  return claimed.reduce((total, one) => total + one, 0);
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a claiming process ended with ${code}`)));
  });
}

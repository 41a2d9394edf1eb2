import mysql from 'mysql2/promise';
import { schema } from '../../../ormconfig.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { makeOutbox } from '../../../src/platform/outbox/index.ts';

/*
 * One worker of the claim benchmark, a process of its own: claims rows for some seconds and sends back how many. As Malipo's
 * outbox does it, or (the floor) the same statements sent by a bare loop.
 */
const [mode, databaseUrl = '', secondsText] = process.argv.slice(2);
const BATCH = 16;
const LEASE_MS = 600_000;

process.once('message', async () => {
  const endMs = Date.now() + Number(secondsText) * 1_000;
  process.send?.(mode === 'floor' ? await claimBare(endMs) : await claimAsMalipo(endMs));
  process.exit(0);
});
process.send?.('ready');

async function claimAsMalipo(endMs: number): Promise<number> {
  const database = await openDatabase(systemRuntime, { databaseUrl, dataDir: '' }, schema);
  const outbox = makeOutbox(systemRuntime, database);
  let claimed = 0;
  while (Date.now() < endMs) claimed += (await outbox.claim(systemRuntime.ids.next(), BATCH, LEASE_MS)).length;
  await database.close();
  return claimed;
}

async function claimBare(endMs: number): Promise<number> {
  const connection = await mysql.createConnection(databaseUrl);
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  let claimed = 0;
  while (Date.now() < endMs) {
    const now = Date.now();
    await connection.query('START TRANSACTION');
    const [rows] = await connection.query(
      "SELECT id, topic, work_key, payload, state, due_at, attempts, claimed_by, last_error, created_at, finished_at FROM outbox WHERE state = 'ready' AND due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED",
      [now, BATCH],
    );
    const ids = (rows as { id: string }[]).map(({ id }) => id);
    if (ids.length > 0) {
      const owner = systemRuntime.ids.next();
      await connection.query('UPDATE outbox SET claimed_by = ?, due_at = ? WHERE id IN (?)', [
        owner,
        now + LEASE_MS,
        ids,
      ]);
    }
    await connection.query('COMMIT');
    claimed += ids.length;
  }
  await connection.end();
  return claimed;
}

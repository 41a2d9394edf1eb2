import mysql from 'mysql2/promise';
import type { CostReader } from './costs.ts';
import type { Deployment } from './deployment.ts';
import { walkDialogs } from './people.ts';
import { untilReceipts } from './sustained.ts';

/** What the stores alone would allow: the statements of real payments, sent again by a bare loop. */
export interface StatementFloor {
  paymentsPerSecond: number;
  statementsPerPayment: number;
  /** Of the bare loop. */
  cpuMicrosPerPayment: number;
  /** Statements that met rows of another order than before. */
  failed: number;
}

const PAYMENTS = 200;
const PEOPLE = 24;
/** As many as web and worker hold together. */
const CONNECTIONS = 20;

/** Tables that a payment writes into, by id; ids are in the order of time. */
const WRITTEN = [
  ...['payment_event', 'payment_token', 'payment', 'transfer_event', 'transfer', 'ledger_posting', 'ledger_entry'],
  ...['message', 'outbox', 'inbox_event', 'customer'],
];

/**
 * Writes down every statement of some payments, takes their rows away again, and sends the same statements from a bare loop:
 * whole transactions in the order in which they ended, on as many connections as the service has.
 */
export async function measureStatementFloor(
  { webUrl, databaseUrl, control }: Deployment,
  { sql }: CostReader,
  first: number,
): Promise<StatementFloor> {
  const startedMs = Date.now();
  await sql.query("SET GLOBAL log_output = 'TABLE'");
  await sql.query('TRUNCATE TABLE mysql.general_log');
  await sql.query('SET GLOBAL general_log = ON');
  await control.faults({});
  await walkDialogs(webUrl, { people: PEOPLE, dialogs: PAYMENTS, first });
  await untilReceipts(sql, startedMs, PAYMENTS);
  await sql.query('SET GLOBAL general_log = OFF');
  const units = await readUnits(sql);
  const firstId = `${startedMs
    .toString(16)
    .padStart(12, '0')
    .replace(/(.{8})/, '$1-')}-`;
  for (const table of WRITTEN) await sql.query(`DELETE FROM ${table} WHERE id >= ?`, [firstId]);
  return replay(databaseUrl, units);
}

/** Transactions, and statements that stand alone, in the order in which they ended. */
async function readUnits(sql: mysql.Connection): Promise<string[][]> {
  const [own] = await sql.query('SELECT CONNECTION_ID() AS id');
  const [rows] = await sql.query(
    "SELECT thread_id AS thread, CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE command_type IN ('Query', 'Execute') AND thread_id <> ?",
    [Number((own as { id: number }[])[0]?.id)],
  );
  const open = new Map<string, string[]>();
  const units: string[][] = [];
  for (const { thread, text } of rows as { thread: string; text: string }[]) {
    const unit = open.get(thread);
    if (/^(START TRANSACTION|BEGIN)/i.test(text)) open.set(thread, [text]);
    else if (!unit) units.push([text]);
    else {
      unit.push(text);
      if (!/^(COMMIT|ROLLBACK)\b/i.test(text)) continue;
      units.push(unit);
      open.delete(thread);
    }
  }
  return units;
}

async function replay(databaseUrl: string, units: readonly string[][]): Promise<StatementFloor> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => mysql.createConnection(databaseUrl)));
  for (const one of connections) await one.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  let [next, failed, statements] = [0, 0, 0];
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let unit = units[next++]; unit; unit = units[next++]) {
        for (const text of unit) {
          statements += 1;
          await connection.query(text).catch(() => {
            failed += 1;
          });
        }
      }
    }),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(before);
  for (const one of connections) await one.end();
  return {
    paymentsPerSecond: PAYMENTS / seconds,
    statementsPerPayment: statements / PAYMENTS,
    cpuMicrosPerPayment: (user + system) / PAYMENTS,
    failed,
  };
}

import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { HourMessages, HourMovements, HourPayments, HourWaits } from './hours.ts';
import { addWaits, packWaits, stepOf, type Waits } from './waits.ts';

export interface ReportDeps {
  runtime: Runtime;
  database: Database;
  /** Whose clock the hours are of. */
  timeZone: string;
}

/** One hour. */
export interface Hour {
  fromMs: number;
  toMs: number;
}

type Row = Record<string, unknown>;
type Draft<T> = Omit<T, 'id' | 'hourMs'>;

/*
 * What an hour comes to, read anew from the facts themselves, each by an index of their time: it costs what the hour has, whatever the
 * tables hold.
 */

export async function paymentsOf({ database }: ReportDeps, { fromMs, toMs }: Hour): Promise<Draft<HourPayments>[]> {
  const rows: Row[] = await database.reader.query(
    `SELECT COALESCE(p.biller_id, '') AS biller, COALESCE(t.operator, '') AS operator, p.state AS state,
       p.currency AS currency, COUNT(*) AS payments, SUM(p.amount_minor) AS amount
     FROM payment p LEFT JOIN transfer t ON t.id = p.transfer_id
     WHERE p.created_at >= ? AND p.created_at < ?
     GROUP BY COALESCE(p.biller_id, ''), COALESCE(t.operator, ''), p.state, p.currency`,
    [fromMs, toMs],
  );
  return rows.map(({ biller, operator, state, currency, payments, amount }) => ({
    ...{ billerId: String(biller), operator: String(operator), state: String(state), currency: String(currency) },
    ...{ payments: Number(payments), amountMinor: BigInt(String(amount)) },
  }));
}

/** From the confirmation with us to the provider taking the receipt; who pays at the paybill confirms to the operator. */
export async function waitsOf({ database }: ReportDeps, { fromMs, toMs }: Hour): Promise<Draft<HourWaits>[]> {
  const rows: Row[] = await database.reader.query(
    `SELECT COALESCE(p.biller_id, '') AS biller, COALESCE(t.operator, '') AS operator,
       m.sent_at - p.created_at - (m.sent_at - p.created_at) % 1000 AS wait, COUNT(*) AS payments
     FROM payment p JOIN message m ON m.subject_id = p.id LEFT JOIN transfer t ON t.id = p.transfer_id
     WHERE p.created_at >= ? AND p.created_at < ? AND p.channel <> 'paybill'
       AND m.sent_at IS NOT NULL AND m.fact_key LIKE 'receipt:%'
     GROUP BY COALESCE(p.biller_id, ''), COALESCE(t.operator, ''),
       m.sent_at - p.created_at - (m.sent_at - p.created_at) % 1000`,
    [fromMs, toMs],
  );
  const found = new Map<string, { billerId: string; operator: string; waits: Waits }>();
  for (const { biller, operator, wait, payments } of rows) {
    const key = `${biller} ${operator}`;
    const one = found.get(key) ?? { billerId: String(biller), operator: String(operator), waits: new Map() };
    found.set(key, one);
    addWaits(one.waits, stepOf(Number(wait)), Number(payments));
  }
  return [...found.values()].map((one) => ({ ...one, waits: packWaits(one.waits) }));
}

export async function messagesOf({ database }: ReportDeps, { fromMs, toMs }: Hour): Promise<Draft<HourMessages>[]> {
  const rows: Row[] = await database.reader.query(
    `SELECT COALESCE(p.biller_id, '') AS biller, m.kind AS kind, COALESCE(m.cost, '') AS cost, COUNT(*) AS messages,
       SUM(m.segments) AS segments
     FROM message m LEFT JOIN payment p ON p.id = m.subject_id
     WHERE m.sent_at >= ? AND m.sent_at < ?
     GROUP BY COALESCE(p.biller_id, ''), m.kind, COALESCE(m.cost, '')`,
    [fromMs, toMs],
  );
  const found = new Map<string, Draft<HourMessages>>();
  for (const row of rows) {
    const [billerId, kind, messages] = [String(row.biller), String(row.kind), Number(row.messages)];
    const { currency, costE4 } = readCost(String(row.cost));
    const key = `${billerId} ${kind} ${currency}`;
    const one = found.get(key) ?? { billerId, kind, currency, messages: 0, segments: 0, costE4: 0n };
    found.set(key, one);
    one.messages += messages;
    one.segments += Number(row.segments);
    one.costE4 += costE4 * BigInt(messages);
  }
  return [...found.values()];
}

/** `KES 0.8000`, as the provider writes it. What cannot be read is counted and costs nothing that is known. */
export function readCost(cost: string): { currency: string; costE4: bigint } {
  const match = /^([A-Z]{3}) (\d{1,9})(?:\.(\d{1,6}))?$/.exec(cost.trim());
  if (!match) return { currency: '', costE4: 0n };
  const [, currency = '', whole = '0', part = ''] = match;
  return { currency, costE4: BigInt(whole + part.padEnd(4, '0').slice(0, 4)) };
}

export async function movementsOf({ database }: ReportDeps, { fromMs, toMs }: Hour): Promise<Draft<HourMovements>[]> {
  const rows: Row[] = await database.reader.query(
    `SELECT p.account AS account, p.currency AS currency, SUM(p.amount_minor) AS amount
     FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
     WHERE e.at >= ? AND e.at < ? GROUP BY p.account, p.currency`,
    [fromMs, toMs],
  );
  return rows.map(({ account, currency, amount }) => ({
    ...{ account: String(account), currency: String(currency), amountMinor: BigInt(String(amount)) },
  }));
}

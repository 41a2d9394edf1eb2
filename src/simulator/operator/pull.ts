import { z } from 'zod';
import { jsonReply, parseJson, readNairobiTime, type SimulatorReply, steadyName } from '../basis/index.ts';
import { badField } from './daraja-replies.ts';
import { decimal, type OperatorBooks, type Transaction } from './operator-books.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { fieldOf } from './stk-push.ts';

const text = z.union([z.string(), z.number()]).transform(String);
const time = z.string().refine((value) => readNairobiTime(value) !== undefined);

const PullQuery = z.object({
  ShortCode: text,
  StartDate: time,
  EndDate: time,
  /** Rows to leave out, not a page's number. */
  OffSetValue: text.pipe(z.string().regex(/^\d{1,9}$/)),
});

const WINDOW_MS = 48 * 3_600_000;
export const PULL_PAGE_ROWS = 100;

/** `POST /pulltransactions/v1/query`: paybill payments of the last 48 hours, a list in a list; 1001 when there are none. */
export function pullTransactions(deps: OperatorDeps, books: OperatorBooks, body: string): SimulatorReply {
  const { ids, clock } = deps.runtime;
  const query = PullQuery.safeParse(parseJson(body));
  if (!query.success) return badField(ids, fieldOf(query.error));
  const { ShortCode, StartDate, EndDate, OffSetValue } = query.data;
  if (ShortCode !== deps.config.operator.shortCode) return badField(ids, 'ShortCode');
  // The wire's times are whole seconds: the last second counts whole.
  const until = (readNairobiTime(EndDate) ?? 0) + 999;
  const from = Math.max(readNairobiTime(StartDate) ?? 0, clock.now() - WINDOW_MS);
  const rows = pageOf(books.since(from), until, Number(OffSetValue));
  return jsonReply(200, {
    ResponseRefID: ids.next(),
    ResponseCode: rows.length > 0 ? '1000' : '1001',
    ResponseMessage: rows.length > 0 ? 'Success' : 'No transactions found',
    Response: [rows.map(rowOf)],
  });
}

function pageOf(tail: Iterable<Transaction>, until: number, offset: number): Transaction[] {
  const rows: Transaction[] = [];
  let seen = 0;
  for (const transaction of tail) {
    if (transaction.at > until || rows.length === PULL_PAGE_ROWS) break;
    if (transaction.kind !== 'collect' && transaction.kind !== 'paybill') continue;
    if (seen >= offset) rows.push(transaction);
    seen += 1;
  }
  return rows;
}

function rowOf(transaction: Transaction) {
  return {
    transactionId: transaction.receipt,
    trxDate: new Date(transaction.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    msisdn: Number(transaction.msisdn.slice(1)),
    sender: steadyName(transaction.msisdn).first,
    transactiontype: 'c2b-pay-bill-debit',
    billreference: transaction.account,
    amount: decimal(transaction.amountMinor, transaction.currency),
    organizationname: 'Malipo',
  };
}

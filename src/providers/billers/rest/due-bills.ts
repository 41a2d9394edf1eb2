import { invariant, parseMoney } from '../../../kernel/index.ts';
import type { BillsAnswer, DueBill } from '../contract.ts';
import { callBiller, describeReply, type RestBillerDeps } from './biller-api.ts';
import { Bill, BillsPage, readProblem } from './wire.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** One page of the bills that are due on these days. */
export async function readDueBills(
  deps: RestBillerDeps,
  { fromDay, toDay, cursor }: { fromDay: string; toDay: string; cursor: string | null },
): Promise<BillsAnswer> {
  invariant(DAY.test(fromDay) && DAY.test(toDay), 'bills are asked for by their days');
  const query = new URLSearchParams({ dueFrom: fromDay, dueTo: toDay, ...(cursor === null ? {} : { cursor }) });
  const path = `/bills?${query}`;
  const reply = await callBiller(deps, 'biller-bills', { method: 'GET', path, timeoutMs: deps.timeoutMs });
  if (reply.kind === 'none') return { kind: 'unknown', description: reply.description };
  // A bare 404 may come from a proxy on the way.
  if (reply.status === 501 || (reply.status === 404 && readProblem(reply.json).reason === 'not-offered')) {
    return { kind: 'not-offered' };
  }
  const read = reply.status === 200 ? BillsPage.safeParse(reply.json) : undefined;
  if (!read?.success) return { kind: 'unknown', description: describeReply(reply) };
  if (read.data.next !== null && read.data.next === cursor) {
    return { kind: 'unknown', description: 'a page of bills leads to itself' };
  }
  const bills = read.data.bills.map((one) => readBill(deps, one, fromDay, toDay));
  const readable = bills.filter((bill) => bill !== undefined);
  return { kind: 'page', bills: readable, unreadable: bills.length - readable.length, next: read.data.next };
}

function readBill({ currency }: RestBillerDeps, json: unknown, fromDay: string, toDay: string): DueBill | undefined {
  const read = Bill.safeParse(json);
  if (!read.success || read.data.currency !== currency) return undefined;
  const { bill, account, dueDate, issuedOn } = read.data;
  const due = parseMoney(read.data.due, currency);
  if (!due || due.amountMinor === 0n || dueDate < fromDay || dueDate > toDay) return undefined;
  return { bill, account, due, dueDay: dueDate, ...(issuedOn === undefined ? {} : { issuedDay: issuedOn }) };
}

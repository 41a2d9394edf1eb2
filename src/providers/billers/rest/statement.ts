import { invariant, parseMoney } from '../../../kernel/index.ts';
import type { StatementLine } from '../contract.ts';
import { callBiller, describeReply, type RestBillerDeps } from './biller-api.ts';
import { StatementPage } from './wire.ts';

/** A statement that cannot be read to its end is no statement: thrown in the middle, never ended early. */
export class StatementUnavailable extends Error {
  override readonly name = 'StatementUnavailable';
}

/** A million lines a day at the size of a page. */
const MOST_PAGES = 1000;

export async function* readStatement(deps: RestBillerDeps, day: string): AsyncGenerator<StatementLine> {
  invariant(/^\d{4}-\d\d-\d\d$/.test(day), 'a statement is asked for by its day');
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const path = `/statements/${day}${query}`;
    const reply = await callBiller(deps, 'biller-statement', { method: 'GET', path, timeoutMs: deps.timeoutMs });
    const read = reply.kind === 'answer' && reply.status === 200 ? StatementPage.safeParse(reply.json) : undefined;
    if (!read?.success) throw new StatementUnavailable(`page ${page + 1}: ${describeReply(reply)}`);
    for (const line of read.data.lines) yield toLine(deps, line, page);
    if (read.data.next === null) return;
    if (read.data.next === cursor) throw new StatementUnavailable(`page ${page + 1} leads to itself`);
    cursor = read.data.next;
  }
  throw new StatementUnavailable(`more than ${MOST_PAGES} pages`);
}

function toLine(deps: RestBillerDeps, line: StatementPage['lines'][number], page: number): StatementLine {
  const amount = line.currency === deps.currency ? parseMoney(line.amount, deps.currency) : undefined;
  if (amount === undefined) throw new StatementUnavailable(`page ${page + 1} has an amount that cannot be read`);
  return {
    reference: line.reference,
    billerReference: line.billerReference,
    account: line.account,
    amount,
    bookedAtMs: line.bookedAt,
  };
}

import { Between } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type Payment, PaymentSchema } from '../payments/index.ts';
import {
  isSelective,
  type PaymentCursor,
  type PaymentFilters,
  pageOf,
  type Range,
  UNSELECTIVE_MS,
  wantedOf,
} from './payment-pages.ts';

/** The embedded store reads in the process that answers customers: some milliseconds at a time. */
const READ_TOGETHER = 500;

/**
 * All payments of a list, newest first, some at a time, each once however long it takes: what is read later than `nowMs` is not in it.
 * A period that was asked for is read to its beginning; without one it is that of the list.
 */
export async function* eachPayment(
  { database }: { database: Database },
  filters: PaymentFilters,
  nowMs: number,
): AsyncGenerator<Payment[]> {
  const range = exportRange(filters, nowMs);
  let after: PaymentCursor | undefined;
  do {
    const page = await pageOf(database, filters, range, after, READ_TOGETHER);
    if (page.payments.length > 0) yield page.payments;
    after = page.next;
  } while (after);
}

/** How many that will be, up to `most`, from an index. Who dialled and paid himself is counted once for each. */
export async function countPayments(
  { database }: { database: Database },
  filters: PaymentFilters,
  { nowMs, most }: { nowMs: number; most: number },
): Promise<number> {
  const range = exportRange(filters, nowMs);
  const counts = wantedOf(filters).map(async (where) => {
    const some = database.reader
      .createQueryBuilder(PaymentSchema, 'p')
      .select('1', 'one')
      .where({ ...where, createdAtMs: Between(range.fromMs, range.lastMs) })
      .limit(most);
    const [sql, values] = some.getQueryAndParameters();
    const [row]: { found: unknown }[] = await database.reader.query(
      `SELECT COUNT(*) AS found FROM (${sql}) some`,
      values,
    );
    return Number(row?.found ?? 0);
  });
  return Math.min(
    (await Promise.all(counts)).reduce((sum, count) => sum + count, 0),
    most,
  );
}

function exportRange(filters: PaymentFilters, nowMs: number): Range {
  const endMs = Math.min(filters.toMs ?? Number.MAX_SAFE_INTEGER, nowMs + 1);
  const earliestMs = isSelective(filters) ? 0 : endMs - UNSELECTIVE_MS;
  return { fromMs: filters.fromMs ?? earliestMs, lastMs: endMs - 1 };
}

import type { FigureFilters, ShareOfPayments } from './figures.ts';
import type { ReportDeps } from './hour-facts.ts';

export interface FigureRow extends ShareOfPayments {
  hourMs: number;
}

const READ_TOGETHER = 500;

/** The finest figures, one row for each hour, biller, operator and state, some at a time. */
export async function* eachFigure({ database }: ReportDeps, filters: FigureFilters): AsyncGenerator<FigureRow[]> {
  const { fromMs, toMs, currency, billerId, operator, state } = filters;
  const given = Object.entries({ biller_id: billerId, operator, state }).filter(([, value]) => value !== undefined);
  const narrowed = given.map(([name]) => ` AND ${name} = ?`).join('');
  let place = { hourMs: fromMs, id: '' };
  for (;;) {
    const rows: Record<string, unknown>[] = await database.reader.query(
      `SELECT id, hour_at, biller_id, operator, state, payments, amount_minor FROM hour_payments
       WHERE hour_at >= ? AND hour_at < ? AND (hour_at > ? OR id > ?) AND currency = ?${narrowed}
       ORDER BY hour_at, id LIMIT ${READ_TOGETHER}`,
      [place.hourMs, toMs, place.hourMs, place.id, currency, ...given.map(([, value]) => value)],
    );
    if (rows.length > 0) {
      yield rows.map((row) => ({
        ...{ hourMs: Number(row.hour_at), billerId: String(row.biller_id), operator: String(row.operator) },
        ...{ state: String(row.state) as FigureRow['state'], payments: Number(row.payments) },
        amountMinor: BigInt(String(row.amount_minor)),
      }));
    }
    const last = rows.at(-1);
    if (!last || rows.length < READ_TOGETHER) return;
    place = { hourMs: Number(last.hour_at), id: String(last.id) };
  }
}

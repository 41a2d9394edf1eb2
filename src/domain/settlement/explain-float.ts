import { ledgerAccount } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { entryKind } from './entry-kinds.ts';

/** Whose float, up to which instant, and from which day on lines and bookings are compared. */
export interface FloatScope {
  operator: string;
  currency: string;
  asOfMs: number;
  sinceDay: string;
  sinceMs: number;
}

interface Counted {
  items: number;
  amountMinor: bigint;
}

type Row = Record<string, unknown>;

const counted = (row: Row | undefined): Counted => ({
  items: Number(row?.items ?? 0),
  amountMinor: BigInt(String(row?.amount ?? 0)),
});

/** Our clock and the operator's differ by minutes at most. */
const CLOCKS_MS = 3_600_000;

/**
 * What the ledger booked on the float and the operator did at `asOfMs` or later. A line's time counts before what we were told: a
 * success without a time got ours, and a payout is recorded when finance has it. The opening balance is older than all of it.
 */
export async function bookedAfter(tx: Tx, { operator, currency, asOfMs }: FloatScope): Promise<bigint> {
  const [row]: Row[] = await tx.manager.query(
    `SELECT COUNT(*) AS items, SUM(p.amount_minor) AS amount FROM ledger_entry e
     JOIN ledger_posting p ON p.entry_id = e.id AND COALESCE(p.account, '') = ? AND p.currency = ?
     LEFT JOIN transfer t ON t.id = e.subject_id
     LEFT JOIN statement_line l ON l.id = e.subject_id
     LEFT JOIN settlement o ON o.id = e.subject_id
     WHERE e.at >= ? AND e.kind <> '${entryKind.opening}' AND COALESCE(
       (SELECT MIN(r.at) FROM statement_line r WHERE r.party = ? AND r.receipt = COALESCE(t.receipt, o.bank_reference)
         AND r.line_state = 'accepted' AND r.line_kind <> 'charge'),
       t.completed_at, l.at, e.at) >= ?`,
    [ledgerAccount.float(operator), currency, asOfMs - CLOCKS_MS, operator, asOfMs],
  );
  return counted(row).amountMinor;
}

/** Lines of the operator that nothing in the ledger answers to: its charges, and all others. */
export async function unbookedLines(tx: Tx, scope: FloatScope): Promise<{ charges: Counted; others: Counted }> {
  const { operator, currency, asOfMs, sinceDay } = scope;
  const rows: Row[] = await tx.manager.query(
    `SELECT CASE WHEN l.line_kind = 'charge' THEN 1 ELSE 0 END AS is_charge, COUNT(*) AS items, SUM(l.amount_minor) AS amount
     FROM statement_line l
     JOIN statement s ON s.id = l.statement_id AND s.state = 'complete'
     LEFT JOIN transfer t ON t.operator = l.party AND t.receipt = l.receipt AND t.state = 'succeeded'
     LEFT JOIN ledger_entry e ON e.subject_id = l.id AND e.kind = '${entryKind.charge}'
     LEFT JOIN settlement o ON l.line_kind = 'payout' AND o.bank_reference = l.receipt AND o.paid_from = ?
     WHERE l.party = ? AND l.day >= ? AND l.line_state = 'accepted' AND l.side = 'operator' AND l.currency = ? AND l.at < ?
       AND CASE WHEN l.line_kind = 'charge' THEN e.id IS NULL ELSE t.id IS NULL AND o.id IS NULL END
     GROUP BY is_charge`,
    [ledgerAccount.float(operator), operator, sinceDay, currency, asOfMs],
  );
  const of = (isCharge: number) => counted(rows.find((row) => Number(row.is_charge) === isCharge));
  return { charges: of(1), others: of(0) };
}

const NO_LINE = `NOT EXISTS (SELECT 1 FROM statement_line l JOIN statement s ON s.id = l.statement_id AND s.state = 'complete'
  WHERE l.party = ? AND l.receipt = x.receipt AND l.line_state = 'accepted' AND l.line_kind <> 'charge')`;

/** What the ledger booked on the float and no line of the operator says: it may come. */
export async function withoutLine(tx: Tx, scope: FloatScope): Promise<Counted> {
  const { operator, currency, asOfMs, sinceMs } = scope;
  const [transfers]: Row[] = await tx.manager.query(
    `SELECT COUNT(*) AS items, SUM(CASE WHEN x.route = 'payout' OR (x.route = 'reversal' AND x.purpose <> 'return')
       THEN -x.amount_minor ELSE x.amount_minor END) AS amount
     FROM transfer x WHERE x.state = 'succeeded' AND x.created_at >= ? AND x.operator = ? AND x.currency = ?
       AND COALESCE(x.completed_at, x.settled_at) >= ? AND COALESCE(x.completed_at, x.settled_at) < ? AND ${NO_LINE}`,
    [sinceMs - CREATED_BEFORE_MS, operator, currency, sinceMs, asOfMs, operator],
  );
  const [payouts]: Row[] = await tx.manager.query(
    `SELECT COUNT(*) AS items, SUM(-x.net_minor) AS amount
     FROM (SELECT net_minor, bank_reference AS receipt FROM settlement
       WHERE state = 'paid-out' AND paid_from = ? AND currency = ? AND paid_at >= ? AND paid_at < ?) x WHERE ${NO_LINE}`,
    [ledgerAccount.float(operator), currency, sinceMs, asOfMs, operator],
  );
  const [moved, paid] = [counted(transfers), counted(payouts)];
  return { items: moved.items + paid.items, amountMinor: moved.amountMinor + paid.amountMinor };
}

/** A prompt is answered within minutes; what was unknown is decided within days. */
const CREATED_BEFORE_MS = 7 * 86_400_000;

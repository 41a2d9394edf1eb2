import { ledgerAccount } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { entryKind } from './entry-kinds.ts';

/** A posting on a biller's account that no settlement has taken in yet, with the payment that it is about. */
export interface Fact {
  factId: string;
  bookedAtMs: number;
  /** When the customer paid, by the operator's clock. */
  completedAtMs: number;
  paymentId: string | null;
  reference: string;
  account: string;
  operatorReceipt: string;
  billerReference: string;
  /** What the biller gains by it; negative when money was taken back. */
  amountMinor: bigint;
  currency: string;
}

/** A place among the ledger's entries, in the order of time. */
export interface Place {
  atMs: number;
  id: string;
}

export interface FactPage {
  facts: Fact[];
  /** Where to read on; undefined at the end. */
  next: Place | undefined;
}

type Row = Record<string, string | number | bigint | null>;

/**
 * `COALESCE` keeps the index of accounts out of it: a biller's account has every posting of years, an entry has two.
 *
 * Pages by entries, not by facts, so that the index of time is walked once, whoever else has booked in between.
 */
const PAGE = `SELECT e.id AS entry_id, e.at AS booked_at, p.id AS fact_id, p.amount_minor, p.currency,
  pay.id AS payment_id, pay.reference, pay.account, pay.operator_receipt, pay.biller_reference,
  COALESCE(t.completed_at, pay.collected_at, e.at) AS completed_at
FROM (
  SELECT id, kind, subject_id, at FROM ledger_entry
  WHERE at >= ? AND (at > ? OR id > ?) ORDER BY at, id LIMIT ?
) e
LEFT JOIN ledger_posting p ON p.entry_id = e.id AND COALESCE(p.account, '') = ? AND e.kind NOT IN (?, ?, ?)
LEFT JOIN settlement_line l ON l.fact_id = p.id
LEFT JOIN payment pay ON pay.id = e.subject_id
LEFT JOIN transfer t ON t.id = pay.transfer_id
WHERE p.id IS NULL OR l.id IS NULL
ORDER BY e.at, e.id`;

const LAST_OF_PAGE = `SELECT id, at FROM ledger_entry WHERE at >= ? AND (at > ? OR id > ?) ORDER BY at, id LIMIT 1 OFFSET ?`;

export async function readFacts(tx: Tx, billerId: string, after: Place, entries: number): Promise<FactPage> {
  const from = [after.atMs, after.atMs, after.id];
  const rows: Row[] = await tx.manager.query(PAGE, [
    ...from,
    entries,
    ledgerAccount.payable(billerId),
    ...[entryKind.fee, entryKind.feeBack, entryKind.paid],
  ]);
  const [last]: Row[] = await tx.manager.query(LAST_OF_PAGE, [...from, entries - 1]);
  return {
    facts: rows.filter((row) => row.fact_id !== null).map(factOf),
    next: last && { atMs: Number(last.at), id: String(last.id) },
  };
}

function factOf(row: Row): Fact {
  return {
    factId: String(row.fact_id),
    bookedAtMs: Number(row.booked_at),
    completedAtMs: Number(row.completed_at),
    paymentId: row.payment_id === null ? null : String(row.payment_id),
    reference: String(row.reference ?? ''),
    account: String(row.account ?? ''),
    operatorReceipt: String(row.operator_receipt ?? ''),
    billerReference: String(row.biller_reference ?? ''),
    // A credit on the biller's account is what we owe it.
    amountMinor: -BigInt(String(row.amount_minor)),
    currency: String(row.currency),
  };
}

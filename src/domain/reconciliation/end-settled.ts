import { endByEvidence } from './end-by-evidence.ts';
import type { BreakDeps } from './open-break.ts';

interface Answered {
  id: string;
  state: string;
  receipt: string | null;
}

/**
 * Breaks that were opened on the way, whose question has an answer by now; each kind with the words for it. The states of payments and
 * transfers are wrapped, so that the few breaks lead to them and not the index of all that were ever posted.
 */
const QUESTIONS: readonly { sql: string; answer(found: Answered): string }[] = [
  {
    sql: `SELECT k.id, t.state, t.receipt FROM reconciliation_break k JOIN transfer t ON t.id = k.subject_id
      WHERE k.state IN ('open', 'proposed') AND (
        (k.break_type = 'unknown-transfer' AND t.state IN ('succeeded', 'failed'))
        OR (k.break_type = 'receipt-missing' AND t.receipt IS NOT NULL)
        OR (k.break_type = 'payer-unknown' AND t.payer IS NOT NULL))`,
    answer: ({ state, receipt }) => `the transfer is ${state}${receipt ? `, receipt ${receipt}` : ''}`,
  },
  {
    sql: `SELECT k.id, p.state, p.operator_receipt AS receipt FROM reconciliation_break k JOIN payment p ON p.id = k.subject_id
      WHERE k.state IN ('open', 'proposed') AND k.break_type IN ('payment-delayed', 'refund-proposed')
        AND COALESCE(p.state, '') IN ('posted', 'refunded')`,
    answer: ({ state }) => `the payment is ${state}`,
  },
  {
    sql: `SELECT k.id, r.state, r.receipt FROM reconciliation_break k LEFT JOIN refund f ON f.id = k.subject_id
      JOIN transfer r ON r.purpose_id = COALESCE(f.transfer_id, k.subject_id)
      WHERE k.state IN ('open', 'proposed') AND k.break_type IN ('paid-twice', 'refund-failed')
        AND r.route = 'reversal' AND COALESCE(r.state, '') = 'succeeded'`,
    answer: ({ receipt }) => `the money was given back${receipt ? `, receipt ${receipt}` : ''}`,
  },
  {
    sql: `SELECT k.id, f.state, t.receipt FROM reconciliation_break k JOIN refund f ON f.id = k.subject_id
      JOIN transfer t ON t.id = f.reversal_id
      WHERE k.state IN ('open', 'proposed') AND k.break_type = 'refund-failed' AND f.kind = 'part' AND COALESCE(f.state, '') = 'paid'`,
    answer: ({ receipt }) => `it was paid after all${receipt ? `, receipt ${receipt}` : ''}`,
  },
];

const TOGETHER = 200;

/** Ends the breaks whose question evidence has answered since. */
export async function endSettled(deps: BreakDeps): Promise<void> {
  for (const { sql, answer } of QUESTIONS) {
    for (;;) {
      const rows: Answered[] = await deps.database.reader.query(`${sql} ORDER BY k.id LIMIT ${TOGETHER}`);
      if (rows.length === 0) break;
      await deps.database.transaction(async (tx) => {
        for (const row of rows) await endByEvidence(deps, tx, row.id, answer(row));
      });
    }
  }
}

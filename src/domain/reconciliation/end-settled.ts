import { endByEvidence } from './end-by-evidence.ts';
import type { BreakDeps } from './open-break.ts';

/** Breaks that were opened on the way, whose question has an answer by now. */
const ANSWERED = `
  SELECT k.id, t.state, t.receipt FROM reconciliation_break k JOIN transfer t ON t.id = k.subject_id
  WHERE k.state IN ('open', 'proposed') AND (
    (k.break_type = 'unknown-transfer' AND t.state IN ('succeeded', 'failed'))
    OR (k.break_type = 'receipt-missing' AND t.receipt IS NOT NULL)
    OR (k.break_type = 'payer-unknown' AND t.payer IS NOT NULL))
  ORDER BY k.id LIMIT 200`;

/** Ends the breaks of transfers that evidence has decided since. */
export async function endSettled(deps: BreakDeps): Promise<void> {
  for (;;) {
    const rows: { id: string; state: string; receipt: string | null }[] = await deps.database.reader.query(ANSWERED);
    if (rows.length === 0) return;
    await deps.database.transaction(async (tx) => {
      for (const { id, state, receipt } of rows) {
        await endByEvidence(deps, tx, id, `the transfer is ${state}${receipt ? `, receipt ${receipt}` : ''}`);
      }
    });
  }
}

import type { Tx } from '../../platform/database/index.ts';
import { BILLER_SET, COUNTS, INTO_RESULT, OPERATOR_SET, OURS_ALONE, SIGNED, verdictSql } from './match-sql.ts';
import type { ReconDay } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import type { RunSteps } from './run-steps.ts';

/** What a matching pass is given: whose versions are made, and how. */
export interface Matching {
  deps: ReconDeps;
  steps: RunSteps;
  /** The versions that this run makes. */
  days: readonly ReconDay[];
  waited: boolean;
  /** Rows of one commit: long enough to be worth it, short enough that nobody waits. */
  chunk: number;
  report(done: number): void;
}

const CHUNK_END = `
  SELECT completed_at, id FROM transfer
  WHERE operator = ? AND completed_at >= ? AND completed_at < ? AND (completed_at > ? OR id > ?)
  ORDER BY completed_at, id LIMIT 1 OFFSET ?`;

/** Money that has come, and payouts: each transfer with the operator's line of its receipt and the biller's line of its reference. */
const MATCH = (waited: boolean) => `${INTO_RESULT}
  SELECT x.day_id, x.transfer_id, 'transfer', x.transfer_id, x.payment_id, x.operator_line_id, x.biller_line_id,
    ${verdictSql(waited)}, x.operator_set, x.biller_set,
    CASE WHEN x.operator_line_id IS NULL THEN NULL ELSE 'receipt' END,
    CASE WHEN x.biller_line_id IS NULL THEN NULL ELSE 'reference' END,
    x.ours_minor, x.operator_minor, x.biller_minor
  FROM (
    SELECT d.id AS day_id, t.id AS transfer_id, MIN(p.id) AS payment_id, MIN(o.id) AS operator_line_id,
      MIN(b.id) AS biller_line_id, ${OPERATOR_SET} AS operator_set, ${BILLER_SET} AS biller_set,
      MIN(d.operator_cover) AS operator_cover, MIN(d.biller_cover) AS biller_cover, MIN(t.purpose) AS purpose,
      MIN(${SIGNED}) AS ours_minor, MIN(o.amount_minor) AS operator_minor, MIN(b.amount_minor) AS biller_minor
    FROM transfer t
    LEFT JOIN payment p ON p.transfer_id = t.id
    JOIN recon_day d ON d.run_id = ? AND d.party = COALESCE(p.biller_id, t.operator)
      AND t.completed_at >= d.from_at AND t.completed_at < d.to_at
    LEFT JOIN statement_line o ON o.party = t.operator AND o.receipt = t.receipt AND o.side = 'operator'
      AND ${COUNTS('o')} AND o.line_kind = CASE WHEN t.route = 'payout' THEN 'payout' ELSE 'payment' END
    LEFT JOIN statement_line b ON b.party = p.biller_id AND b.reference = p.reference AND b.side = 'biller'
      AND ${COUNTS('b')} AND b.line_kind = 'payment'
    WHERE t.operator = ? AND ${OURS_ALONE} AND t.state = 'succeeded' AND t.route <> 'reversal' AND t.completed_at >= ?
      AND (t.completed_at > ? OR t.id > ?) AND (t.completed_at < ? OR (t.completed_at = ? AND t.id <= ?))
    GROUP BY d.id, t.id
  ) x`;

/** Nobody knows yet whether this money moved: it is not counted as ours, and waits. */
const UNDECIDED = `${INTO_RESULT}
  SELECT d.id, t.id, 'transfer', t.id, p.id, NULL, NULL, 'late', NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM transfer t
  LEFT JOIN payment p ON p.transfer_id = t.id
  JOIN recon_day d ON d.run_id = ? AND d.party = COALESCE(p.biller_id, t.operator)
    AND t.submitted_at >= d.from_at AND t.submitted_at < d.to_at
  WHERE t.state IN ('submitted', 'unknown') AND t.operator = ? AND ${OURS_ALONE}`;

/** First pass: everything of ours. A million rows are read in the order of the operator's time, a chunk a commit. */
export async function matchTransfers(matching: Matching): Promise<void> {
  const { deps, steps, days } = matching;
  const fromMs = Math.min(...days.map((day) => day.fromMs));
  const toMs = Math.max(...days.map((day) => day.toMs));
  let done = 0;
  for (const operator of [...deps.operators.keys()].sort()) {
    for (;;) {
      const place = placeOf(steps.run.place, operator, fromMs);
      if (!place) break;
      done += await matchChunk(matching, operator, place, toMs);
      matching.report(done);
    }
  }
}

interface Place {
  atMs: number;
  id: string;
}

/** `operator|instant|id` is behind a chunk, `operator|end` behind an operator. Undefined: that operator is done. */
function placeOf(written: string | null, operator: string, fromMs: number): Place | undefined {
  const [name = '', at = '', id = ''] = (written ?? '').split('|');
  if (name === '' || name < operator) return { atMs: fromMs, id: '' };
  if (name > operator || at === 'end') return undefined;
  return { atMs: Number(at), id };
}

function matchChunk(matching: Matching, operator: string, from: Place, toMs: number): Promise<number> {
  const { deps, steps, chunk, waited } = matching;
  const { toleranceMinor } = deps.reconSettings;
  const { id: runId } = steps.run;
  return findEnd(matching, operator, from, toMs).then((end) =>
    steps.step(end ? `${operator}|${end.atMs}|${end.id}` : `${operator}|end`, async (tx: Tx) => {
      const to = end ?? { atMs: toMs, id: '' };
      const bounds = [from.atMs, from.atMs, from.id, to.atMs, to.atMs, to.id];
      await tx.manager.query(MATCH(waited), [toleranceMinor, toleranceMinor, runId, operator, ...bounds]);
      if (!end) await tx.manager.query(UNDECIDED, [runId, operator]);
      return chunk;
    }),
  );
}

async function findEnd(
  { deps, chunk }: Matching,
  operator: string,
  from: Place,
  toMs: number,
): Promise<Place | undefined> {
  const bind = [operator, from.atMs, toMs, from.atMs, from.id, chunk - 1];
  const [row] = await deps.database.reader.query(CHUNK_END, bind);
  return row && { atMs: Number(row.completed_at), id: String(row.id) };
}

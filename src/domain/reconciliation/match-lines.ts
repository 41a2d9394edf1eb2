import { COUNTS, INTO_RESULT } from './match-sql.ts';
import type { Matching } from './match-transfers.ts';
import type { ReconDay } from './recon-day.ts';

const CHUNK_END = `
  SELECT id FROM statement_line
  WHERE party = ? AND day = ? AND line_state = 'accepted' AND id > ? ORDER BY id LIMIT 1 OFFSET ?`;

/**
 * Lines of the operator that no transfer of ours has the receipt of. A line of a receipt that we know is filed where its transfer
 * is, on whatever day that was. Reversals are kept with what they undo, if we have it. A payout under a reference of ours is the
 * answer to a question; every other one is not ours.
 */
const OPERATOR_LINES = `${INTO_RESULT}
  SELECT d.id, o.id, CASE WHEN o.line_kind = 'reversal' THEN 'reversal' ELSE 'operator' END,
    r.id, NULL, o.id, NULL,
    CASE WHEN o.line_kind = 'payment' THEN 'missing-here'
      WHEN o.line_kind = 'payout' AND w.id IS NOT NULL THEN 'missing-here'
      WHEN o.line_kind = 'reversal' AND o.linked_receipt IS NOT NULL THEN 'reversed'
      ELSE 'not-ours' END,
    NULL, NULL, NULL, NULL, NULL, o.amount_minor, NULL
  FROM statement_line o
  JOIN recon_day d ON d.id = ?
  LEFT JOIN transfer t ON t.operator = o.party AND t.receipt = o.receipt
  LEFT JOIN transfer r ON o.line_kind = 'reversal' AND r.operator = o.party AND r.receipt = o.linked_receipt
  LEFT JOIN transfer w ON o.line_kind = 'payout' AND w.reference = o.reference AND w.route = 'payout' AND w.operator = o.party
  WHERE o.party = ? AND o.day = ? AND ${COUNTS('o')} AND o.side = 'operator' AND o.id > ? AND o.id <= ?
    AND (t.id IS NULL OR o.line_kind = 'reversal')`;

/**
 * Lines of the biller that no money of ours stands behind. One under a reference that is not of our shape came to the biller
 * by another way and is none of our business; of one that is, the biller knows something that we do not.
 */
const BILLER_LINES = (waited: boolean) => `${INTO_RESULT}
  SELECT d.id, b.id, 'biller', NULL, p.id, NULL, b.id,
    CASE WHEN b.reference IS NOT NULL AND (LENGTH(b.reference) <> 10 OR SUBSTR(b.reference, 1, 1) <> 'M') THEN 'not-ours'
      ELSE '${waited ? 'missing-here' : 'late'}' END,
    NULL, NULL, NULL, NULL, NULL, NULL, b.amount_minor
  FROM statement_line b
  JOIN recon_day d ON d.id = ?
  LEFT JOIN payment p ON p.reference = b.reference AND p.biller_id = b.party
  LEFT JOIN transfer t ON t.id = p.transfer_id AND t.state = 'succeeded'
  WHERE b.party = ? AND b.day = ? AND ${COUNTS('b')} AND b.side = 'biller' AND b.line_kind = 'payment'
    AND b.id > ? AND b.id <= ? AND t.id IS NULL`;

/** Second and third pass: lines of the day that nothing of ours fits, for the parties of one side. */
export async function matchLines(matching: Matching, side: 'operator' | 'biller'): Promise<void> {
  let done = 0;
  for (const day of matching.days.filter((one) => one.side === side)) {
    for (;;) {
      const after = placeIn(matching.steps.run.place, day);
      if (after === undefined) break;
      await matchChunk(matching, day, after);
      done += matching.chunk;
      matching.report(done);
    }
  }
}

/** `day id|line id` is behind a chunk, `day id|end` behind a party. The ids of a run's days grow in their order. */
function placeIn(written: string | null, { id }: ReconDay): string | undefined {
  const [dayId = '', lineId = ''] = (written ?? '').split('|');
  if (dayId < id) return '';
  return dayId > id || lineId === 'end' ? undefined : lineId;
}

const LAST = '~';

async function matchChunk({ deps, steps, chunk, waited }: Matching, day: ReconDay, after: string): Promise<void> {
  const [row] = await deps.database.reader.query(CHUNK_END, [day.party, day.day, after, chunk - 1]);
  const end: string | undefined = row && String(row.id);
  await steps.step(`${day.id}|${end ?? 'end'}`, async (tx) => {
    const sql = day.side === 'operator' ? OPERATOR_LINES : BILLER_LINES(waited);
    await tx.manager.query(sql, [day.id, day.party, day.day, after, end ?? LAST]);
  });
}

import { In } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type PayoutBatch, PayoutRowSchema } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { LOWEST_MATCH, scoreNames } from './score-names.ts';

/** Rows of other batches so far back are looked at for the same payment. */
export const REPEAT_DAYS = 7;
const DAY_MS = 86_400_000;
const LOOKED_AT_TOGETHER = 2_000;

interface Seen {
  id: string;
  row_no: unknown;
  name: string | null;
  warnings: string | null;
  name_score: unknown;
  repeats: unknown;
  held_name: string | null;
  let_pass: unknown;
}

interface Marks {
  warnings: string | null;
  nameScore: number | null;
}

/**
 * Marks every row that counts with what a person should see before it is submitted, and overrides with a reason: another batch of these
 * days pays the same (`repeated`), the operator holds the number under another name (`other-name`). What a list warned of stays (`list`).
 * A run of a schedule is not told of the run before it, nor is anybody told again of a name that was let pass and paid: what is right
 * each time would otherwise wait for a person each time.
 */
export async function markRows({ database, runtime }: PayoutBatchDeps, batch: PayoutBatch): Promise<void> {
  const sinceMs = runtime.clock.now() - REPEAT_DAYS * DAY_MS;
  for (let afterRow = 0; ; ) {
    const seen: Seen[] = await database.reader.query(SEEN, [
      ...[batch.id, sinceMs, batch.organisationId, batch.scheduleId ?? '', batch.operator],
      ...[batch.id, batch.organisationId, batch.id, afterRow, LOOKED_AT_TOGETHER],
    ]);
    await keepMarks(database, seen);
    const last = seen.at(-1);
    if (!last || seen.length < LOOKED_AT_TOGETHER) return;
    afterRow = Number(last.row_no);
  }
}

/** Runs of one schedule are meant to pay the same. The newest name that the operator told of a number, whoever paid with it or was paid on it. Only how well it fits is kept. */
const SEEN = `SELECT r.id, r.row_no, r.name, r.warnings, r.name_score,
    EXISTS (SELECT 1 FROM payout_row o JOIN payout_batch b ON b.id = o.batch_id
      WHERE o.msisdn = r.msisdn AND o.batch_id <> ? AND o.changed_at > ? AND o.amount_minor = r.amount_minor
        AND o.state NOT IN ('excluded', 'failed', 'reversed') AND b.organisation_id = ?
        AND (b.schedule_id IS NULL OR b.schedule_id <> ?) AND b.state NOT IN ('cancelled', 'draft')) AS repeats,
    (SELECT t.payer_name FROM transfer t WHERE t.payer = r.msisdn AND t.operator = ? AND t.payer_name IS NOT NULL
      ORDER BY t.created_at DESC LIMIT 1) AS held_name,
    EXISTS (SELECT 1 FROM payout_row o JOIN payout_batch b ON b.id = o.batch_id
      WHERE o.msisdn = r.msisdn AND o.batch_id <> ? AND o.name = r.name AND o.state = 'paid'
        AND o.warnings LIKE '%other-name%' AND b.organisation_id = ?) AS let_pass
  FROM payout_row r WHERE r.batch_id = ? AND r.row_no > ? AND r.state <> 'excluded' ORDER BY r.row_no LIMIT ?`;

async function keepMarks(database: Database, seen: readonly Seen[]): Promise<void> {
  const alike = new Map<string, { marks: Marks; ids: string[] }>();
  for (const row of seen) {
    const marks = marksOf(row);
    const before = row.name_score === null ? null : Number(row.name_score);
    if (marks.warnings === row.warnings && marks.nameScore === before) continue;
    const key = `${marks.warnings} ${marks.nameScore}`;
    const known = alike.get(key);
    if (known) known.ids.push(row.id);
    else alike.set(key, { marks, ids: [row.id] });
  }
  if (alike.size === 0) return;
  await database.transaction(async (tx) => {
    for (const { marks, ids } of alike.values()) await tx.manager.update(PayoutRowSchema, { id: In(ids) }, marks);
  });
}

function marksOf({ name, warnings, repeats, held_name, let_pass }: Seen): Marks {
  const score = name === null || held_name === null ? undefined : scoreNames(name, held_name);
  const codes = [
    ...(warnings?.split(' ').includes('list') ? ['list'] : []),
    ...(Number(repeats) === 1 ? ['repeated'] : []),
    ...(score !== undefined && score < LOWEST_MATCH && Number(let_pass) !== 1 ? ['other-name'] : []),
  ];
  return { warnings: codes.length === 0 ? null : codes.join(' '), nameScore: score ?? null };
}

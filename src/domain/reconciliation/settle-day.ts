import type { Tx } from '../../platform/database/index.ts';
import { paymentTopic } from '../payments/index.ts';
import { applyLine } from './apply-line.ts';
import { isProven } from './cover.ts';
import { ANSWERED_WITHIN_MS, failAbsent } from './fail-absent.ts';
import type { Matching } from './match-transfers.ts';
import type { ReconDay, ResultSet } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import type { ReconResult } from './recon-result.ts';
import { RunTakenOver } from './run-steps.ts';

type Row = Pick<ReconResult, 'id' | 'transferId' | 'paymentId' | 'operatorLineId'>;

/** One kind of result that evidence decides by itself, and how. */
interface Stage {
  set: ResultSet;
  /** Which rows of the set, as SQL over `r`. */
  rows: string;
  /** Whether a version's day is ripe for it. */
  isRipe?(matching: Matching, day: ReconDay): Promise<boolean>;
  apply(matching: Matching, tx: Tx, row: Row, day: ReconDay): Promise<void>;
}

const missingAtBiller = (set: ResultSet): Stage => ({
  set,
  rows: "r.subject = 'transfer' AND r.biller_set = 'missing'",
  // Before the biller's day is in, everything would seem to be missing.
  isRipe: async (_matching, { billerCover }) => billerCover === 'proven',
  apply: async ({ deps, steps }, tx, { paymentId }) => {
    const key = `${paymentId}:${steps.run.asOf}`;
    await deps.outbox.emit(tx, { topic: paymentTopic.checkBiller, key, payload: { paymentId } });
  },
});

/** In this order: what was never heard of must be there before it can be taken back. */
const STAGES: readonly Stage[] = [
  {
    set: 'missing-here',
    rows: "r.subject = 'operator'",
    apply: async ({ deps }, tx, { id }) => void (await applyLine(deps, tx, id)),
  },
  {
    set: 'reversed',
    rows: "r.subject = 'reversal'",
    apply: async ({ deps }, tx, { id }) => void (await applyLine(deps, tx, id)),
  },
  {
    set: 'late',
    rows: "r.subject = 'transfer' AND r.operator_set IS NULL",
    isRipe: async ({ deps, waited }, day) => waited && (await coversTheAnswer(deps, day)),
    apply: ({ deps }, tx, { transferId }) => failAbsent(deps, tx, transferId ?? ''),
  },
  missingAtBiller('late'),
  missingAtBiller('missing-at-biller'),
  missingAtBiller('missing-at-operator'),
];

async function coversTheAnswer(deps: ReconDeps, { fromMs, toMs }: ReconDay): Promise<boolean> {
  for (const operator of deps.operators.keys()) {
    if (!(await isProven(deps, operator, fromMs, toMs + ANSWERED_WITHIN_MS))) return false;
  }
  return true;
}

const ROWS = (stage: Stage) => `
  SELECT r.id, r.transfer_id, r.payment_id, r.operator_line_id FROM recon_result r
  WHERE r.recon_day_id = ? AND r.result_set = '${stage.set}' AND r.id > ? AND ${stage.rows}
  ORDER BY r.id LIMIT ${TOGETHER}`;

/** Facts of one commit: a commit costs the disk the same for one as for these, and nobody waits for them. */
const TOGETHER = 50;

/** What evidence decides goes the ordinary way, some facts a commit. What fails is logged, kept apart, and left to a person. */
export async function settleDay(matching: Matching): Promise<void> {
  let done = 0;
  for (const [index, stage] of STAGES.entries()) {
    for (const day of matching.days) {
      if (isBehind(matching.steps.run.place, index, day.id)) continue;
      if (stage.isRipe && !(await stage.isRipe(matching, day))) continue;
      for (;;) {
        const rows = await nextRows(matching, stage, day, placeIn(matching.steps.run.place, index, day.id));
        const last = rows.at(-1);
        if (!last) break;
        await settleTogether(matching, stage, day, rows, `${index}|${day.id}|${last.id}`);
        done += rows.length;
        matching.report(done);
      }
    }
  }
}

/** `stage|day id|row id`. */
function isBehind(place: string | null, index: number, dayId: string): boolean {
  const [stage = '0', day = ''] = (place ?? '').split('|');
  return Number(stage) > index || (Number(stage) === index && day > dayId);
}

function placeIn(place: string | null, index: number, dayId: string): string {
  const [stage, day, id = ''] = (place ?? '').split('|');
  return stage === String(index) && day === dayId ? id : '';
}

async function nextRows({ deps }: Matching, stage: Stage, day: ReconDay, after: string): Promise<Row[]> {
  const rows: Record<string, string | null>[] = await deps.database.reader.query(ROWS(stage), [day.id, after]);
  return rows.map((row) => ({
    id: row.id as string,
    transferId: row.transfer_id ?? null,
    paymentId: row.payment_id ?? null,
    operatorLineId: row.operator_line_id ?? null,
  }));
}

async function settleTogether(
  matching: Matching,
  stage: Stage,
  day: ReconDay,
  rows: readonly Row[],
  place: string,
): Promise<void> {
  const { deps, steps } = matching;
  try {
    await steps.step(place, async (tx) => {
      for (const row of rows) await stage.apply(matching, tx, row, day);
    });
  } catch (error) {
    if (error instanceof RunTakenOver || steps.signal.aborted) throw error;
    // One that cannot be settled must not keep the others from it.
    for (const row of rows) {
      await deps.database
        .transaction((tx) => stage.apply(matching, tx, row, day))
        .catch((err) => deps.log.error({ err, id: row.id, set: stage.set }, 'a line could not be settled'));
    }
    await steps.step(place, async () => {});
  }
}

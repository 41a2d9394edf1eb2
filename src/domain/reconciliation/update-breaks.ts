import { In, Not } from 'typeorm';
import type { Tx } from '../../platform/database/index.ts';
import { type Break, BreakSchema } from './break.ts';
import { endByEvidence, openAgain } from './end-by-evidence.ts';
import { type Fault, faultsOf, type ToldResult } from './faults-of.ts';
import type { Matching } from './match-transfers.ts';
import { insertBreak } from './open-break.ts';
import type { ReconDay, ResultSet } from './recon-day.ts';
import { ReconTotalSchema } from './recon-day.ts';
import { writeDetail } from './told-detail.ts';

/** Sets in which something may have to be explained. */
const SETS: readonly ResultSet[] = [
  'differs',
  'missing-at-biller',
  'missing-at-operator',
  'missing-here',
  'not-ours',
  'reversed',
  'twice',
];

const TOGETHER = 200;

/** The state of `g` is asked about afterwards: by its index the embedded store would look through all that ever succeeded. */
const TOLD = `
  SELECT r.*, COALESCE(t.reference, o.reference, b.reference) AS reference, COALESCE(t.receipt, o.receipt, b.receipt) AS receipt,
    o.line_kind, k.id AS booked_id, (SELECT MIN(CASE WHEN g.state = 'succeeded' THEN g.id END) FROM transfer g
      WHERE g.purpose_id = r.transfer_id AND g.route = 'reversal') AS given_back_id
  FROM recon_result r
  LEFT JOIN transfer t ON t.id = r.transfer_id
  LEFT JOIN statement_line o ON o.id = r.operator_line_id
  LEFT JOIN statement_line b ON b.id = r.biller_line_id
  LEFT JOIN transfer k ON r.subject IN ('operator', 'reversal') AND k.operator = o.party AND k.receipt = o.receipt`;

const FAULTY = `${TOLD} WHERE r.recon_day_id = ? AND r.result_set = ? AND r.id > ? ORDER BY r.id LIMIT ${TOGETHER}`;
const OF_SUBJECTS = (count: number) =>
  `${TOLD} WHERE r.recon_day_id = ? AND r.id IN (${Array.from({ length: count }, () => '?').join(', ')})`;

/** Opens a break for everything of the versions that a person must explain, and ends those whose cause evidence took away. */
export async function updateBreaks(matching: Matching): Promise<void> {
  let done = 0;
  for (const day of matching.days) {
    for (const set of SETS) {
      for (;;) {
        const count = await openSome(matching, day, set);
        if (count === 0) break;
        done += count;
        matching.report(done);
      }
    }
    await endExplained(matching, day);
    await watchStatements(matching, day);
  }
}

/** Looks at the next rows of a set; how many there were. */
async function openSome(matching: Matching, day: ReconDay, set: ResultSet): Promise<number> {
  const after = placeIn(matching.steps.run.place, day.id, set);
  if (after === undefined) return 0;
  const rows = await toldRows(matching, FAULTY, [day.id, set, after]);
  const last = rows.at(-1);
  if (!last) return 0;
  const faults = rows.flatMap((row) => faultsOf(row, day, matching.waited));
  await matching.steps.step(`${day.id}|${SETS.indexOf(set)}|${last.id}`, (tx) => openAll(matching, tx, day, faults));
  return rows.length;
}

/** `day id|number of the set|row id`; undefined: that set of that day is done. */
function placeIn(written: string | null, dayId: string, set: ResultSet): string | undefined {
  const [day = '', last = '0', id = ''] = (written ?? '').split('|');
  const behind = SETS.indexOf(set) - Number(last);
  if (day < dayId || (day === dayId && behind > 0)) return '';
  return day === dayId && behind === 0 ? id : undefined;
}

async function toldRows({ deps }: Matching, sql: string, bind: unknown[]): Promise<ToldResult[]> {
  const rows: Record<string, string | null>[] = await deps.database.reader.query(sql, bind);
  const minor = (value: unknown) => (value === null || value === undefined ? null : BigInt(value as string));
  return rows.map(
    (row) =>
      ({
        reconDayId: row.recon_day_id,
        id: row.id,
        subject: row.subject,
        transferId: row.transfer_id,
        paymentId: row.payment_id,
        operatorLineId: row.operator_line_id,
        billerLineId: row.biller_line_id,
        resultSet: row.result_set,
        operatorSet: row.operator_set,
        billerSet: row.biller_set,
        operatorRule: row.operator_rule,
        billerRule: row.biller_rule,
        oursMinor: minor(row.ours_minor),
        operatorMinor: minor(row.operator_minor),
        billerMinor: minor(row.biller_minor),
        reference: row.reference ?? null,
        receipt: row.receipt ?? null,
        lineKind: row.line_kind ?? null,
        isBooked: (row.booked_id ?? null) !== null,
        isGivenBack: (row.given_back_id ?? null) !== null,
      }) as ToldResult,
  );
}

async function openAll({ deps }: Matching, tx: Tx, day: ReconDay, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return;
  const subjectId = In(faults.map((fault) => fault.subjectId));
  const known = new Map(
    (await tx.manager.findBy(BreakSchema, { subjectId })).map((row) => [`${row.breakType} ${row.subjectId}`, row]),
  );
  for (const fault of faults) {
    const where = { party: day.party, day: day.day, currency: day.currency };
    const before = known.get(`${fault.breakType} ${fault.subjectId}`);
    if (!before) await insertBreak(deps, tx, { ...fault, ...where });
    else if (before.day === null) {
      // Opened when it was met, before any day was compared: it gets what a day knows of it.
      const { side, amountMinor, suggestedAction } = fault;
      await tx.update(BreakSchema, { id: before.id }, { side, amountMinor, suggestedAction, ...where });
    } else await openAgain(deps, tx, before, fault.detail);
  }
}

/** Breaks of this party's day that the newest version has no cause for. */
async function endExplained(matching: Matching, day: ReconDay): Promise<void> {
  const { deps, steps } = matching;
  const where = { day: day.day, party: day.party, state: Not('resolved' as const), breakType: In([...COMPARED]) };
  for (let skip = 0; ; ) {
    const open = await deps.database.reader.find(BreakSchema, { where, order: { id: 'ASC' }, take: TOGETHER, skip });
    if (open.length === 0) return;
    const bind = [day.id, ...open.map(({ subjectId }) => subjectId)];
    const rows = new Map((await toldRows(matching, OF_SUBJECTS(open.length), bind)).map((row) => [row.id, row]));
    const ended = open.filter((one) => !isStillThere(one, rows.get(one.subjectId), day, matching.waited));
    await steps.step(steps.run.place, async (tx) => {
      for (const one of ended) await endByEvidence(deps, tx, one.id, `the books agree since version ${day.version}`);
    });
    skip += open.length - ended.length;
  }
}

/** Those that a comparison opens; what others met, they end. */
const COMPARED = [
  'missing-at-operator',
  'differs-at-operator',
  'twice-at-operator',
  'missing-at-biller',
  'differs-at-biller',
  'twice-at-biller',
  'missing-here',
  'not-ours',
  'reversal-unmatched',
] as const;

function isStillThere(open: Break, row: ToldResult | undefined, day: ReconDay, waited: boolean): boolean {
  return row !== undefined && faultsOf(row, day, waited).some(({ breakType }) => breakType === open.breakType);
}

/** A day whose statement has not come in time is one break, not one for each of its payments. */
async function watchStatements({ deps, steps, waited }: Matching, day: ReconDay): Promise<void> {
  const cover = day.side === 'biller' ? day.billerCover : day.operatorCover;
  const subjectId = `${day.party}:${day.day}`;
  await steps.step(steps.run.place, async (tx) => {
    const before = await tx.findOne(BreakSchema, { subjectId, breakType: 'statement-missing' });
    if (cover !== 'none') {
      if (before && before.state !== 'resolved') await endByEvidence(deps, tx, before.id, 'its statement has come');
      return;
    }
    if (!waited || before || !(await tx.findOne(ReconTotalSchema, { reconDayId: day.id }))) return;
    const { side, party, currency } = day;
    const detail = writeDetail({ kind: 'no-statement', party, day: day.day });
    await insertBreak(deps, tx, {
      ...{ breakType: 'statement-missing', subjectId, detail, side, party, currency, day: day.day },
      suggestedAction: 'read-statement',
    });
  });
}

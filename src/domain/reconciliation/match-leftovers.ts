import type { Tx } from '../../platform/database/index.ts';
import { applyLineTo } from './apply-line.ts';
import { COUNTS, verdictSql } from './match-sql.ts';
import type { Matching } from './match-transfers.ts';
import type { MatchRule } from './recon-deps.ts';

/** A transfer of the day that lacks a line, and a line that may be its. */
interface Pair {
  dayId: string;
  transferId: string;
  lineId: string;
  amountMinor: bigint;
  differs: boolean;
}

const SELECT_PAIR = (differs: string, line: string) =>
  `SELECT m.recon_day_id AS day_id, m.id AS transfer_id, ${line}.id AS line_id, ${line}.amount_minor AS amount, ${differs} AS differs`;

/** What lacks a line never simply agrees: so the index leads past the millions that do. */
const LACKING =
  "m.subject = 'transfer' AND m.result_set IN ('late', 'missing-at-operator', 'missing-at-biller', 'differs', 'twice')";

/**
 * By our reference, for a transfer whose receipt the operator never told or told otherwise. The line may be of another day. Only the very
 * amount is the transfer's: the line settles it, and what settles has no tolerance.
 */
const OPERATOR_BY_REFERENCE = `${SELECT_PAIR(
  `CASE WHEN o.amount_minor <> t.amount_minor OR o.currency <> t.currency OR t.receipt IS NOT NULL THEN 1 ELSE 0 END`,
  'o',
)}
  FROM recon_day d
  JOIN recon_result m ON m.recon_day_id = d.id AND ${LACKING} AND m.operator_set = 'missing'
  JOIN transfer t ON t.id = m.id AND t.route = 'prompt'
  JOIN statement_line o ON o.party = t.operator AND o.reference = t.reference AND o.side = 'operator'
    AND ${COUNTS('o')} AND o.line_kind = 'payment'
  LEFT JOIN transfer other ON other.operator = o.party AND other.receipt = o.receipt
  WHERE d.run_id = ? AND other.id IS NULL`;

/** By the biller's own reference, when it lost or mistyped ours. */
const BILLER_BY_RECEIPT = `${SELECT_PAIR(
  `CASE WHEN ABS(b.amount_minor - p.amount_minor) > ? OR b.currency <> p.currency
    OR (b.account IS NOT NULL AND b.account <> p.account) THEN 1 ELSE 0 END`,
  'b',
)}
  FROM recon_day d
  JOIN recon_result m ON m.recon_day_id = d.id AND ${LACKING} AND m.biller_set = 'missing'
  JOIN payment p ON p.id = m.payment_id
  JOIN statement_line b ON b.party = p.biller_id AND b.receipt = p.biller_reference AND b.side = 'biller'
    AND ${COUNTS('b')} AND b.line_kind = 'payment'
  LEFT JOIN payment other ON other.reference = b.reference
  WHERE d.run_id = ? AND other.id IS NULL`;

/** Both sides of a rule are found before they are compared: joined at once, each line would look through all that its account ever paid. */
const FIRST = 'LIMIT 1000000000';

/** By a rule: the same account and amount, not far apart in time. Binds the run twice. */
const BY_RULE = (lacking: string, left: string) => `
  SELECT x.day_id, x.transfer_id, y.line_id, y.amount_minor AS amount, 0 AS differs
  FROM (SELECT d.id AS day_id, t.id AS transfer_id, d.party, t.operator, p.account, t.currency, t.amount_minor, t.payer,
      t.completed_at AS at
    FROM recon_day d
    JOIN recon_result m ON m.recon_day_id = d.id AND ${LACKING}
    JOIN transfer t ON t.id = m.id
    JOIN payment p ON p.id = m.payment_id
    WHERE d.run_id = ? AND d.side = 'biller' AND ${lacking} ${FIRST}) x
  JOIN (SELECT l.id AS line_id, l.party, l.account, l.currency, l.amount_minor, l.payer, l.reference,
      l.receipt, l.at
    FROM recon_day d
    JOIN recon_result r ON r.recon_day_id = d.id AND ${left}
    JOIN statement_line l ON l.id = r.id
    WHERE d.run_id = ? ${FIRST}) y
  ON y.account = x.account AND y.currency = x.currency`;

/**
 * Only a transfer without a receipt can be a line with another, and only a line that names nothing where our reference would stand, nor
 * another payer: the line of a prompt names its reference, so one that names an account there is what somebody paid by himself. It is money of its own,
 * whatever a query said of a prompt, and its confirmation would have said so too.
 */
const OPERATOR_BY_RULE = `${BY_RULE(
  "m.operator_set = 'missing' AND t.receipt IS NULL",
  "d.side = 'operator' AND r.subject = 'operator' AND r.result_set = 'missing-here'",
)} AND y.party = x.operator AND x.amount_minor = y.amount_minor AND ABS(x.at - y.at) <= ?
  AND y.reference IS NULL AND y.receipt IS NOT NULL AND (x.payer IS NULL OR y.payer IS NULL OR x.payer = y.payer)`;

const BILLER_BY_RULE = `${BY_RULE(
  "m.biller_set = 'missing'",
  "d.side = 'biller' AND r.subject = 'biller' AND r.payment_id IS NULL",
)} AND y.party = x.party AND ABS(x.amount_minor - y.amount_minor) <= ? AND ABS(x.at - y.at) <= ?`;

/** Fourth pass: what the keys left over on both sides, by our reference, by the biller's, then by the rules in their order. */
export async function matchLeftovers(matching: Matching): Promise<void> {
  const { deps, steps } = matching;
  const { toleranceMinor, rules } = deps.reconSettings;
  const { id: runId } = steps.run;
  const passes: { name: string; side: MatchRule['side']; sql: string; bind: unknown[] }[] = [
    { name: 'reference', side: 'operator', sql: OPERATOR_BY_REFERENCE, bind: [runId] },
    { name: 'receipt', side: 'biller', sql: BILLER_BY_RECEIPT, bind: [toleranceMinor, runId] },
    ...rules.map(({ name, side, withinMs }) =>
      side === 'operator'
        ? { name, side, sql: OPERATOR_BY_RULE, bind: [runId, runId, BigInt(withinMs)] }
        : { name, side, sql: BILLER_BY_RULE, bind: [runId, runId, toleranceMinor, BigInt(withinMs)] },
    ),
  ];
  for (const [index, pass] of passes.entries()) {
    if (index < Number(steps.run.place ?? 0)) continue;
    await steps.step(String(index + 1), async (tx) => {
      const rows: Record<string, unknown>[] = await tx.manager.query(pass.sql, pass.bind);
      const pairs = onlyPairs(rows.map(readPair));
      for (const pair of pairs) {
        // The receipt comes with the match, in one commit: told once more, the line is known, and is not booked as other money.
        const settles = pass.side === 'operator' && !pair.differs;
        if (settles && !(await applyLineTo(deps, tx, pair.lineId, pair.transferId))) continue;
        await join(tx, matching, pass, pair);
      }
    });
  }
}

function readPair(row: Record<string, unknown>): Pair {
  return {
    dayId: String(row.day_id),
    transferId: String(row.transfer_id),
    lineId: String(row.line_id),
    amountMinor: BigInt(row.amount as string),
    differs: Number(row.differs) === 1,
  };
}

/** Pure. Where a line fits two transfers, or a transfer two lines, nothing is guessed: a person must look. */
export function onlyPairs<P extends Pick<Pair, 'transferId' | 'lineId'>>(pairs: readonly P[]): P[] {
  const count = new Map<string, number>();
  const add = (id: string) => count.set(id, (count.get(id) ?? 0) + 1);
  for (const { transferId, lineId } of pairs) for (const id of [transferId, lineId]) add(id);
  return pairs.filter(({ transferId, lineId }) => count.get(transferId) === 1 && count.get(lineId) === 1);
}

const JOINED = (side: MatchRule['side']) => `
  UPDATE recon_result SET ${side}_line_id = ?, ${side}_set = ?, ${side}_rule = ?, ${side}_minor = ?
  WHERE recon_day_id = ? AND id = ?`;

const JUDGED = (waited: boolean) => `
  SELECT ${verdictSql(waited)} AS verdict FROM (
    SELECT m.operator_set, m.biller_set, d.operator_cover, d.biller_cover, t.purpose
    FROM recon_result m JOIN recon_day d ON d.id = m.recon_day_id JOIN transfer t ON t.id = m.id
    WHERE m.recon_day_id = ? AND m.id = ?
  ) x`;

const SET_VERDICT = 'UPDATE recon_result SET result_set = ? WHERE recon_day_id = ? AND id = ?';

/** The line is not a leftover any more, in whichever of the run's versions it stood. */
const DROP_LINE = (dayIds: readonly string[]) =>
  `DELETE FROM recon_result WHERE recon_day_id IN (${dayIds.map(() => '?').join(', ')}) AND id = ?`;

async function join(
  tx: Tx,
  { days, waited }: Matching,
  { name, side }: { name: string; side: MatchRule['side'] },
  pair: Pair,
): Promise<void> {
  const key = [pair.dayId, pair.transferId];
  const set = pair.differs ? 'differs' : 'agrees';
  await tx.manager.query(JOINED(side), [pair.lineId, set, name, pair.amountMinor, ...key]);
  const [judged] = await tx.manager.query(JUDGED(waited), key);
  await tx.manager.query(SET_VERDICT, [judged.verdict, ...key]);
  const dayIds = days.map(({ id }) => id);
  await tx.manager.query(DROP_LINE(dayIds), [...dayIds, pair.lineId]);
}

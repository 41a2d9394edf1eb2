import { createHash } from 'node:crypto';
import { MoreThan } from 'typeorm';
import { COVERING_COLUMNS, type CoveringColumn, coverOf } from './cover.ts';
import { OURS_ALONE } from './match-sql.ts';
import type { Cover, ReconSide } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import { hasWaited, type ReconUnit } from './recon-units.ts';
import { type Statement, StatementSchema } from './statement.ts';

/** What a version of a unit is made from, in one hash, and how far the statements cover its day. */
export interface UnitInputs {
  unit: ReconUnit;
  inputHash: string;
  operatorCover: Cover;
  billerCover: Cover;
}

/**
 * Everything that can change what the matching finds: the statements that are in (a complete one never changes), our own
 * transfers and payments by their states, whether the wait is over, and the rules.
 */
export async function inputsOf(
  deps: ReconDeps,
  units: readonly ReconUnit[],
  day: string,
  asOf: string,
): Promise<UnitInputs[]> {
  const statements = await statementsSince(deps, Math.min(...units.map(({ fromMs }) => fromMs)));
  const ours = await countOurs(deps, units);
  const { toleranceMinor, rules } = deps.reconSettings;
  const common = { waited: hasWaited(deps.reconSettings, day, asOf), tolerance: String(toleranceMinor), rules };
  return units.map((unit) => {
    // Those of somebody's own account say nothing of ours.
    const relevant = statements.filter(({ side, party }) =>
      side === 'operator' ? deps.operators.has(party) : party === unit.party,
    );
    const [operatorCover, billerCover] = (['operator', 'biller'] as const).map((side) =>
      coverOf(
        relevant.filter((one) => one.side === side),
        unit,
      ),
    ) as [Cover, Cover];
    const ids = relevant.map(({ id }) => id).sort();
    const facts = { ...common, ids, window: [unit.fromMs, unit.toMs], ours: ours.get(unitKey(unit)) ?? [] };
    const inputHash = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
    return { unit, inputHash, operatorCover, billerCover };
  });
}

export function unitKey({ side, party }: { side: ReconSide; party: string }): string {
  return `${side}:${party}`;
}

/** A line that belongs to a day can come in any statement that reaches past its beginning. */
function statementsSince({ database }: ReconDeps, fromMs: number): Promise<Pick<Statement, CoveringColumn>[]> {
  return database.reader.find(StatementSchema, {
    select: COVERING_COLUMNS,
    where: { state: 'complete', toMs: MoreThan(fromMs) },
  });
}

/** Sums that change whenever one of our transfers or payments of the day does. */
const OURS = `
  SELECT COALESCE(p.biller_id, t.operator) AS party, t.state AS transfer_state, p.state AS payment_state,
    COUNT(*) AS items, SUM(t.amount_minor) AS amount, SUM(t.completed_at - ?) AS completed,
    COUNT(t.receipt) AS receipts, COUNT(p.biller_reference) AS bookings, MIN(t.id) AS lowest, MAX(t.id) AS highest
  FROM transfer t LEFT JOIN payment p ON p.transfer_id = t.id
  WHERE t.operator = ? AND ${OURS_ALONE} AND t.completed_at >= ? AND t.completed_at < ?
  GROUP BY COALESCE(p.biller_id, t.operator), t.state, p.state`;

/** The same of those that nobody has decided. */
const UNDECIDED = `
  SELECT COALESCE(p.biller_id, t.operator) AS party, t.state AS transfer_state, p.state AS payment_state,
    COUNT(*) AS items, SUM(t.amount_minor) AS amount, MIN(t.id) AS lowest, MAX(t.id) AS highest
  FROM transfer t LEFT JOIN payment p ON p.transfer_id = t.id
  WHERE t.state IN ('submitted', 'unknown') AND ${OURS_ALONE} AND t.submitted_at >= ? AND t.submitted_at < ?
  GROUP BY COALESCE(p.biller_id, t.operator), t.state, p.state`;

async function countOurs(deps: ReconDeps, units: readonly ReconUnit[]): Promise<Map<string, unknown[]>> {
  const { reader } = deps.database;
  const found = new Map<string, unknown[]>();
  const windows = new Map(units.map(({ fromMs, toMs }) => [`${fromMs} ${toMs}`, { fromMs, toMs }]));
  for (const { fromMs, toMs } of windows.values()) {
    const rows: Record<string, unknown>[] = await reader.query(UNDECIDED, [fromMs, toMs]);
    for (const operator of deps.operators.keys()) {
      rows.push(...(await reader.query(OURS, [fromMs, operator, fromMs, toMs])));
    }
    for (const unit of units.filter((one) => one.fromMs === fromMs && one.toMs === toMs)) {
      // The order of groups is the store's own affair.
      const own = rows.filter(({ party }) => party === unit.party).map((row) => Object.values(row).map(String));
      found.set(unitKey(unit), own.map((row) => row.join(' ')).sort());
    }
  }
  return found;
}

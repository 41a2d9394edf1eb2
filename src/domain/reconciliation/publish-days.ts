import { In } from 'typeorm';
import { addDays, invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import {
  ReconAdjustmentSchema,
  type ReconDay,
  ReconDaySchema,
  type ReconTotal,
  ReconTotalSchema,
  type ResultSet,
} from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';

const TOTALS = `
  SELECT result_set, COUNT(*) AS items, COALESCE(SUM(ours_minor), 0) AS ours,
    COALESCE(SUM(operator_minor), 0) AS operator, COALESCE(SUM(biller_minor), 0) AS biller
  FROM recon_result WHERE recon_day_id = ? GROUP BY result_set ORDER BY result_set`;

/** What a version comes to, by set. */
export async function countTotals(deps: ReconDeps, tx: Tx, day: ReconDay): Promise<ReconTotal[]> {
  const rows: Record<string, string>[] = await tx.manager.query(TOTALS, [day.id]);
  return rows.map((row) => ({
    id: deps.runtime.ids.next(),
    reconDayId: day.id,
    resultSet: row.result_set as ResultSet,
    items: Number(row.items),
    oursMinor: BigInt(row.ours as string),
    operatorMinor: BigInt(row.operator as string),
    billerMinor: BigInt(row.biller as string),
  }));
}

/**
 * Lets the versions of a run count, all in one commit. The version before is replaced; if it was signed it stays as it is, and
 * what is different now becomes an adjustment in a day that is open, `intoDay` or the first one after it.
 */
export async function publishDays(deps: ReconDeps, tx: Tx, days: readonly ReconDay[], intoDay: string): Promise<void> {
  const finishedAtMs = deps.runtime.clock.now();
  for (const day of days) {
    const totals = await countTotals(deps, tx, day);
    for (const total of totals) await tx.insert(ReconTotalSchema, total);
    const before = await lockVersions(tx, day, day.day);
    const signed = before.find(({ state }) => state === 'signed');
    const state = signed ? 'adjusted' : 'open';
    await tx.update(ReconDaySchema, { id: day.id }, { state, finishedAtMs });
    const [last] = before;
    if (signed && last) await insertAdjustments(deps, tx, { day, last, totals, intoDay });
    else if (last) {
      const replaced = await tx.update(ReconDaySchema, { id: last.id, state: 'open' }, { state: 'replaced' });
      invariant(replaced === 1, 'only an open version is replaced');
    }
  }
}

const COUNTING = ['open', 'signed', 'adjusted'] as const;

/** The versions of the party's day that count, the newest first: locked, so that whoever signs one of them waits, or was first. */
async function lockVersions(tx: Tx, { side, party }: ReconDay, day: string): Promise<ReconDay[]> {
  const where = { day, side, party, state: In([...COUNTING]) };
  const seen = await tx.manager.find(ReconDaySchema, { where, order: { version: 'DESC' }, select: { id: true } });
  const locked: ReconDay[] = [];
  for (const { id } of seen) {
    // As it is behind the lock: another may have changed it since the look.
    const row = await tx.lockOne(ReconDaySchema, { id });
    if (row && COUNTING.some((state) => state === row.state)) locked.push(row);
  }
  return locked;
}

interface Change {
  day: ReconDay;
  /** The version that the difference is taken from: the signed one, or the newest made after it. */
  last: ReconDay;
  totals: readonly ReconTotal[];
  intoDay: string;
}

async function insertAdjustments(deps: ReconDeps, tx: Tx, { day, last, totals, intoDay }: Change): Promise<void> {
  const openDay = await firstOpenDay(tx, day, intoDay);
  const before = await tx.manager.findBy(ReconTotalSchema, { reconDayId: last.id });
  const sets = new Set([...before, ...totals].map(({ resultSet }) => resultSet));
  for (const resultSet of [...sets].sort()) {
    const was = before.find((total) => total.resultSet === resultSet);
    const is = totals.find((total) => total.resultSet === resultSet);
    const change = {
      items: (is?.items ?? 0) - (was?.items ?? 0),
      oursMinor: (is?.oursMinor ?? 0n) - (was?.oursMinor ?? 0n),
      operatorMinor: (is?.operatorMinor ?? 0n) - (was?.operatorMinor ?? 0n),
      billerMinor: (is?.billerMinor ?? 0n) - (was?.billerMinor ?? 0n),
    };
    if (change.items === 0 && !change.oursMinor && !change.operatorMinor && !change.billerMinor) continue;
    await tx.insert(ReconAdjustmentSchema, {
      id: deps.runtime.ids.next(),
      intoDay: openDay,
      side: day.side,
      party: day.party,
      currency: day.currency,
      ofDay: day.day,
      ofReconDayId: day.id,
      resultSet,
      ...change,
      atMs: deps.runtime.clock.now(),
    });
  }
}

/** It stays open until this commits. */
async function firstOpenDay(tx: Tx, of: ReconDay, from: string): Promise<string> {
  let day = from;
  while ((await lockVersions(tx, of, day)).some(({ state }) => state === 'signed')) day = addDays(day, 1);
  return day;
}

import { In } from 'typeorm';
import { isDuplicateKey, type Tx } from '../../platform/database/index.ts';
import { type ReconDay, ReconDaySchema } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';
import { inputsOf, type UnitInputs, unitKey } from './recon-inputs.ts';
import { type ReconRun, ReconRunSchema } from './recon-run.ts';
import { unitsOf } from './recon-units.ts';
import { RunTakenOver } from './run-steps.ts';

/** A run with the versions that it makes. */
export interface BegunRun {
  run: ReconRun;
  days: ReconDay[];
  /** A dead process left it. */
  isLeft: boolean;
}

/**
 * Finds what is to be made of a calendar day. A run that a dead process left goes on from where it was if nothing new has come
 * meanwhile, or once its versions count; otherwise it is taken back and begun anew.
 */
export async function beginRun(deps: ReconDeps, day: string, asOf: string): Promise<BegunRun | undefined> {
  const inputs = await inputsOf(deps, unitsOf(deps, day), day, asOf);
  const left = await deps.database.reader.findOne(ReconRunSchema, {
    where: { day, state: 'running' },
    order: { id: 'ASC' },
  });
  if (left) {
    const days = await daysOf(deps, left);
    const isMatching = days.some(({ state }) => state === 'matching');
    const changed = (await changedUnits(deps, inputs, day)).map(describe).sort().join();
    if (!isMatching || changed === days.map(describe).sort().join()) return { run: left, days, isLeft: true };
    await takeBack(deps, left, days);
  }
  try {
    return await deps.database.transaction((tx) => insertRun(deps, tx, inputs, day, asOf));
  } catch (error) {
    // The version's number is taken: somebody else has begun the same at this moment.
    throw isDuplicateKey(error) ? new RunTakenOver('another process has begun this day') : error;
  }
}

const describe = ({ inputHash, ...unit }: { inputHash: string; side: ReconDay['side']; party: string }) =>
  `${unitKey(unit)} ${inputHash}`;

/** In the order of their ids, which is that in which the passes go through them. */
function daysOf({ database }: ReconDeps, { id }: ReconRun): Promise<ReconDay[]> {
  return database.reader.find(ReconDaySchema, { where: { runId: id }, order: { id: 'ASC' } });
}

async function changedUnits(deps: ReconDeps, inputs: readonly UnitInputs[], day: string) {
  const latest = await latestVersions(deps.database.reader, day);
  return inputs
    .filter(({ unit, inputHash }) => latest.get(unitKey(unit))?.inputHash !== inputHash)
    .map(({ unit, inputHash }) => ({ ...unit, inputHash }));
}

/** The newest version that counts or has counted, of each party. */
export async function latestVersions(reader: Pick<Tx['manager'], 'find'>, day: string): Promise<Map<string, ReconDay>> {
  const where = { day, state: In(['open', 'replaced', 'signed', 'adjusted']) };
  const rows = await reader.find(ReconDaySchema, { where, order: { version: 'ASC' } });
  return new Map(rows.map((row) => [unitKey(row), row]));
}

/** Makes the run and a version for every party whose inputs are new; undefined when there is none. In the caller's transaction. */
export async function insertRun(
  deps: ReconDeps,
  tx: Tx,
  inputs: readonly UnitInputs[],
  day: string,
  asOf: string,
): Promise<BegunRun | undefined> {
  const { ids, clock } = deps.runtime;
  const latest = await latestVersions(tx.manager, day);
  const changed = inputs.filter(({ unit, inputHash }) => latest.get(unitKey(unit))?.inputHash !== inputHash);
  if (changed.length === 0) return undefined;
  const startedAtMs = clock.now();
  const common = { day, startedAtMs, finishedAtMs: null };
  const run: ReconRun = { id: ids.next(), ...common, asOf, state: 'running', phase: 'transfers', place: null };
  await tx.insert(ReconRunSchema, run);
  const days: ReconDay[] = [];
  for (const { unit, inputHash, operatorCover, billerCover } of changed) {
    const { side, party, currency, fromMs, toMs } = unit;
    const row: ReconDay = {
      ...{ id: ids.next(), runId: run.id, ...common, side, party, currency, fromMs, toMs },
      ...{ inputHash, operatorCover, billerCover, signedBy: null, signedAtMs: null },
      version: (latest.get(unitKey(unit))?.version ?? 0) + 1,
      state: 'matching',
    };
    await tx.insert(ReconDaySchema, row);
    days.push(row);
  }
  return { run, days, isLeft: false };
}

async function takeBack(deps: ReconDeps, run: ReconRun, days: readonly ReconDay[]): Promise<void> {
  for (const { id } of days) await dropResults(deps, id);
  await deps.database.transaction(async (tx) => {
    await tx.manager.delete(ReconDaySchema, { runId: run.id });
    await tx.manager.delete(ReconRunSchema, { id: run.id });
  });
}

const DROPPED_TOGETHER = 5_000;

/** Forgets the results of a version, in pieces, so that no lock is held for long. */
export async function dropResults({ database }: ReconDeps, dayId: string): Promise<void> {
  for (;;) {
    const [row] = await database.reader.query(
      'SELECT id FROM recon_result WHERE recon_day_id = ? ORDER BY id LIMIT 1 OFFSET ?',
      [dayId, DROPPED_TOGETHER - 1],
    );
    await database.transaction((tx) =>
      tx.manager.query('DELETE FROM recon_result WHERE recon_day_id = ? AND id <= ?', [dayId, row?.id ?? '~']),
    );
    if (!row) return;
  }
}

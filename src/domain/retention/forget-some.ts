import { invariant, type Runtime } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { heldRows, nextRows, rowsBehind, type WalkedRow } from './find-rows.ts';
import type { RetentionKind } from './retention-kind.ts';
import { RetentionCountSchema, RetentionHeldSchema, RetentionPlaceSchema } from './retention-row.ts';

export interface RetentionDeps {
  runtime: Runtime;
  database: Database;
}

/** One night, for one kind. */
export interface Night {
  kind: RetentionKind;
  beforeMs: number;
  /** Business day under which it is counted. */
  day: string;
}

/** Rows of one commit: locks are held for the time that these take. */
export const TOGETHER = 250;

/**
 * Forgets some of what is past its time, behind the place where the last commit ended, and moves that place: one commit, so a process
 * that dies goes on there, and what was counted is what is gone. Two at once wait for each other. False when there is no more.
 */
export function forgetSome({ runtime, database }: RetentionDeps, night: Night): Promise<boolean> {
  const { kind, beforeMs } = night;
  return database.transaction(async (tx) => {
    const { place } = await lockPlace(tx, kind.name);
    const rows = await nextRows(tx.manager, kind, { place, beforeMs, limit: TOGETHER });
    const last = rows.at(-1);
    if (!last) return false;
    const held = rows.filter((row) => row.isHeld);
    for (const { id } of held) await tx.insertOnce(RetentionHeldSchema, { kind: kind.name, rowId: id });
    await forget(runtime, tx, night, rows);
    await tx.update(RetentionPlaceSchema, { id: kind.name }, { place: last.place });
    return rows.length === TOGETHER;
  });
}

/** The same for what earlier nights had to hold, behind the id of one of them. The id where it ended; undefined when there is no more. */
export function forgetHeld(
  { runtime, database }: RetentionDeps,
  night: Night,
  afterId: string,
): Promise<string | undefined> {
  const { kind, beforeMs } = night;
  return database.transaction(async (tx) => {
    await lockPlace(tx, kind.name);
    const rows = await heldRows(tx.manager, kind, { afterId, beforeMs, limit: TOGETHER });
    await forget(runtime, tx, night, rows);
    const gone = rows.filter(({ isHeld }) => !isHeld).map(({ id }) => id);
    const orphans = await rowsBehind(tx.manager, kind, { afterId, rows, limit: TOGETHER });
    const over = [...gone, ...orphans];
    if (over.length > 0) {
      await tx.manager.query(`DELETE FROM retention_held WHERE kind = ? AND row_id IN (${marksOf(over)})`, [
        kind.name,
        ...over,
      ]);
    }
    return rows.length === TOGETHER ? rows.at(-1)?.id : undefined;
  });
}

async function lockPlace(tx: Tx, id: string): Promise<{ place: string }> {
  const known = await tx.lockOne(RetentionPlaceSchema, { id });
  if (known) return known;
  await tx.insertOnce(RetentionPlaceSchema, { id, place: '' });
  const made = await tx.lockOne(RetentionPlaceSchema, { id });
  invariant(made, 'a place that was just made can be read');
  return made;
}

async function forget(runtime: Runtime, tx: Tx, night: Night, rows: readonly WalkedRow[]): Promise<void> {
  const { kind, beforeMs, day } = night;
  const ids = rows.filter(({ isHeld }) => !isHeld).map(({ id }) => id);
  if (ids.length === 0) return;
  const marks = marksOf(ids);
  // What came to need a row since it was read keeps it.
  const isFree = `id IN (${marks}) AND NOT (${kind.held(beforeMs)})`;
  for (const { table, column } of kind.with ?? []) {
    await tx.manager.query(`DELETE FROM ${table} WHERE ${column} IN (${marks})`, ids);
  }
  await tx.manager.query(
    kind.forget === 'delete'
      ? `DELETE FROM ${kind.table} WHERE ${isFree}`
      : `UPDATE ${kind.table} SET ${kind.forget.set} WHERE ${isFree}`,
    ids,
  );
  await addToCount(runtime, tx, { kind: kind.name, day }, { forgotten: ids.length });
}

/** Adds to what the day has forgotten; `held` takes the place of what was said before. */
export async function addToCount(
  { ids, clock }: Runtime,
  tx: Tx,
  of: { kind: string; day: string },
  { forgotten = 0, held }: { forgotten?: number; held?: number },
): Promise<void> {
  const before = await tx.lockOne(RetentionCountSchema, of);
  const atMs = clock.now();
  if (!before) {
    const row = { id: ids.next(), ...of, forgotten, held: held ?? 0, atMs };
    await tx.insert(RetentionCountSchema, row);
    return;
  }
  const patch = { forgotten: before.forgotten + forgotten, held: held ?? before.held, atMs };
  await tx.update(RetentionCountSchema, { id: before.id }, patch);
}

export const marksOf = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

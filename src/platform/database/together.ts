import type { EntitySchema, ObjectLiteral } from 'typeorm';
import { gather } from '../../kernel/index.ts';
import type { Database, Tx } from './database.ts';
import { isDuplicateKey } from './database-errors.ts';
import { findRows } from './many-rows.ts';
import { rowByRow, type UnitOfWork, unitOfWork } from './unit-of-work.ts';

export interface EachOfMany<T, R> {
  /** Fetches and locks what the work of these will ask for: what it does not is asked for one by one. */
  prepare(work: UnitOfWork, items: readonly T[]): Promise<void>;
  /** What is done for one of them; in a transaction of its own when it cannot be done with the others. May run more than once. */
  each(tx: Tx, item: T): Promise<R>;
  /** What is said once of all that were done in one transaction, at its end: of one, when it has a transaction of its own. */
  conclude?(tx: Tx, results: readonly R[]): Promise<void>;
}

const MOST_TOGETHER = 100;

/**
 * What is asked for one by one is committed together: a commit costs the disk the same for one row as for fifty, and a statement nearly so.
 * Each is done or not done by itself: when one of them fails, each has a transaction of its own, and an end of its own.
 */
export function gatherWork<T, R>(database: Database, how: EachOfMany<T, R>): (item: T) => Promise<R> {
  return gather((items) => workOnAll(database, items, how), MOST_TOGETHER);
}

async function workOnAll<T, R>(
  database: Database,
  items: readonly T[],
  { prepare, each, conclude }: EachOfMany<T, R>,
): Promise<PromiseSettledResult<R>[]> {
  if (items.length > 1) {
    try {
      const values = await database.transaction(async (tx) => {
        const work = unitOfWork(tx, database.kind === 'mysql');
        await prepare(work, items);
        const results: R[] = [];
        for (const item of items) results.push(await each(work, item));
        await conclude?.(work, results);
        await work.flush();
        return results;
      });
      return values.map((value) => ({ status: 'fulfilled', value }));
    } catch {
      // Whatever it was is met again by the one that it concerns, and told by that one.
    }
  }
  const alone = async (tx: Tx, item: T): Promise<R> => {
    const result = await each(tx, item);
    await conclude?.(tx, [result]);
    return result;
  };
  return Promise.allSettled(items.map((item) => database.transaction((tx) => alone(tx, item))));
}

/**
 * One transaction for many rows, with few statements. A key that is taken shows at its end only: then it is done again, one row after
 * the other, so that whoever does it sees which.
 */
export async function transactMany<R>(database: Database, work: (unit: UnitOfWork) => Promise<R>): Promise<R> {
  try {
    return await database.transaction(async (tx) => {
      const unit = unitOfWork(tx, database.kind === 'mysql');
      const result = await work(unit);
      await unit.flush();
      return result;
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return database.transaction((tx) => work(rowByRow(tx)));
  }
}

/** Reads rows by their ids outside a transaction, those that are asked for at the same time by one statement. */
export function gatherFinds<T extends ObjectLiteral & { id: string }>(
  database: Database,
  entity: EntitySchema<T>,
): (id: string) => Promise<T | undefined> {
  return gather(async (ids: readonly string[]) => {
    const runner = database.reader.connection.createQueryRunner();
    try {
      const found = await findRows(runner, entity, { key: 'id', values: ids, within: {} });
      const byId = new Map(found.map((row) => [row.id, row]));
      return ids.map((id) => ({ status: 'fulfilled' as const, value: byId.get(id) }));
    } finally {
      await runner.release();
    }
  }, MOST_TOGETHER);
}

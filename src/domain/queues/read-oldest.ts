import { Between, type EntitySchema, type FindOptionsWhere, MoreThan, type SelectQueryBuilder } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { AssignmentSchema } from './assignment.ts';
import type { Queue } from './queue-item.ts';

/** The last thing of what was read before. */
export interface QueuePlace {
  atMs: number;
  id: string;
}

/** Rows of one kind, in the order of a time. Each selection is read by an index of its own; no row is in two. */
export interface Rows<T extends { id: string }> {
  entity: EntitySchema<T>;
  time: keyof T & string;
  selections: readonly Selection<T>[];
}

export interface Selection<T> {
  where: FindOptionsWhere<T>;
  /** Of the time, epoch ms; the end is not included. */
  fromMs?: number;
  toMs?: number;
  /** More that must hold, in the alias `one`, with its values. */
  more?: readonly [sql: string, values: Record<string, string>];
}

export interface Owned {
  queue: Queue;
  /** Who has taken it on; null: nobody has. Undefined narrows nothing. */
  ownerId: string | null | undefined;
}

/** The oldest rows behind a place, up to `take`. */
export async function readOldest<T extends { id: string }>(
  database: Database,
  { entity, time, selections }: Rows<T>,
  owned: Owned,
  { take, after }: { take: number; after?: QueuePlace | undefined },
): Promise<T[]> {
  const lists = await Promise.all(
    selections.flatMap((selection) => {
      const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = selection;
      const since = after ? Math.max(fromMs, after.atMs + 1) : fromMs;
      const later = { [time]: Between(since, toMs - 1) };
      // Several may be of one millisecond; some of them were read before.
      const isWithin = after && after.atMs >= fromMs && after.atMs < toMs;
      const same = isWithin ? [{ [time]: after.atMs, id: MoreThan(after.id) }] : [];
      return [...same, later].map((range) =>
        select(database, entity, selection, range as FindOptionsWhere<T>, owned)
          .orderBy(`one.${time}`, 'ASC')
          .addOrderBy('one.id', 'ASC')
          .limit(take)
          .getMany(),
      );
    }),
  );
  const atMs = (row: T) => row[time] as number;
  const inOrder = (one: T, other: T) => atMs(one) - atMs(other) || (one.id < other.id ? -1 : 1);
  return lists.flat().sort(inOrder).slice(0, take);
}

/** How many there are, up to `most`: no more rows than that are looked at by the store. */
export async function countRows<T extends { id: string }>(
  database: Database,
  { entity, time, selections }: Rows<T>,
  owned: Owned,
  most: number,
): Promise<number> {
  const counts = selections.map(async (selection) => {
    const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = selection;
    const range = { [time]: Between(fromMs, toMs - 1) } as FindOptionsWhere<T>;
    const [sql, values] = select(database, entity, selection, range, owned)
      .select('1', 'found')
      .limit(most)
      .getQueryAndParameters();
    const rows: { found: unknown }[] = await database.reader.query(
      `SELECT COUNT(*) AS found FROM (${sql}) some`,
      values,
    );
    return Number(rows[0]?.found ?? 0);
  });
  return Math.min(
    (await Promise.all(counts)).reduce((sum, count) => sum + count, 0),
    most,
  );
}

function select<T extends { id: string }>(
  { reader }: Database,
  entity: EntitySchema<T>,
  { where, more }: Selection<T>,
  range: FindOptionsWhere<T>,
  { queue, ownerId }: Owned,
): SelectQueryBuilder<T> {
  const query = reader.createQueryBuilder(entity, 'one').where({ ...where, ...range });
  if (more) query.andWhere(...more);
  if (ownerId === undefined) return query;
  if (ownerId === null) {
    // As a join it is looked up row by row, until there are enough.
    query.leftJoin('assignment', 'taken', 'taken.queue = :queue AND taken.subjectId = one.id', { queue });
    return query.andWhere('taken.id IS NULL');
  }
  const assigned = query.subQuery().select('taken.subjectId').from(AssignmentSchema, 'taken');
  const sql = assigned.where('taken.queue = :queue AND taken.ownerId = :ownerId').getQuery();
  return query.andWhere(`one.id IN ${sql}`, { queue, ownerId });
}

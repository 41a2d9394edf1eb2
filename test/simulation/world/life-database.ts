import type { EntityManager, EntitySchema } from 'typeorm';
import type { Database, Tx } from '../../../src/platform/database/index.ts';
import type { Draw } from './draw.ts';
import { Death, type Life, never } from './life.ts';
import type { Trace } from './trace.ts';

/** How slow the disk is in this world. */
export interface DiskMood {
  /** Chance that a statement or transaction waits a little, so that work of others comes between. */
  jitter: number;
  /** Chance that a commit hangs for seconds. */
  stall: number;
}

/** The database as one life sees it: every transaction can be its last, just before or just after the commit. */
export function lifeDatabase(life: Life, inner: Database, draw: Draw, mood: () => DiskMood, trace: Trace): Database {
  const jitter = async () => {
    if (draw.hits(mood().jitter)) await life.sleep(draw.int(1, 40));
  };
  return {
    ...inner,
    reader: guardReader(life, inner.reader, jitter),
    async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      await jitter();
      if (!life.isAlive()) return never();
      const writes: string[] = [];
      try {
        const result = await inner.transaction(async (tx) => {
          if (!life.isAlive()) throw new Death('before it began');
          writes.length = 0;
          const value = await work(observed(tx, writes));
          if (draw.hits(mood().stall)) {
            trace.count('stalled commits');
            await life.sleepWithin(draw.int(1_000, 9_000));
          }
          life.passWithin(`before commit of ${writes[0] ?? 'nothing'}`);
          return value;
        });
        if (!life.isAlive()) return never();
        if (writes.length > 0) trace.note(`commit ${writes.join(', ')}`);
        trace.count('commits');
        await life.pass(`after commit of ${writes[0] ?? 'nothing'}`);
        return result;
      } catch (error) {
        if (error instanceof Death || !life.isAlive()) return never();
        throw error;
      }
    },
  };
}

/** A read of a dead life is never answered. */
function guardReader(life: Life, reader: EntityManager, jitter: () => Promise<void>): EntityManager {
  return new Proxy(reader, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      // Put together without a statement, and asked then.
      if (name === 'createQueryBuilder') return (...args: unknown[]) => guardBuilder(life, value.apply(target, args));
      return async (...args: unknown[]) => {
        await jitter();
        if (!life.isAlive()) return never();
        try {
          const result: unknown = await value.apply(target, args);
          return life.isAlive() ? result : never();
        } catch (error) {
          if (!life.isAlive()) return never();
          throw error;
        }
      };
    },
  });
}

/** A query that is put together step by step; only what it asks the store is a promise. */
function guardBuilder<T extends object>(life: Life, builder: T): T {
  const guarded: T = new Proxy(builder, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = value.apply(target, args);
        if (result === target) return guarded;
        if (!(result instanceof Promise)) return result;
        return result.then((answer: unknown) => (life.isAlive() ? answer : never()));
      };
    },
  });
  return guarded;
}

/** Notes what a transaction writes, by the names and keys that a person looks for. */
function observed(tx: Tx, writes: string[]): Tx {
  const nameOf = (entity: EntitySchema) => entity.options.name;
  const named = (row: object): string => {
    const { id, workKey, reference, factKey, kind } = row as Record<string, unknown>;
    return [reference ?? workKey ?? factKey ?? kind, id].filter((part) => part !== undefined).join(' ');
  };
  return {
    ...tx,
    async insert(entity, row) {
      await tx.insert(entity, row);
      writes.push(`+${nameOf(entity)} ${named(row)}`);
    },
    async insertOnce(entity, row) {
      const isNew = await tx.insertOnce(entity, row);
      writes.push(`${isNew ? '+' : '='}${nameOf(entity)} ${named(row)}`);
      return isNew;
    },
    async update(entity, where, patch) {
      const count = await tx.update(entity, where, patch);
      const { state } = patch as { state?: unknown };
      const { id } = where as { id?: unknown };
      const what = typeof id === 'string' ? id : '';
      writes.push(`${count}~${nameOf(entity)} ${what}${typeof state === 'string' ? ` ${state}` : ''}`);
      return count;
    },
  };
}

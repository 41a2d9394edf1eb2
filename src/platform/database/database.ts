import pLimit from 'p-limit';
import type {
  DataSource,
  EntityManager,
  EntitySchema,
  FindOptionsWhere,
  ObjectLiteral,
  QueryDeepPartialEntity,
  QueryRunner,
} from 'typeorm';
import { invariant, type Runtime, sleep } from '../../kernel/index.ts';
import { connect, dataSourceOptions, type SchemaParts, type StoreAddress } from './data-source.ts';
import { isDiskFault, isDuplicateKey, isRetryable } from './database-errors.ts';
import { insertRows, updateEach } from './many-rows.ts';
import { findRow, insertRow, updateRows } from './row-statements.ts';

/** The columns to sort by, the first before the second. */
export type Order<T> = readonly (keyof T & string)[];

/** An open transaction. Nothing of it may be used after the work that it was given to has ended. */
export interface Tx {
  readonly manager: EntityManager;
  /** Reads one row and locks it until the transaction ends. */
  lockOne<T extends ObjectLiteral>(entity: EntitySchema<T>, where: FindOptionsWhere<T>): Promise<T | null>;
  findOne<T extends ObjectLiteral>(entity: EntitySchema<T>, where: FindOptionsWhere<T>): Promise<T | null>;
  /** Every row that fits, in ascending order. */
  findAll<T extends ObjectLiteral>(entity: EntitySchema<T>, where: FindOptionsWhere<T>, order: Order<T>): Promise<T[]>;
  insert<T extends ObjectLiteral>(entity: EntitySchema<T>, row: T): Promise<void>;
  /** Few statements for many rows of the same columns. */
  insertMany<T extends ObjectLiteral>(entity: EntitySchema<T>, rows: readonly T[]): Promise<void>;
  /** Inserts unless a unique key is taken; false when it was. The transaction goes on. */
  insertOnce<T extends ObjectLiteral>(entity: EntitySchema<T>, row: T): Promise<boolean>;
  /** Updates what fits; the number of rows that fitted. */
  update<T extends ObjectLiteral>(
    entity: EntitySchema<T>,
    where: FindOptionsWhere<T>,
    patch: QueryDeepPartialEntity<T>,
  ): Promise<number>;
  /** Changes rows, by their ids, each to values of its own: one statement for all that have the same columns. */
  updateEach<T extends ObjectLiteral>(entity: EntitySchema<T>, changes: ReadonlyMap<string, Partial<T>>): Promise<void>;
  /** Runs once the commit is certain; for wake-ups, never for work that must happen. */
  afterCommit(task: () => void): void;
}

export interface Database {
  readonly kind: 'sqlite' | 'mysql';
  /**
   * Runs `work` in one transaction. A deadlock or a lock wait runs it again from its start (a bounded number of
   * times), so `work` must change nothing outside the database, and must never call a provider.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads outside a transaction, never behind the writers of the embedded store. */
  readonly reader: EntityManager;
  /** Creates or updates the schema; nothing to do is no error, and several processes may call it at once. */
  migrate(): Promise<void>;
  /** Has the store look at a table of which much has changed: until it does by itself, it may join as if the table were empty. */
  refreshStatistics(table: string): Promise<void>;
  /** For readiness: a round trip to the store. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const ATTEMPTS = 6;
/** Writers that may wait for the one connection of the embedded store; more is overload and refused. */
const LONGEST_QUEUE = 2_000;

export async function openDatabase(runtime: Runtime, address: StoreAddress, parts: SchemaParts): Promise<Database> {
  const options = dataSourceOptions(address, parts);
  const writer = await connect(options);
  return address.databaseUrl ? openMysql(runtime, writer) : openSqlite(runtime, writer, address, parts);
}

function openMysql(runtime: Runtime, source: DataSource): Database {
  return {
    kind: 'mysql',
    transaction: (work) => runWithRetries(runtime, source, work, true),
    reader: source.manager,
    migrate: () => migrateMysql(source),
    refreshStatistics: async (table) => {
      await source.query(`ANALYZE TABLE ${source.driver.escape(table)}`);
    },
    ping: async () => {
      await source.query('SELECT 1');
    },
    close: () => source.destroy(),
  };
}

const MIGRATION_LOCK = 'malipo migrations';
const MIGRATION_LOCK_WAIT_S = 120;

/** Several processes may start at once: the first to hold the lock migrates, the others find nothing left to do. */
async function migrateMysql(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    const [lock] = await runner.query('SELECT GET_LOCK(?, ?) AS taken', [MIGRATION_LOCK, MIGRATION_LOCK_WAIT_S]);
    invariant(Number(lock.taken) === 1, 'another process holds the lock of the migrations');
    if (!(await source.showMigrations())) return;
    // Under a collation that folds case, the receipts SG1 and sg1 would be one.
    await runner.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await runner.query('SELECT RELEASE_LOCK(?)', [MIGRATION_LOCK]);
    await runner.release();
  }
}

/**
 * Two transactions on SQLite's one connection would become one (one's rollback takes the other's commit with it), so
 * writers queue; reads have a connection of their own that cannot write.
 */
async function openSqlite(
  runtime: Runtime,
  writer: DataSource,
  address: StoreAddress,
  parts: SchemaParts,
): Promise<Database> {
  const reader = await connect(dataSourceOptions(address, parts));
  await reader.query('PRAGMA query_only = ON');
  const queue = pLimit(1);
  // Reads go on when the disk is full: what the last writer met says whether this store can keep anything.
  let canWrite = true;
  const write = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      const result = await task();
      canWrite = true;
      return result;
    } catch (error) {
      if (isDiskFault(error)) canWrite = false;
      throw error;
    }
  };
  return {
    kind: 'sqlite',
    transaction(work) {
      invariant(queue.pendingCount < LONGEST_QUEUE, 'too many writers wait for the embedded store');
      return queue(() => write(() => runWithRetries(runtime, writer, work, false)));
    },
    reader: reader.manager,
    migrate: () =>
      queue(async () => {
        await writer.runMigrations({ transaction: 'each' });
      }),
    // It takes the index that fits, whatever the table holds.
    async refreshStatistics() {},
    async ping() {
      await reader.query('SELECT 1');
      if (!canWrite) await queue(() => write(() => writer.query('PRAGMA user_version = 1')));
    },
    close: () =>
      queue(async () => {
        await reader.destroy();
        await writer.query('PRAGMA wal_checkpoint(TRUNCATE)');
        await writer.destroy();
      }),
  };
}

async function runWithRetries<T>(
  runtime: Runtime,
  source: DataSource,
  work: (tx: Tx) => Promise<T>,
  rowLocks: boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(source, work, rowLocks);
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(runtime.clock, Math.ceil(runtime.chance.fraction() * 15 * 2 ** attempt));
    }
  }
}

async function runOnce<T>(source: DataSource, work: (tx: Tx) => Promise<T>, rowLocks: boolean): Promise<T> {
  const runner = source.createQueryRunner();
  const tasks: (() => void)[] = [];
  try {
    await runner.startTransaction();
    const result = await work(makeTx(runner, rowLocks, tasks));
    await runner.commitTransaction();
    for (const task of tasks) task();
    return result;
  } catch (error) {
    await rollBack(runner);
    throw error;
  } finally {
    await runner.release();
  }
}

async function rollBack(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch {
    // The connection is gone, and the transaction with it.
  }
}

function makeTx(runner: QueryRunner, rowLocks: boolean, tasks: (() => void)[]): Tx {
  const { manager } = runner;
  const insert = <T extends ObjectLiteral>(entity: EntitySchema<T>, row: T) =>
    insertRow(runner, entity as EntitySchema<never>, row) ??
    manager.insert(entity, row as QueryDeepPartialEntity<typeof row>);
  return {
    manager,
    lockOne: (entity, where) =>
      findRow(runner, entity, where, rowLocks ? ' FOR UPDATE' : '') ??
      manager.findOne(entity, rowLocks ? { where, lock: { mode: 'pessimistic_write' } } : { where }),
    findOne: (entity, where) => findRow(runner, entity, where, '') ?? manager.findOne(entity, { where }),
    findAll: (entity, where, order) =>
      manager.find(entity, { where, order: Object.fromEntries(order.map((name) => [name, 'ASC'])) as never }),
    insert: async (entity, row) => {
      await insert(entity, row);
    },
    insertMany: (entity, rows) => insertRows(runner, entity, rows),
    async insertOnce(entity, row) {
      try {
        await insert(entity, row);
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    update: async (entity, where, patch) =>
      (await updateRows(runner, entity as EntitySchema<never>, where, patch)) ??
      (await manager.update(entity, where, patch)).affected ??
      0,
    updateEach: (entity, changes) => updateEach(runner, entity as EntitySchema<never>, changes),
    afterCommit: (task) => tasks.push(task),
  };
}

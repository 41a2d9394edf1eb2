import { createRequire } from 'node:module';
import { invariant } from '../../kernel/index.ts';

interface NativeStatement {
  readonly reader: boolean;
  all(parameters: unknown[]): unknown[];
  run(parameters: unknown[]): { changes: number; lastInsertRowid: number };
}

interface NativeDatabase {
  prepare(sql: string): NativeStatement;
  pragma(source: string): unknown[];
  exec(sql: string): void;
  close(): void;
}

const Libsql = createRequire(import.meta.url)('libsql') as new (path: string, options?: object) => NativeDatabase;

type Bound = string | bigint | number | null | Buffer;

/** The native driver aborts the whole process on a Date, an object or a boolean, and binds integers as REAL. */
function toBound(value: unknown): Bound {
  switch (typeof value) {
    case 'string':
      invariant(!value.includes('\0'), 'a NUL character cannot be stored: refuse it at the door');
      return value;
    case 'bigint':
      return value;
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case 'boolean':
      return value ? 1n : 0n;
    case 'undefined':
      return null;
    default:
  }
  if (value === null || Buffer.isBuffer(value)) return value;
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('a bound value must be a string, number, bigint, boolean, Date, Buffer or null');
}

const BEGIN = 'BEGIN IMMEDIATE TRANSACTION';

/** Thrown by statements of a transaction that the store has already rolled back by itself (a full disk does that). */
export class TransactionLostError extends Error {
  override readonly name = 'TransactionLostError';
}

class CheckedStatement {
  private readonly driver: LibsqlDriver;
  private readonly sql: string;
  private readonly statement: NativeStatement;

  constructor(driver: LibsqlDriver, sql: string, statement: NativeStatement) {
    this.driver = driver;
    this.sql = sql;
    this.statement = statement;
  }

  get reader(): boolean {
    return this.statement.reader;
  }

  all(...parameters: unknown[]): unknown[] {
    this.driver.checkTransaction();
    return this.statement.all(parameters.map(toBound));
  }

  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number } {
    if (this.sql === 'ROLLBACK') return this.driver.rollBack(this.statement);
    this.driver.checkTransaction();
    const result = this.statement.run(parameters.map(toBound));
    this.driver.noteTransaction(this.sql);
    return result;
  }
}

/**
 * libsql under the interface of `better-sqlite3` that TypeORM speaks, with every bound value checked and converted.
 * A transaction begins IMMEDIATE: a writer that starts as a reader could otherwise fail in its middle. A full disk
 * makes SQLite roll back by itself: what follows in that transaction must not run outside one, and its ROLLBACK,
 * which SQLite would refuse, has nothing left to do (TypeORM would otherwise believe for ever that it is inside).
 */
export class LibsqlDriver extends (Libsql as unknown as new (
  path: string,
  options?: object,
) => {
  readonly inTransaction: boolean;
  prepare(sql: string): unknown;
  pragma(source: string): unknown[];
  exec(sql: string): void;
  close(): void;
}) {
  private begun = false;

  override prepare(sql: string): CheckedStatement {
    const written = sql === 'BEGIN TRANSACTION' ? BEGIN : sql;
    return new CheckedStatement(this, written, super.prepare(written) as NativeStatement);
  }

  override pragma(source: string): unknown[] {
    return this.prepare(`PRAGMA ${source}`).all();
  }

  checkTransaction(): void {
    if (this.begun && !this.inTransaction) throw new TransactionLostError('the store has rolled the transaction back');
  }

  noteTransaction(sql: string): void {
    if (sql === BEGIN) this.begun = true;
    else if (sql === 'COMMIT') this.begun = false;
  }

  rollBack(statement: NativeStatement): { changes: number; lastInsertRowid: number } {
    this.begun = false;
    return this.inTransaction ? statement.run([]) : { changes: 0, lastInsertRowid: 0 };
  }
}

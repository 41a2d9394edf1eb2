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

class CheckedStatement {
  private readonly statement: NativeStatement;

  constructor(statement: NativeStatement) {
    this.statement = statement;
  }

  get reader(): boolean {
    return this.statement.reader;
  }

  all(...parameters: unknown[]): unknown[] {
    return this.statement.all(parameters.map(toBound));
  }

  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number } {
    return this.statement.run(parameters.map(toBound));
  }
}

/**
 * libsql under the interface of `better-sqlite3` that TypeORM speaks, with every bound value checked and converted.
 * A transaction begins IMMEDIATE: a writer that starts as a reader could otherwise fail in its middle.
 */
export class LibsqlDriver extends (Libsql as unknown as new (
  path: string,
  options?: object,
) => { prepare(sql: string): unknown; pragma(source: string): unknown[]; exec(sql: string): void; close(): void }) {
  override prepare(sql: string): CheckedStatement {
    const statement = super.prepare(sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE TRANSACTION' : sql);
    return new CheckedStatement(statement as NativeStatement);
  }

  override pragma(source: string): unknown[] {
    return this.prepare(`PRAGMA ${source}`).all();
  }
}

import { schema } from '../../ormconfig.ts';
import { systemRuntime } from '../kernel/index.ts';
import { type Database, openDatabase } from '../platform/database/index.ts';

/**
 * Runs a command on the database of DATABASE_URL, or on the embedded store in DATA_DIR. What goes wrong is one line, and the
 * exit code is 1: a person or a timer reads it, not a programmer.
 */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const { DATABASE_URL, DATA_DIR } = process.env;
  const address = { databaseUrl: DATABASE_URL || undefined, dataDir: DATA_DIR || 'var' };
  const store = address.databaseUrl ? 'DATABASE_URL' : `DATA_DIR ${address.dataDir}`;
  try {
    const database = await openDatabase(systemRuntime, address, schema);
    try {
      await work(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    process.stderr.write(`${store}: ${error instanceof Error ? error.message : 'unknown error'}\n`);
    process.exitCode = 1;
  }
}

import { copyFile } from 'node:fs/promises';
import mysql from 'mysql2/promise';
import { systemRuntime } from '../../src/kernel/index.ts';
import { openDatabase } from '../../src/platform/database/index.ts';

/**
 * What the migrations make, made once a process: on MariaDB they take two seconds, of which the tables alone are a twentieth. That the
 * migrations themselves lead there from nothing is tested on empty stores (test/platform/database).
 */
let embedded: Promise<string> | undefined;
let server: Promise<string[]> | undefined;

const FILE = 'malipo.db';

async function migrate(address: { databaseUrl: string | undefined; dataDir: string }): Promise<void> {
  const { schema } = await import('../../ormconfig.ts');
  const database = await openDatabase(systemRuntime, address, schema);
  await database.migrate();
  await database.close();
}

/** Into an empty folder; `emptyFolder` makes another, that is kept. */
export async function copyMigratedFile(dataDir: string, emptyFolder: () => Promise<string>): Promise<void> {
  embedded ??= emptyFolder().then(async (folder) => {
    await migrate({ databaseUrl: undefined, dataDir: folder });
    return folder;
  });
  await copyFile(`${await embedded}/${FILE}`, `${dataDir}/${FILE}`);
}

/** Into an empty database; `emptyDatabase` makes another, which is dropped. */
export async function copyMigratedTables(
  databaseUrl: string,
  emptyDatabase: () => Promise<{ url: string; drop(): Promise<void> }>,
): Promise<void> {
  server ??= emptyDatabase().then(async ({ url, drop }) => {
    await migrate({ databaseUrl: url, dataDir: '' });
    const statements = await readStatements(url);
    await drop();
    return statements;
  });
  const statements = await server;
  const connection = await mysql.createConnection({ uri: databaseUrl, multipleStatements: true });
  await connection.query(statements.join(';\n'));
  await connection.end();
}

async function readStatements(url: string): Promise<string[]> {
  const connection = await mysql.createConnection(url);
  const read = async (sql: string) => (await connection.query(sql))[0] as Record<string, string>[];
  const statements = ['SET FOREIGN_KEY_CHECKS = 0'];
  for (const row of await read('SHOW TABLES')) {
    const [table] = Object.values(row);
    const [made] = await read(`SHOW CREATE TABLE ${connection.escapeId(table ?? '')}`);
    statements.push(made?.['Create Table'] ?? '');
  }
  const done = await read('SELECT id, timestamp, name FROM migrations');
  const rows = done.map((row) => Object.values(row));
  statements.push(connection.format('INSERT INTO migrations (id, timestamp, name) VALUES ?', [rows]));
  await connection.end();
  return statements;
}

import type { Database } from '../../src/platform/database/index.ts';

/** Every row of every table as text, whatever the schema says: `table.column: value`. */
export async function dumpTexts(database: Database): Promise<string[]> {
  const { reader } = database;
  const { driver } = reader.connection;
  const sql =
    database.kind === 'sqlite'
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const tables: { name: string }[] = await reader.query(sql);
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows: Record<string, unknown>[] = await reader.query(`SELECT * FROM ${driver.escape(name)}`);
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) texts.push(`${name}.${column}: ${String(value)}`);
    }
  }
  return texts;
}

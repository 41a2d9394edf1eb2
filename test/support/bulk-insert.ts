import type { EntityManager, EntitySchema, ObjectLiteral } from 'typeorm';

/** Rows of one statement: under the embedded store's 32,766 values. */
const TOGETHER = 500;

/** Inserts many rows by plain statements of many rows each: what a store can do at its best. */
export async function bulkInsert<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntitySchema<T>,
  rows: readonly T[],
): Promise<void> {
  if (rows.length === 0) return;
  const { tableName, columns } = manager.connection.getMetadata(entity);
  const quoted = (name: string) => manager.connection.driver.escape(name);
  const names = columns.map(({ databaseName }) => quoted(databaseName)).join(', ');
  const isServer = manager.connection.options.type === 'mariadb';
  const marks = `(${columns.map(() => '?').join(', ')})`;
  for (let start = 0; start < rows.length; start += TOGETHER) {
    const some = rows.slice(start, start + TOGETHER);
    const values: unknown[] = [];
    for (const row of some) {
      for (const { propertyName } of columns) {
        const value: unknown = row[propertyName];
        values.push(typeof value === 'bigint' && isServer ? String(value) : (value ?? null));
      }
    }
    await manager.query(
      `INSERT INTO ${quoted(tableName)} (${names}) VALUES ${some.map(() => marks).join(', ')}`,
      values,
    );
  }
}

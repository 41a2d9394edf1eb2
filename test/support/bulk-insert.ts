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
  const marks = `(${columns.map(() => '?').join(', ')})`;
  for (let start = 0; start < rows.length; start += TOGETHER) {
    const some = rows.slice(start, start + TOGETHER);
    const values = some.flatMap((row) =>
      columns.map(({ propertyName }) => {
        const value: unknown = row[propertyName];
        return typeof value === 'bigint' && manager.connection.options.type === 'mariadb'
          ? String(value)
          : (value ?? null);
      }),
    );
    await manager.query(
      `INSERT INTO ${quoted(tableName)} (${names}) VALUES ${some.map(() => marks).join(', ')}`,
      values,
    );
  }
}

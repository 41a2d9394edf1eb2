import type { EntitySchema, ObjectLiteral, QueryRunner } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import { type Column, columnsOf, hydrate, isPlain, type Row } from './row-statements.ts';

/*
 * The statements of many rows. Values go through the same transformers and conversions as those of one, and a statement is kept below
 * what either store takes as parameters.
 */

const MOST_PARAMETERS = 16_000;

export interface RowsWanted {
  key: string;
  /** Of the key, each of which is wanted. */
  values: readonly unknown[];
  /** What else holds of them: the columns that come before the key in its index. */
  within: Row;
}

/**
 * Every row that is wanted; `ending` comes behind (a row lock). The store takes them, and their locks, in the order of the key: an order of
 * our own could make it read the whole table to have it.
 */
export async function findRows<T extends ObjectLiteral>(
  runner: QueryRunner,
  entity: EntitySchema<T>,
  { key, values, within }: RowsWanted,
  ending = '',
): Promise<T[]> {
  const { driver } = runner.connection;
  const column = columnOf(runner, entity, key);
  const quote = (name: string) => driver.escape(name);
  const fixed = Object.keys(within).map((name) => columnOf(runner, entity, name));
  const fitting = fixed.map(({ databaseName }) => `${quote(databaseName)} = ? AND `).join('');
  const ofFixed = fixed.map((one) => driver.preparePersistentValue(within[one.propertyName], one));
  const names = [...columnsOf(runner, entity).values()].map(({ databaseName }) => quote(databaseName)).join(', ');
  const found: T[] = [];
  for (const some of slices([...new Set(values)], MOST_PARAMETERS)) {
    const sql = `SELECT ${names} FROM ${tableOf(runner, entity)} WHERE ${fitting}${quote(column.databaseName)} IN (${marks(some.length)})${ending}`;
    const bound = some.map((value) => driver.preparePersistentValue(value, column));
    const rows: Row[] = await runner.query(sql, [...ofFixed, ...bound]);
    for (const row of rows) found.push(hydrate<T>(runner, entity, row));
  }
  return found;
}

/** Rejects as the driver does when a key is taken. Every row has the same columns, and plain values. */
export async function insertRows<T extends ObjectLiteral>(
  runner: QueryRunner,
  entity: EntitySchema<T>,
  rows: readonly T[],
): Promise<void> {
  if (rows.length === 0) return;
  const { driver } = runner.connection;
  const isGiven = ({ propertyName }: Column) => rows.some((row) => row[propertyName] !== undefined);
  const columns = [...columnsOf(runner, entity).values()].filter(isGiven);
  const names = columns.map(({ databaseName }) => driver.escape(databaseName)).join(', ');
  for (const some of slices(rows, Math.floor(MOST_PARAMETERS / columns.length))) {
    const values: unknown[] = [];
    for (const row of some) {
      for (const column of columns) {
        const value = row[column.propertyName];
        invariant(isPlain(value), `a plain value of ${column.propertyName}`);
        values.push(driver.preparePersistentValue(value, column));
      }
    }
    const tuples = some.map(() => `(${marks(columns.length)})`).join(', ');
    await runner.query(`INSERT INTO ${tableOf(runner, entity)}(${names}) VALUES ${tuples}`, values);
  }
}

/** Changes each row, by its id, to values of its own. What is the same for all of them is written once. */
export async function updateEach(
  runner: QueryRunner,
  entity: EntitySchema<never>,
  changes: ReadonlyMap<string, Row>,
): Promise<void> {
  const alike = new Map<string, [string, Row][]>();
  for (const change of changes) {
    const names = Object.keys(change[1]).sort().join(' ');
    alike.set(names, [...(alike.get(names) ?? []), change]);
  }
  for (const [names, those] of alike) {
    const columns = names.split(' ').map((name) => columnOf(runner, entity, name));
    const most = Math.floor(MOST_PARAMETERS / (2 * columns.length + 1));
    for (const some of slices(those, most)) await updateAlike(runner, entity, columns, some);
  }
}

async function updateAlike(
  runner: QueryRunner,
  entity: EntitySchema<never>,
  columns: readonly Column[],
  changes: readonly [string, Row][],
): Promise<void> {
  const { driver } = runner.connection;
  const values: unknown[] = [];
  const sets = columns.map((column) => {
    const name = driver.escape(column.databaseName);
    const each = changes.map(([, change]) => driver.preparePersistentValue(change[column.propertyName], column));
    if (each.every((value) => value === each[0])) {
      values.push(each[0]);
      return `${name} = ?`;
    }
    changes.forEach(([id], place) => {
      values.push(id, each[place]);
    });
    return `${name} = CASE id ${changes.map(() => 'WHEN ? THEN ?').join(' ')} END`;
  });
  const sql = `UPDATE ${tableOf(runner, entity)} SET ${sets.join(', ')} WHERE id IN (${marks(changes.length)})`;
  await runner.query(sql, [...values, ...changes.map(([id]) => id)]);
}

function columnOf(runner: QueryRunner, entity: object, property: string): Column {
  const column = columnsOf(runner, entity).get(property);
  invariant(column, `a column for ${property}`);
  return column;
}

function tableOf({ connection }: QueryRunner, entity: EntitySchema<never> | EntitySchema): string {
  return connection.driver.escape(connection.getMetadata(entity as EntitySchema).tableName);
}

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

import type { DataSource, EntitySchema, ObjectLiteral, QueryRunner } from 'typeorm';

/*
 * The statements of one row, written once for each entity and set of columns. TypeORM builds every statement anew, which was
 * the largest part, beside the driver's, of what a payment cost. Values go through the same transformers and conversions.
 * What is not plain (an operator, a raw expression, a null to look for) gives undefined, and is left to TypeORM.
 */

export type Row = Readonly<Record<string, unknown>>;
export type Column = ReturnType<DataSource['getMetadata']>['columns'][number];

interface Statement {
  sql: string;
  columns: readonly Column[];
}

interface Plan {
  columns: ReadonlyMap<string, Column>;
  /** By the operation and the names of its columns. */
  statements: Map<string, Statement | undefined>;
}

const plans = new WeakMap<DataSource, WeakMap<object, Plan>>();

/** Reads the one row that fits; `ending` comes behind (a row lock). */
export function findRow<T extends ObjectLiteral>(
  runner: QueryRunner,
  entity: EntitySchema<T>,
  where: Row,
  ending: string,
): Promise<T | null> | undefined {
  const statement = statementFor(runner, entity, `find${ending}`, where, {}, (table, quote, all) => {
    const names = all.map((column) => quote(column.databaseName)).join(', ');
    return `SELECT ${names} FROM ${table} WHERE ${fitting(quote, all, where)} LIMIT 1${ending}`;
  });
  return statement && readOne<T>(runner, entity, statement, where);
}

/** Rejects as the driver does when a key is taken. */
export function insertRow(runner: QueryRunner, entity: EntitySchema<never>, row: Row): Promise<unknown> | undefined {
  const statement = statementFor(runner, entity, 'insert', {}, row, (table, quote, _all, given) => {
    const names = given.map((column) => quote(column.databaseName)).join(', ');
    return `INSERT INTO ${table}(${names}) VALUES (${given.map(() => '?').join(', ')})`;
  });
  return statement && runner.query(statement.sql, bound(runner, statement, row));
}

/** The number of rows that fitted. */
export function updateRows(
  runner: QueryRunner,
  entity: EntitySchema<never>,
  where: Row,
  patch: Row,
): Promise<number> | undefined {
  const statement = statementFor(runner, entity, 'update', where, patch, (table, quote, all, given) => {
    const changes = given.map((column) => `${quote(column.databaseName)} = ?`).join(', ');
    return `UPDATE ${table} SET ${changes} WHERE ${fitting(quote, all, where)}`;
  });
  if (!statement) return undefined;
  const values = [...bound(runner, statement, patch), ...boundWhere(runner, entity, where)];
  return runner.query(statement.sql, values, true).then(({ affected }) => affected ?? 0);
}

type Write = (
  table: string,
  quote: (name: string) => string,
  all: readonly Column[],
  given: readonly Column[],
) => string;

/** `given`: what is written. Undefined when something of it, or of `where`, is not plain. */
function statementFor(
  runner: QueryRunner,
  entity: object,
  operation: string,
  where: Row,
  given: Row,
  write: Write,
): Statement | undefined {
  const { connection } = runner;
  const plan = planOf(connection, entity as EntitySchema);
  const names = Object.keys(given).filter((name) => given[name] !== undefined && plan.columns.has(name));
  const wanted = Object.keys(where);
  if (names.some((name) => !isPlain(given[name]))) return undefined;
  if (wanted.some((name) => where[name] === null || !isPlain(where[name]) || !plan.columns.has(name))) return undefined;
  if (names.length + wanted.length === 0 || (operation === 'update' && names.length === 0)) return undefined;
  const key = `${operation} ${names.join(' ')} where ${wanted.join(' ')}`;
  const kept = plan.statements.get(key);
  if (kept) return kept;
  const { driver } = connection;
  const columns = names.map((name) => plan.columns.get(name) as Column);
  const table = driver.escape(connection.getMetadata(entity as EntitySchema).tableName);
  const statement = { sql: write(table, (name) => driver.escape(name), [...plan.columns.values()], columns), columns };
  plan.statements.set(key, statement);
  return statement;
}

export function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** The columns of an entity by the names of its properties. */
export function columnsOf({ connection }: QueryRunner, entity: object): ReadonlyMap<string, Column> {
  return planOf(connection, entity as EntitySchema).columns;
}

function planOf(connection: DataSource, entity: EntitySchema): Plan {
  const ofStore = plans.get(connection) ?? new WeakMap<object, Plan>();
  plans.set(connection, ofStore);
  const known = ofStore.get(entity);
  if (known) return known;
  const columns = new Map(connection.getMetadata(entity).columns.map((column) => [column.propertyName, column]));
  const plan = { columns, statements: new Map<string, Statement | undefined>() };
  ofStore.set(entity, plan);
  return plan;
}

function fitting(quote: (name: string) => string, all: readonly Column[], where: Row): string {
  const columnOf = (name: string) => all.find(({ propertyName }) => propertyName === name) as Column;
  return Object.keys(where)
    .map((name) => `${quote(columnOf(name).databaseName)} = ?`)
    .join(' AND ');
}

function bound({ connection: { driver } }: QueryRunner, { columns }: Statement, row: Row): unknown[] {
  return columns.map((column) => driver.preparePersistentValue(row[column.propertyName], column));
}

function boundWhere({ connection }: QueryRunner, entity: object, where: Row): unknown[] {
  const { columns } = planOf(connection, entity as EntitySchema);
  return Object.entries(where).map(([name, value]) =>
    connection.driver.preparePersistentValue(value, columns.get(name) as Column),
  );
}

async function readOne<T>(runner: QueryRunner, entity: object, { sql }: Statement, where: Row): Promise<T | null> {
  const [found]: (Row | undefined)[] = await runner.query(sql, boundWhere(runner, entity, where));
  return found ? hydrate<T>(runner, entity, found) : null;
}

export function hydrate<T>(runner: QueryRunner, entity: object, found: Row): T {
  const row: Record<string, unknown> = {};
  const { driver } = runner.connection;
  for (const [name, column] of columnsOf(runner, entity)) {
    row[name] = driver.prepareHydratedValue(found[column.databaseName], column);
  }
  return row as T;
}

import type { EntitySchema, FindOptionsWhere, ObjectLiteral, QueryDeepPartialEntity, QueryRunner } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import type { Order, Tx } from './database.ts';
import { findRows, insertRows, type RowsWanted, updateEach } from './many-rows.ts';
import { isPlain, type Row } from './row-statements.ts';

/**
 * A transaction in which the same is done for many rows: they are fetched together, and what is written of them goes out together, at
 * the end or before something is asked that is not held here. Whoever works in it one row at a time does not see the difference, but for
 * two: a key that is taken shows at the end, as an error of the whole, and `manager` is there only as long as nothing waits to be written.
 */
export interface UnitOfWork extends Tx {
  /** Locks every row of which `key` is one of these, within what else holds of them: what comes before the key in its index. */
  lockAll: Fetch;
  /** The same without a lock: for what is only read. */
  fetchAll: Fetch;
  flush(): Promise<void>;
}

type Fetch = <T extends ObjectLiteral>(
  entity: EntitySchema<T>,
  key: keyof T & string,
  values: readonly (string | null)[],
  within?: Readonly<Partial<T>>,
) => Promise<void>;

type Entity = EntitySchema<never>;

interface Held {
  row: Record<string, unknown>;
  isLocked: boolean;
}

interface Known {
  key: string;
  values: ReadonlySet<unknown>;
  within: Row;
  isLocked: boolean;
}

interface Table {
  /** By id: as they are in this transaction. */
  rows: Map<string, Held>;
  /** Every row that there is of these is among `rows`. */
  known: Known[];
  /** The ids of rows by what a key holds, or held: for each key by which rows were fetched. */
  idsBy: Map<string, Map<unknown, Set<string>>>;
  added: Row[];
  addedById: Map<string, Row>;
  changed: Map<string, Row>;
}

export function unitOfWork(tx: Tx, rowLocks: boolean): UnitOfWork {
  const runner = tx.manager.queryRunner as QueryRunner;
  const tables = new Map<Entity, Table>();

  function tableOf(entity: object): Table {
    const known = tables.get(entity as Entity);
    if (known) return known;
    const table: Table = {
      ...{ rows: new Map(), known: [], idsBy: new Map(), added: [], addedById: new Map(), changed: new Map() },
    };
    tables.set(entity as Entity, table);
    return table;
  }

  async function flush(): Promise<void> {
    for (const [entity, { added, addedById, changed }] of tables) {
      addedById.clear();
      await insertRows(runner, entity, added.splice(0) as never[]);
      const changes = new Map(changed);
      changed.clear();
      await updateEach(runner, entity, changes);
    }
  }

  async function hold(entity: EntitySchema, wanted: RowsWanted, isLocked: boolean): Promise<void> {
    await flush();
    const table = tableOf(entity);
    if (!table.idsBy.has(wanted.key)) {
      table.idsBy.set(wanted.key, new Map());
      for (const { row } of table.rows.values()) note(table, row);
    }
    const ending = isLocked && rowLocks ? ' FOR UPDATE' : '';
    for (const row of await findRows(runner, entity, wanted, ending)) keep(table, row, isLocked);
    table.known.push({ ...wanted, values: new Set(wanted.values), isLocked });
  }

  const fetcher =
    (isLocked: boolean): Fetch =>
    (entity, key, values, within) =>
      hold(
        entity as EntitySchema,
        { key, values: values.filter((value) => value !== null), within: within ?? {} },
        isLocked,
      );

  /** The rows that fit; undefined when that is not known here, or what is known is not locked as wanted. */
  function heldThat(entity: object, where: Row, isLocked: boolean): Held[] | undefined {
    if (!isPlainRow(where)) return undefined;
    const { rows, known, idsBy } = tableOf(entity);
    const byId = typeof where.id === 'string' ? rows.get(where.id) : undefined;
    if (byId && (byId.isLocked || !isLocked)) return fits(byId.row, where) ? [byId] : [];
    const fetched = known.find(
      (one) => (one.isLocked || !isLocked) && one.values.has(where[one.key]) && fits(where, one.within),
    );
    if (!fetched) return undefined;
    const ids = idsBy.get(fetched.key)?.get(where[fetched.key]) ?? [];
    return [...ids].flatMap((id) => rows.get(id) ?? []).filter(({ row }) => fits(row, where));
  }

  async function readOne<T extends ObjectLiteral>(
    entity: EntitySchema<T>,
    where: FindOptionsWhere<T>,
    isLocked: boolean,
  ): Promise<T | null> {
    const held = heldThat(entity, where, isLocked);
    if (held) return held[0] ? ({ ...held[0].row } as T) : null;
    await flush();
    const found = isLocked ? await tx.lockOne(entity, where) : await tx.findOne(entity, where);
    if (found && typeof found.id === 'string') keep(tableOf(entity), found, isLocked);
    return found;
  }

  function add(entity: object, row: ObjectLiteral): void {
    const table = tableOf(entity);
    invariant(typeof row.id === 'string', 'a row with an id');
    table.added.push(row);
    table.addedById.set(row.id, row);
    keep(table, row, true);
  }

  async function update<T extends ObjectLiteral>(
    entity: EntitySchema<T>,
    where: FindOptionsWhere<T>,
    patch: QueryDeepPartialEntity<T>,
  ) {
    const table = tableOf(entity);
    const held = typeof where.id === 'string' ? table.rows.get(where.id) : undefined;
    if (!held?.isLocked || !isPlainRow(where) || !isPlainRow(patch)) {
      await flush();
      table.rows.clear();
      table.idsBy.clear();
      table.known = [];
      return tx.update(entity, where, patch);
    }
    if (!fits(held.row, where)) return 0;
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    Object.assign(held.row, given);
    note(table, held.row);
    const fresh = table.addedById.get(where.id as string);
    if (fresh) Object.assign(fresh, given);
    else table.changed.set(where.id as string, { ...table.changed.get(where.id as string), ...given });
    return 1;
  }

  return {
    get manager() {
      for (const { added, changed } of tables.values()) {
        invariant(added.length + changed.size === 0, 'what was written is to be flushed first');
      }
      return tx.manager;
    },
    lockAll: fetcher(true),
    fetchAll: fetcher(false),
    flush,
    lockOne: (entity, where) => readOne(entity, where, true),
    findOne: (entity, where) => readOne(entity, where, false),
    async findAll<T extends ObjectLiteral>(entity: EntitySchema<T>, where: FindOptionsWhere<T>, order: Order<T>) {
      const held = heldThat(entity, where, false);
      if (held)
        return held.map(({ row }) => ({ ...row }) as unknown as T).sort((one, other) => compare(one, other, order));
      await flush();
      return tx.findAll(entity, where, order);
    },
    async insert(entity, row) {
      add(entity, row);
    },
    async insertMany(entity, rows) {
      for (const row of rows) add(entity, row);
    },
    async insertOnce(entity, row) {
      add(entity, row);
      return true;
    },
    update,
    async updateEach(entity, changes) {
      for (const [id, patch] of changes) await update(entity as EntitySchema, { id }, patch);
    },
    afterCommit: (task) => tx.afterCommit(task),
  };
}

/** The same without holding anything: every row is asked for when it is needed, and written at once. */
export function rowByRow(tx: Tx): UnitOfWork {
  const nothing = async () => {};
  return { ...tx, lockAll: nothing, fetchAll: nothing, flush: nothing };
}

function keep(table: Table, row: ObjectLiteral, isLocked: boolean): void {
  const before = table.rows.get(row.id);
  table.rows.set(row.id, { row: { ...row }, isLocked: isLocked || before?.isLocked === true });
  note(table, row);
}

/** What it held before stays noted: whoever looks there sees that it does not fit any more. */
function note({ idsBy }: Table, row: Row): void {
  for (const [key, ids] of idsBy) {
    const alike = ids.get(row[key]);
    if (alike) alike.add(row.id as string);
    else ids.set(row[key], new Set([row.id as string]));
  }
}

const isPlainRow = (row: Row): boolean => Object.values(row).every((value) => value === undefined || isPlain(value));

const fits = (row: Row, where: Row): boolean => Object.entries(where).every(([key, value]) => row[key] === value);

function compare<T extends ObjectLiteral>(one: T, other: T, order: Order<T>): number {
  for (const key of order) {
    if (one[key] !== other[key]) return one[key] < other[key] ? -1 : 1;
  }
  return 0;
}

import { LessThan } from 'typeorm';
import { gather, type Runtime } from '../../kernel/index.ts';
import { type Database, gatherWork, type Tx } from '../database/index.ts';
import { type OutboxRow, OutboxRowSchema } from './outbox-row.ts';

export interface Work {
  topic: string;
  /** Makes the work unique within its topic, until it is forgotten long after it was done; for example the transfer's id. */
  key: string;
  /** Plain JSON; amounts as strings, never a PIN, token or text of a message. */
  payload: Readonly<Record<string, unknown>>;
  /** Not before; now when left out. */
  dueAtMs?: number;
}

/** Work that must happen: written in the transaction of the fact that demands it. */
export interface Outbox {
  /** True when it was new; false when this work was already there (done or not). */
  emit(tx: Tx, work: Work): Promise<boolean>;
  /** The same for many, each of them new, in few statements. */
  emitAll(tx: Tx, works: readonly Work[]): Promise<void>;
  /**
   * For work that goes on until nothing is left of it: begins it, or begins it anew, whether it waits, is done or was given up. What is
   * under way begins anew beside it, as when a lease ends.
   */
  beginAnew(tx: Tx, work: Work): Promise<void>;
  /** Makes waiting work due now; what it is told goes into its payload. */
  expedite(tx: Tx, topic: string, key: string, told?: object): Promise<void>;
  /** Called after a commit that may have made work due; set by the worker of this process. */
  onWork(listener: () => void): void;
  /** Claims up to `limit` due rows for `leaseMs`. */
  claim(owner: string, limit: number, leaseMs: number): Promise<OutboxRow[]>;
  finish(row: OutboxRow): Promise<void>;
  /** Plans the row again; `failed` counts as an attempt. */
  postpone(row: OutboxRow, dueAtMs: number, failed?: string): Promise<void>;
  bury(row: OutboxRow, reason: string): Promise<void>;
  nextDueAtMs(): Promise<number | undefined>;
  /** `attempts`: the most failures in a row of work that is still to be done and overdue. */
  counts(): Promise<{ ready: number; overdueMs: number; attempts: number; dead: number }>;
}

export function makeOutbox(runtime: Runtime, database: Database): Outbox {
  const listeners: (() => void)[] = [];
  const wake = () => {
    for (const listener of listeners) listener();
  };
  const { clock } = runtime;
  const postpone = gatherPostponing(database);

  return {
    async emit(tx, work) {
      const isNew = await tx.insertOnce(OutboxRowSchema, rowOf(runtime, work));
      if (isNew) tx.afterCommit(wake);
      return isNew;
    },

    async emitAll(tx, works) {
      await tx.insertMany(
        OutboxRowSchema,
        works.map((work) => rowOf(runtime, work)),
      );
      if (works.length > 0) tx.afterCommit(wake);
    },

    async beginAnew(tx, work) {
      const row = rowOf(runtime, work);
      const where = { workKey: row.workKey };
      // Locked first: two that tried to insert it and then changed it would wait for each other. The id is new, so that whoever has
      // it in hand ends or plans nothing of it any more.
      const known = await tx.lockOne(OutboxRowSchema, where);
      if (known || !(await tx.insertOnce(OutboxRowSchema, row))) await tx.update(OutboxRowSchema, where, row);
      tx.afterCommit(wake);
    },

    async expedite(tx, topic, key, told) {
      // A claimed row is under way already; moving its due time would end its lease.
      const where = { workKey: workKey(topic, key), state: 'ready' as const };
      const row = await tx.lockOne(OutboxRowSchema, where);
      if (!row || row.claimedBy !== null) return;
      const payload = told ? { payload: JSON.stringify({ ...JSON.parse(row.payload), ...told }) } : {};
      await tx.update(OutboxRowSchema, { id: row.id }, { dueAtMs: clock.now(), ...payload });
      tx.afterCommit(wake);
    },

    onWork: (listener) => listeners.push(listener),

    claim: (owner, limit, leaseMs) => claimDue(runtime, database, owner, limit, leaseMs),

    finish: gather((rows: readonly OutboxRow[]) => finishTogether(database, clock.now(), rows), MOST_TOGETHER),

    async postpone(row, dueAtMs, failed) {
      const attempts = failed === undefined ? 0 : row.attempts + 1;
      const lastError = failed === undefined ? row.lastError : failed.slice(0, 500);
      await postpone({ row, patch: { claimedBy: null, dueAtMs, attempts, lastError, payload: row.payload } });
    },

    async bury(row, reason) {
      const patch = { state: 'dead' as const, claimedBy: null, lastError: reason.slice(0, 500) };
      const dead = { ...patch, attempts: row.attempts + 1, finishedAtMs: clock.now() };
      await database.transaction((tx) => updateClaimed(tx, row, dead));
    },

    async nextDueAtMs() {
      const [row] = await database.reader.query(NEXT_DUE);
      return row === undefined ? undefined : Number(row.due_at);
    },

    async counts() {
      const { reader } = database;
      const now = clock.now();
      const oldest = await reader.find(OutboxRowSchema, {
        where: { state: 'ready', dueAtMs: LessThan(now) },
        order: { dueAtMs: 'ASC' },
        take: 1,
      });
      return {
        ready: await reader.countBy(OutboxRowSchema, { state: 'ready' }),
        overdueMs: oldest[0] ? now - oldest[0].dueAtMs : 0,
        attempts: (await reader.maximum(OutboxRowSchema, 'attempts', { state: 'ready' })) ?? 0,
        dead: await reader.countBy(OutboxRowSchema, { state: 'dead' }),
      };
    },
  };
}

function rowOf({ ids, clock }: Runtime, { topic, key, payload, dueAtMs }: Work): OutboxRow {
  const now = clock.now();
  return {
    ...{ id: ids.next(), topic, workKey: workKey(topic, key), payload: JSON.stringify(payload), state: 'ready' },
    ...{ dueAtMs: dueAtMs ?? now, attempts: 0, claimedBy: null, lastError: null, createdAtMs: now, finishedAtMs: null },
  };
}

/** Asked at every wake-up of every worker. */
const NEXT_DUE = "SELECT due_at FROM outbox WHERE state = 'ready' ORDER BY due_at LIMIT 1";

const MOST_TOGETHER = 200;

/**
 * Rows are finished together: those that end while a commit is under way wait for the next one, since a commit costs the disk
 * the same for one row as for fifty. A process that dies before it leaves work that was done to be done again, as it may anyway.
 */
async function finishTogether(
  database: Database,
  finishedAtMs: number,
  rows: readonly OutboxRow[],
): Promise<PromiseSettledResult<void>[]> {
  const ids = rows.map(({ id }) => id);
  // Another worker that took a row after our lease ended has written its own name there.
  const owners = [...new Set(rows.map(({ claimedBy }) => claimedBy as string))];
  const sql = `UPDATE outbox SET state = 'done', claimed_by = NULL, finished_at = ?
    WHERE id IN (${marks(ids)}) AND claimed_by IN (${marks(owners)})`;
  await database.transaction((tx) => tx.manager.query(sql, [finishedAtMs, ...ids, ...owners]));
  return rows.map(() => ({ status: 'fulfilled', value: undefined }));
}

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** A whole window of rows may be told at once to come again when the operator takes more. */
function gatherPostponing(database: Database): (one: { row: OutboxRow; patch: Partial<OutboxRow> }) => Promise<void> {
  return gatherWork(database, {
    prepare: (work, those) =>
      work.lockAll(
        OutboxRowSchema,
        'id',
        those.map(({ row }) => row.id),
      ),
    each: (tx, { row, patch }) => updateClaimed(tx, row, patch),
  });
}

function workKey(topic: string, key: string): string {
  return `${topic}:${key}`;
}

async function updateClaimed(tx: Tx, row: OutboxRow, patch: Partial<OutboxRow>): Promise<void> {
  // Another worker that took the row after our lease ended has written its own name there.
  await tx.update(OutboxRowSchema, { id: row.id, claimedBy: row.claimedBy as string }, patch);
}

/** As the drivers give it: whole numbers as text, or as they are. */
interface DueRow {
  id: string;
  topic: string;
  work_key: string;
  payload: string;
  attempts: unknown;
  last_error: string | null;
  created_at: unknown;
}

const DUE = `SELECT id, topic, work_key, payload, attempts, last_error, created_at FROM outbox
  WHERE state = 'ready' AND due_at <= ? ORDER BY due_at LIMIT ?`;

/** Said by hand: it runs for every few pieces of work, and what builds statements anew would cost more than the statement. */
async function claimDue(
  runtime: Runtime,
  database: Database,
  owner: string,
  limit: number,
  leaseMs: number,
): Promise<OutboxRow[]> {
  const now = runtime.clock.now();
  const ending = database.kind === 'mysql' ? ' FOR UPDATE SKIP LOCKED' : '';
  return database.transaction(async (tx) => {
    const due: DueRow[] = await tx.manager.query(DUE + ending, [now, limit]);
    if (due.length === 0) return [];
    const claim = { claimedBy: owner, dueAtMs: now + leaseMs };
    await tx.updateEach(OutboxRowSchema, new Map(due.map(({ id }) => [id, claim])));
    return due.map((row) => ({ ...claimedRow(row), ...claim }));
  });
}

function claimedRow({ id, topic, work_key: workKey, payload, attempts, last_error, created_at }: DueRow) {
  return {
    ...{ id, topic, workKey, payload, state: 'ready' as const, attempts: Number(attempts), lastError: last_error },
    ...{ createdAtMs: Number(created_at), finishedAtMs: null },
  };
}

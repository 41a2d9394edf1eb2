import { Between, type EntitySchema, type FindOptionsOrder, type FindOptionsWhere, In, MoreThan } from 'typeorm';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { OutboxRowSchema } from '../../platform/outbox/index.ts';
import { PaymentSchema, type PaymentState } from '../payments/index.ts';
import { OPEN_CLAIMS, PayoutClaimSchema } from '../payout-batches/index.ts';
import { BreakSchema } from '../reconciliation/index.ts';
import { SettlementSchema } from '../settlement/index.ts';
import { WebhookDeliverySchema, WebhookEventSchema } from '../webhooks/index.ts';
import { AssignmentSchema } from './assignment.ts';
import { describeClaims } from './describe-claims.ts';
import { QUEUES, type Queue, type QueueItem } from './queue-item.ts';

export interface QueueDeps {
  database: Database;
  runtime: { clock: { now(): number } };
}

/** What is younger than this still settles by itself. */
const UNKNOWN_AFTER_MS = 15 * 60_000;
const UNBOOKED_AFTER_MS = 5 * 60_000;
/** A queue shows the oldest of its things; the rest follows when these are done. */
const A_PAGE = 100;
const READ_TOGETHER = 500;
/** More than this is "many": a count that reads a table from end to end helps nobody. */
export const MOST_COUNTED = 1_000;

/** `orderMs`: what the queue is ordered by. */
type Draft = Omit<QueueItem, 'ownerId'> & { orderMs: number };

/** The last thing of what was read before. */
interface Place {
  atMs: number;
  id: string;
}

interface Wanted {
  take: number;
  after?: Place | undefined;
}

/** The things of one queue, oldest first, with who has taken them on. */
export async function listQueue(deps: QueueDeps, queue: Queue): Promise<QueueItem[]> {
  return withOwners(deps, queue, await SOURCES[queue](deps, { take: A_PAGE }));
}

/** All things of one queue, oldest first, some at a time. */
export async function* eachQueueItem(deps: QueueDeps, queue: Queue): AsyncGenerator<QueueItem[]> {
  let after: Place | undefined;
  for (;;) {
    const drafts = await SOURCES[queue](deps, { take: READ_TOGETHER, after });
    if (drafts.length > 0) yield await withOwners(deps, queue, drafts);
    const last = drafts.at(-1);
    if (!last || drafts.length < READ_TOGETHER) return;
    after = { atMs: last.orderMs, id: last.id };
  }
}

async function withOwners(deps: QueueDeps, queue: Queue, drafts: readonly Draft[]): Promise<QueueItem[]> {
  const owners = await deps.database.reader.findBy(AssignmentSchema, {
    ...{ queue, subjectId: In(drafts.map(({ id }) => id)) },
  });
  const byId = new Map(owners.map(({ subjectId, ownerId }) => [subjectId, ownerId]));
  return drafts.map(({ orderMs: _, ...item }) => ({ ...item, ownerId: byId.get(item.id) ?? null }));
}

/** How much waits in each, up to `MOST_COUNTED`. */
export async function countQueues(deps: QueueDeps): Promise<ReadonlyMap<Queue, number>> {
  const counts = await Promise.all(
    QUEUES.map(async (queue) => (await SOURCES[queue](deps, { take: MOST_COUNTED })).length),
  );
  return new Map(QUEUES.map((queue, index) => [queue, counts[index] ?? 0]));
}

const SOURCES: Readonly<Record<Queue, (deps: QueueDeps, wanted: Wanted) => Promise<Draft[]>>> = {
  breaks: async ({ database }, wanted) => {
    const where = { state: In(['open', 'proposed']) };
    const rows = await oldest(database, BreakSchema, 'openedAtMs', where, wanted);
    return rows.map(({ id, breakType, detail, amountMinor, currency, openedAtMs }) => ({
      ...{ queue: 'breaks', id, paymentId: null, name: breakType, detail, amountMinor, currency },
      ...{ sinceMs: openedAtMs, orderMs: openedAtMs },
    }));
  },
  unknown: async ({ database, runtime }, wanted) => {
    const where = { state: 'unknown' } as const;
    const beforeMs = runtime.clock.now() - UNKNOWN_AFTER_MS;
    return (await oldest(database, TransferSchema, 'createdAtMs', where, wanted, beforeMs)).map(ofTransfer);
  },
  unbooked: (deps, wanted) => payments(deps, 'unbooked', ['collected'], UNBOOKED_AFTER_MS, wanted),
  owed: (deps, wanted) => payments(deps, 'owed', ['suspense', 'refund-due'], 0, wanted),
  held: (deps, wanted) => payments(deps, 'held', ['held'], 0, wanted),
  claims: async ({ database }, wanted) => {
    const claims = await oldest(database, PayoutClaimSchema, 'openedAtMs', { state: In([...OPEN_CLAIMS]) }, wanted);
    return (await describeClaims(database, claims)).map((item) => ({ ...item, orderMs: item.sinceMs }));
  },
  settlements: async ({ database }, wanted) => {
    // What is signed and owes nothing is carried on by itself.
    const where = [{ state: 'drawn-up' as const }, { state: 'signed' as const, netMinor: MoreThan(0n) }];
    const rows = await oldest(database, SettlementSchema, 'drawnUpAtMs', where, wanted);
    return rows.map(({ id, billerId, day, state, netMinor, currency, drawnUpAtMs, signedAtMs }) => ({
      ...{ queue: 'settlements', id, paymentId: null, name: `${billerId} ${day}`, detail: state },
      ...{ amountMinor: netMinor, currency, sinceMs: signedAtMs ?? drawnUpAtMs ?? 0, orderMs: drawnUpAtMs ?? 0 },
    }));
  },
  work: async ({ database }, wanted) => {
    const rows = await oldest(database, OutboxRowSchema, 'dueAtMs', { state: 'dead' }, wanted);
    return rows.map(({ id, topic, payload, lastError, finishedAtMs, createdAtMs, dueAtMs }) => ({
      ...{ queue: 'work', id, paymentId: paymentIn(payload), name: topic, detail: lastError ?? '' },
      ...{ amountMinor: null, currency: null, sinceMs: finishedAtMs ?? createdAtMs, orderMs: dueAtMs },
    }));
  },
  webhooks: async ({ database }, wanted) => {
    const rows = await oldest(database, WebhookDeliverySchema, 'dueAtMs', { state: 'failed' }, wanted);
    const ids = [...new Set(rows.map(({ eventId }) => eventId))];
    const events = await database.reader.findBy(WebhookEventSchema, { id: In(ids) });
    const typeOf = new Map(events.map(({ id, eventType }) => [id, eventType]));
    return rows.map(({ id, eventId, endpointId, attempts, finishedAtMs, createdAtMs, dueAtMs }) => ({
      ...{ queue: 'webhooks', id, paymentId: null, endpointId, name: typeOf.get(eventId) ?? eventId },
      detail: String(attempts),
      ...{ amountMinor: null, currency: null, sinceMs: finishedAtMs ?? createdAtMs, orderMs: dueAtMs },
    }));
  },
};

/** Rows in the order of a time, from a place on, up to and not including an instant. */
async function oldest<T extends { id: string }>(
  { reader }: Database,
  entity: EntitySchema<T>,
  time: keyof T & string,
  where: FindOptionsWhere<T> | FindOptionsWhere<T>[],
  { take, after }: Wanted,
  beforeMs = Number.MAX_SAFE_INTEGER,
): Promise<T[]> {
  const order = { [time]: 'ASC', id: 'ASC' } as FindOptionsOrder<T>;
  const from = after ? after.atMs + 1 : 0;
  const each: FindOptionsWhere<T>[] = Array.isArray(where) ? where : [where];
  const later = each.map((one) => ({ ...one, [time]: Between(from, beforeMs - 1) }) as FindOptionsWhere<T>);
  // Several may be of one millisecond; some of them were read before.
  const same = each.map(
    (one) => ({ ...one, [time]: after?.atMs, id: MoreThan(after?.id ?? '') }) as FindOptionsWhere<T>,
  );
  const wheres = after ? [same, later] : [later];
  const lists = await Promise.all(wheres.map((one) => reader.find(entity, { where: one, order, take })));
  return lists.flat().slice(0, take);
}

/** The payment that the work is about, where its payload names one. */
function paymentIn(payload: string): string | null {
  const { paymentId } = JSON.parse(payload) as { paymentId?: unknown };
  return typeof paymentId === 'string' ? paymentId : null;
}

function ofTransfer({ id, purpose, purposeId, reference, resultCode, ...rest }: Transfer): Draft {
  const { amountMinor, currency, createdAtMs } = rest;
  return {
    ...{ queue: 'unknown', id, paymentId: purpose === 'payment' ? purposeId : null, name: reference },
    ...{ detail: resultCode ?? '', amountMinor, currency, sinceMs: createdAtMs, orderMs: createdAtMs },
  };
}

async function payments(
  { database, runtime }: QueueDeps,
  queue: Queue,
  states: readonly PaymentState[],
  afterMs: number,
  wanted: Wanted,
): Promise<Draft[]> {
  const beforeMs = runtime.clock.now() - afterMs + 1;
  const where = { state: In([...states]) };
  const rows = await oldest(database, PaymentSchema, 'createdAtMs', where, wanted, beforeMs);
  return rows.map(({ id, reference, reason, amountMinor, currency, collectedAtMs, createdAtMs }) => ({
    ...{ queue, id, paymentId: id, name: reference, detail: reason ?? '', amountMinor, currency },
    ...{ sinceMs: collectedAtMs ?? createdAtMs, orderMs: createdAtMs },
  }));
}

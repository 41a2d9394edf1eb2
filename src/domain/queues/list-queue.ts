import { In, LessThan } from 'typeorm';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { OutboxRowSchema } from '../../platform/outbox/index.ts';
import { type Payment, PaymentSchema, type PaymentState } from '../payments/index.ts';
import { BreakSchema } from '../reconciliation/index.ts';
import { WebhookDeliverySchema } from '../webhooks/index.ts';
import { AssignmentSchema } from './assignment.ts';
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
/** More than this is "many": a count that reads a table from end to end helps nobody. */
export const MOST_COUNTED = 1_000;

type Draft = Omit<QueueItem, 'ownerId'>;

/** The things of one queue, oldest first, with who has taken them on. */
export async function listQueue(deps: QueueDeps, queue: Queue): Promise<QueueItem[]> {
  const drafts = await SOURCES[queue](deps, A_PAGE);
  const owners = await deps.database.reader.findBy(AssignmentSchema, {
    ...{ queue, subjectId: In(drafts.map(({ id }) => id)) },
  });
  const byId = new Map(owners.map(({ subjectId, ownerId }) => [subjectId, ownerId]));
  return drafts.map((draft) => ({ ...draft, ownerId: byId.get(draft.id) ?? null }));
}

/** How much waits in each, up to `MOST_COUNTED`. */
export async function countQueues(deps: QueueDeps): Promise<ReadonlyMap<Queue, number>> {
  const counts = await Promise.all(QUEUES.map(async (queue) => (await SOURCES[queue](deps, MOST_COUNTED)).length));
  return new Map(QUEUES.map((queue, index) => [queue, counts[index] ?? 0]));
}

const SOURCES: Readonly<Record<Queue, (deps: QueueDeps, take: number) => Promise<Draft[]>>> = {
  breaks: async ({ database }, take) => {
    const rows = await database.reader.find(BreakSchema, {
      where: { state: In(['open', 'proposed']) },
      ...{ order: { openedAtMs: 'ASC' }, take },
    });
    return rows.map(({ id, breakType, detail, amountMinor, currency, openedAtMs }) => ({
      ...{ queue: 'breaks', id, paymentId: null, name: breakType, detail, amountMinor, currency, sinceMs: openedAtMs },
    }));
  },
  unknown: async ({ database, runtime }, take) => {
    const beforeMs = runtime.clock.now() - UNKNOWN_AFTER_MS;
    const rows = await database.reader.find(TransferSchema, {
      where: { state: 'unknown', createdAtMs: LessThan(beforeMs) },
      ...{ order: { createdAtMs: 'ASC' }, take },
    });
    return rows.map(ofTransfer);
  },
  unbooked: (deps, take) => payments(deps, 'unbooked', ['collected'], UNBOOKED_AFTER_MS, take),
  owed: (deps, take) => payments(deps, 'owed', ['suspense', 'refund-due'], 0, take),
  held: (deps, take) => payments(deps, 'held', ['held'], 0, take),
  work: async ({ database }, take) => {
    const rows = await database.reader.find(OutboxRowSchema, {
      where: { state: 'dead' },
      ...{ order: { dueAtMs: 'ASC' }, take },
    });
    return rows.map(({ id, topic, lastError, finishedAtMs, createdAtMs }) => ({
      ...{
        queue: 'work',
        id,
        paymentId: null,
        name: topic,
        detail: lastError ?? '',
        amountMinor: null,
        currency: null,
      },
      sinceMs: finishedAtMs ?? createdAtMs,
    }));
  },
  webhooks: async ({ database }, take) => {
    const rows = await database.reader.find(WebhookDeliverySchema, {
      where: { state: 'failed' },
      ...{ order: { dueAtMs: 'ASC' }, take },
    });
    return rows.map(({ id, eventId, attempts, finishedAtMs, createdAtMs }) => ({
      ...{ queue: 'webhooks', id, paymentId: null, name: eventId, detail: String(attempts) },
      ...{ amountMinor: null, currency: null, sinceMs: finishedAtMs ?? createdAtMs },
    }));
  },
};

function ofTransfer({ id, purpose, purposeId, reference, resultCode, ...rest }: Transfer): Draft {
  const { amountMinor, currency, createdAtMs } = rest;
  return {
    ...{ queue: 'unknown', id, paymentId: purpose === 'payment' ? purposeId : null, name: reference },
    ...{ detail: resultCode ?? '', amountMinor, currency, sinceMs: createdAtMs },
  };
}

async function payments(
  { database, runtime }: QueueDeps,
  queue: Queue,
  states: readonly PaymentState[],
  afterMs: number,
  take: number,
): Promise<Draft[]> {
  const beforeMs = runtime.clock.now() - afterMs + 1;
  const rows: Payment[] = await database.reader.find(PaymentSchema, {
    where: { state: In([...states]), createdAtMs: LessThan(beforeMs) },
    ...{ order: { createdAtMs: 'ASC' }, take },
  });
  return rows.map(({ id, reference, reason, amountMinor, currency, collectedAtMs, createdAtMs }) => ({
    ...{ queue, id, paymentId: id, name: reference, detail: reason ?? '', amountMinor, currency },
    sinceMs: collectedAtMs ?? createdAtMs,
  }));
}

import { In, IsNull, MoreThan } from 'typeorm';
import { type Transfer, TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { OutboxRowSchema } from '../../platform/outbox/index.ts';
import { PaymentSchema, type PaymentState } from '../payments/index.ts';
import { OPEN_CLAIMS, PayoutClaimSchema } from '../payout-batches/index.ts';
import { type Break, BreakSchema } from '../reconciliation/index.ts';
import { type Settlement, SettlementSchema } from '../settlement/index.ts';
import {
  type WebhookDelivery,
  WebhookDeliverySchema,
  WebhookEndpointSchema,
  WebhookEventSchema,
} from '../webhooks/index.ts';
import { describeClaims } from './describe-claims.ts';
import { describeSubjects } from './describe-subjects.ts';
import type { QueueFilters } from './queue-filters.ts';
import type { Queue, QueueItem } from './queue-item.ts';
import type { Rows, Selection } from './read-oldest.ts';

export interface QueueDeps {
  database: Database;
  runtime: { clock: { now(): number } };
}

/** What is younger than this still settles by itself. */
const UNKNOWN_AFTER_MS = 15 * 60_000;
const UNBOOKED_AFTER_MS = 5 * 60_000;

/** `orderMs`: what the queue is ordered by. */
export type Draft = Omit<QueueItem, 'ownerId'> & { orderMs: number };

/** Where the things of a queue lie, and what they look like in it. */
export interface Source<T extends { id: string }> {
  rows: Rows<T>;
  /** In the same order. */
  describe(rows: readonly T[]): Promise<Draft[]>;
}

/** Whoever takes a source keeps its rows together with what describes them. */
export type WithSource<R> = <T extends { id: string }>(source: Source<T>) => Promise<R>;

type Open = <R>(deps: QueueDeps, filters: QueueFilters, use: WithSource<R>) => Promise<R>;

/** Each state has an index of its own, in the order of time. */
const STATES: readonly Break['state'][] = ['open', 'proposed'];

export const SOURCES: Readonly<Record<Queue, Open>> = {
  breaks: ({ database }, { kind, party, day }, use) => {
    const found = { ...(kind ? { breakType: kind as Break['breakType'] } : {}), ...(party ? { party } : {}) };
    const selections = STATES.flatMap((state): Selection<Break>[] => {
      const where = { state, ...found };
      if (!day) return [{ where }];
      return [{ where: { ...where, day: day.name } }, { where: { ...where, day: IsNull() }, ...spanOf(day) }];
    });
    return use({
      rows: { entity: BreakSchema, time: 'openedAtMs', selections },
      describe: (rows) => describeBreaks(database, rows),
    });
  },
  unknown: ({ runtime }, { kind, party, day }, use) => {
    const route = kind as Transfer['route'] | undefined;
    const where = { state: 'unknown' as const, ...(route ? { route } : {}), ...(party ? { operator: party } : {}) };
    const before = runtime.clock.now() - UNKNOWN_AFTER_MS;
    return use({
      rows: { entity: TransferSchema, time: 'createdAtMs', selections: [{ where, ...spanOf(day, before) }] },
      describe: async (rows) => rows.map(ofTransfer),
    });
  },
  unbooked: (deps, filters, use) => payments(deps, filters, use, 'unbooked', ['collected'], UNBOOKED_AFTER_MS),
  owed: (deps, filters, use) => payments(deps, filters, use, 'owed', ['suspense', 'refund-due'], 0),
  held: (deps, filters, use) => payments(deps, filters, use, 'held', ['held'], 0),
  claims: ({ database }, { kind, party, day }, use) => {
    const states = OPEN_CLAIMS.filter((state) => kind === undefined || kind === state);
    const selections = states.map((state) => ({
      where: { state, ...(party ? { organisationId: party } : {}) },
      ...spanOf(day),
    }));
    return use({
      rows: { entity: PayoutClaimSchema, time: 'openedAtMs', selections },
      describe: async (claims) =>
        (await describeClaims(database, claims)).map((item) => ({ ...item, orderMs: item.sinceMs })),
    });
  },
  settlements: (_, { kind, party, day }, use) => {
    // What is signed and owes nothing is carried on by itself.
    const each = [{ state: 'drawn-up' as const }, { state: 'signed' as const, netMinor: MoreThan(0n) }];
    const narrowed = { ...(party ? { billerId: party } : {}), ...(day ? { day: day.name } : {}) };
    const selections = each
      .filter(({ state }) => kind === undefined || kind === state)
      .map((where) => ({ where: { ...where, ...narrowed } }));
    return use({
      rows: { entity: SettlementSchema, time: 'drawnUpAtMs', selections },
      describe: async (rows) => rows.map(ofSettlement),
    });
  },
  work: (_, { kind, day }, use) => {
    const where = { state: 'dead' as const, ...(kind ? { topic: kind } : {}) };
    return use({
      rows: { entity: OutboxRowSchema, time: 'dueAtMs', selections: [{ where, ...spanOf(day) }] },
      describe: async (rows) =>
        rows.map(({ id, topic, payload, lastError, finishedAtMs, createdAtMs, dueAtMs }) => ({
          ...{ queue: 'work', id, paymentId: paymentIn(payload), name: topic, detail: lastError ?? '' },
          ...{ amountMinor: null, currency: null, sinceMs: finishedAtMs ?? createdAtMs, orderMs: dueAtMs },
        })),
    });
  },
  webhooks: async ({ database }, { kind, party, day }, use) => {
    const more = kind && ([OF_KIND, { kind }] as const);
    const rest = { ...(more ? { more } : {}), ...spanOf(day) };
    const endpoints = party
      ? await database.reader.find(WebhookEndpointSchema, { where: { ownerId: party }, select: { id: true } })
      : undefined;
    const each = endpoints?.map(({ id }) => ({ endpointId: id })) ?? [{}];
    const selections = each.map((where) => ({ where: { state: 'failed' as const, ...where }, ...rest }));
    return use({
      rows: { entity: WebhookDeliverySchema, time: 'dueAtMs', selections },
      describe: (rows) => describeDeliveries(database, rows),
    });
  },
};

const OF_KIND = 'EXISTS (SELECT 1 FROM webhook_event ev WHERE ev.id = one.eventId AND ev.event_type = :kind)';

/** A day's part of what is older than an instant. */
function spanOf(
  day: QueueFilters['day'],
  beforeMs = Number.MAX_SAFE_INTEGER,
): Pick<Selection<never>, 'fromMs' | 'toMs'> {
  return { fromMs: day?.fromMs ?? 0, toMs: Math.min(day?.toMs ?? Number.MAX_SAFE_INTEGER, beforeMs) };
}

async function describeBreaks(database: Database, rows: readonly Break[]): Promise<Draft[]> {
  const subjects = await describeSubjects(
    database,
    rows.map(({ subjectId }) => subjectId),
  );
  return rows.map(({ id, breakType, subjectId, detail, amountMinor, currency, openedAtMs }) => {
    const subject = subjects.get(subjectId);
    return {
      ...{ queue: 'breaks', id, paymentId: null, name: breakType, detail, reference: subject?.reference ?? '' },
      amountMinor: amountMinor ?? subject?.amountMinor ?? null,
      currency: (amountMinor === null ? subject?.currency : currency) ?? null,
      ...{ sinceMs: openedAtMs, orderMs: openedAtMs },
    };
  });
}

async function describeDeliveries(database: Database, rows: readonly WebhookDelivery[]): Promise<Draft[]> {
  const ids = [...new Set(rows.map(({ eventId }) => eventId))];
  const events = await database.reader.findBy(WebhookEventSchema, { id: In(ids) });
  const typeOf = new Map(events.map(({ id, eventType }) => [id, eventType]));
  return rows.map(({ id, eventId, endpointId, attempts, finishedAtMs, createdAtMs, dueAtMs }) => ({
    ...{ queue: 'webhooks', id, paymentId: null, endpointId, name: typeOf.get(eventId) ?? eventId },
    detail: String(attempts),
    ...{ amountMinor: null, currency: null, sinceMs: finishedAtMs ?? createdAtMs, orderMs: dueAtMs },
  }));
}

function ofSettlement({ id, billerId, day, state, netMinor, currency, drawnUpAtMs, signedAtMs }: Settlement): Draft {
  return {
    ...{ queue: 'settlements', id, paymentId: null, name: `${billerId} ${day}`, detail: state },
    ...{ amountMinor: netMinor, currency, sinceMs: signedAtMs ?? drawnUpAtMs ?? 0, orderMs: drawnUpAtMs ?? 0 },
  };
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

function payments<R>(
  { runtime }: QueueDeps,
  { kind, party, day }: QueueFilters,
  use: WithSource<R>,
  queue: Queue,
  states: readonly PaymentState[],
  afterMs: number,
): Promise<R> {
  const span = spanOf(day, runtime.clock.now() - afterMs + 1);
  const selections = states
    .filter((state) => kind === undefined || kind === state)
    .map((state) => ({ where: { state, ...(party ? { billerId: party } : {}) }, ...span }));
  return use({
    rows: { entity: PaymentSchema, time: 'createdAtMs', selections },
    describe: async (rows) =>
      rows.map(({ id, reference, reason, amountMinor, currency, collectedAtMs, createdAtMs }) => ({
        ...{ queue, id, paymentId: id, name: reference, detail: reason ?? '', amountMinor, currency },
        ...{ sinceMs: collectedAtMs ?? createdAtMs, orderMs: createdAtMs },
      })),
  });
}

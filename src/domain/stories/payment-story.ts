import { In } from 'typeorm';
import { LedgerEntrySchema, LedgerPostingSchema } from '../../money/ledger/index.ts';
import {
  type Transfer,
  TransferEventSchema,
  TransferSchema,
  transferEvent,
  transferTopic,
} from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { InboxEventSchema } from '../../platform/inbox/index.ts';
import { type OutboxRow, OutboxRowSchema } from '../../platform/outbox/index.ts';
import { AuditEntrySchema } from '../audit/index.ts';
import { findDialogs } from '../dialogs/index.ts';
import { MessageSchema } from '../messages/index.ts';
import { NoteSchema } from '../notes/index.ts';
import { type Payment, PaymentEventSchema, PaymentSchema, type PaymentState, paymentTopic } from '../payments/index.ts';
import { BreakSchema } from '../reconciliation/index.ts';
import { type Refund, RefundSchema, refundEvents, refundsOf, refundTopic } from '../refunds/index.ts';
import { newestFirst, type StoryEntry } from './story-entry.ts';

export interface PaymentStory {
  payment: Payment;
  /** The one that collects, those of second money, the payouts that gave parts back, and the reversals of all these, oldest first. */
  transfers: Transfer[];
  /** What was proposed to be given back, oldest first. */
  refunds: Refund[];
  entries: StoryEntry[];
  /** Work that is planned or was given up, the next first. */
  next: Pick<OutboxRow, 'id' | 'topic' | 'state' | 'dueAtMs' | 'attempts' | 'lastError' | 'claimedBy'>[];
}

/** Of each kind; a payment with more of something is a fault that a page must not suffer from. */
const MOST = 200;

interface StoryDeps {
  database: Database;
}

/** Undefined for an id that is no payment's. */
export async function paymentStory({ database }: StoryDeps, id: string): Promise<PaymentStory | undefined> {
  const { reader } = database;
  const payment = await reader.findOne(PaymentSchema, { where: { id } });
  if (!payment) return undefined;
  const refunds = await refundsOf(database, id);
  const transfers = await transfersOf(database, payment, refunds);
  const refundIds = refunds.map((refund) => refund.id);
  const ids = [id, ...transfers.map((transfer) => transfer.id), ...refundIds];
  const gathered = await Promise.all([
    screens(database, payment),
    paymentMoves(database, id),
    transferMoves(database, transfers),
    callbacks(database, ids),
    postings(database, ids),
    messages(database, ids),
    notesAndActs(database, [id, ...refundIds]),
    refundMoves(database, refunds),
    breaks(database, ids),
  ]);
  return {
    payment,
    transfers,
    refunds,
    entries: newestFirst(gathered.flat()),
    next: await workFor(database, payment, transfers, refunds),
  };
}

/** By what a page that is live knows that something has changed; cheap, asked often. */
export async function paymentPulse({ database }: StoryDeps, id: string): Promise<string> {
  const { reader } = database;
  const payment = await reader.findOne(PaymentSchema, {
    where: { id },
    select: { id: true, state: true, transferId: true },
  });
  if (!payment) return '';
  const refunds = await refundsOf(database, id);
  const moving = [payment.transferId ?? '', ...refunds.map(({ reversalId }) => reversalId ?? '')];
  const ids = [id, payment.transferId ?? ''];
  const events = await reader.countBy(PaymentEventSchema, { paymentId: id });
  const moves = await reader.countBy(TransferEventSchema, { transferId: In(moving) });
  const sent = await reader.find(MessageSchema, { where: { subjectId: In(ids) }, select: { state: true }, take: MOST });
  const written = await reader.countBy(NoteSchema, { subjectId: id });
  const states = [...sent, ...refunds].map(({ state }) => state);
  return [payment.state, events, moves, written, ...states].join(' ');
}

async function transfersOf(
  { reader }: Database,
  { id, transferId }: Payment,
  refunds: readonly Refund[],
): Promise<Transfer[]> {
  const payouts = refunds.flatMap(({ kind, reversalId }) =>
    kind === 'part' && reversalId ? [{ id: reversalId }] : [],
  );
  const where = [{ purposeId: id }, ...(transferId ? [{ id: transferId }] : []), ...payouts];
  const brought = await reader.find(TransferSchema, { where, order: { createdAtMs: 'ASC' }, take: MOST });
  const reversals = await reader.find(TransferSchema, {
    where: { purposeId: In(brought.map((transfer) => transfer.id)), route: 'reversal' },
    ...{ order: { createdAtMs: 'ASC' }, take: MOST },
  });
  return [...brought, ...reversals];
}

async function screens(database: Database, { sessionKey }: Payment): Promise<StoryEntry[]> {
  const dialogs = sessionKey ? await findDialogs({ database }, [sessionKey]) : [];
  return dialogs.flatMap((dialog) => [
    ...dialog.screens.map(({ screen, atMs }): StoryEntry => ({ kind: 'screen', atMs, screen })),
    ...(dialog.endedAs === 'open'
      ? []
      : [{ kind: 'session-end' as const, atMs: dialog.toMs, endedAs: dialog.endedAs }]),
  ]);
}

async function paymentMoves({ reader }: Database, paymentId: string): Promise<StoryEntry[]> {
  const rows = await reader.find(PaymentEventSchema, { where: { paymentId }, order: { id: 'ASC' }, take: MOST });
  return rows.map(({ atMs, fromState, toState, actor, reason }) => ({
    ...{ kind: 'payment', atMs, paymentId, from: fromState, to: toState, actor, reason },
  }));
}

async function transferMoves({ reader }: Database, transfers: readonly Transfer[]): Promise<StoryEntry[]> {
  const routes = new Map(transfers.map(({ id, route }) => [id, route]));
  const rows = await reader.find(TransferEventSchema, {
    where: { transferId: In([...routes.keys()]) },
    ...{ order: { id: 'ASC' }, take: MOST },
  });
  return rows.map(({ atMs, transferId, fromState, toState, actor, reason }) => ({
    ...{ kind: 'transfer', atMs, transferId, route: routes.get(transferId) ?? '' },
    ...{ from: fromState, to: toState, actor, reason },
  }));
}

/** What staff did about them is among the acts. */
async function refundMoves(database: Database, refunds: readonly Refund[]): Promise<StoryEntry[]> {
  const events = await refundEvents(database, refunds);
  return events
    .filter(({ actor }) => !actor.startsWith('staff:'))
    .map(({ atMs, refundId, toState, actor, reason }) => ({
      ...{ kind: 'refund', atMs, refundId, to: toState, actor, reason },
    }));
}

async function callbacks({ reader }: Database, ids: readonly string[]): Promise<StoryEntry[]> {
  const rows = await reader.find(InboxEventSchema, {
    where: { subjectId: In([...ids]) },
    ...{ order: { id: 'ASC' }, take: MOST },
  });
  return rows.map(({ id, provider, kind, state, note, receivedAtMs }) => ({
    ...{ kind: 'callback', atMs: receivedAtMs, id, provider, callback: kind, state, note: note ?? '' },
  }));
}

async function postings({ reader }: Database, ids: readonly string[]): Promise<StoryEntry[]> {
  const entries = await reader.find(LedgerEntrySchema, {
    where: { subjectId: In([...ids]) },
    ...{ order: { id: 'ASC' }, take: MOST },
  });
  const lines = await reader.find(LedgerPostingSchema, {
    where: { entryId: In(entries.map(({ id }) => id)) },
    ...{ order: { id: 'ASC' }, take: MOST * 4 },
  });
  return entries.map(({ id, kind, atMs }) => ({
    ...{ kind: 'posting', atMs, entry: kind },
    lines: lines
      .filter(({ entryId }) => entryId === id)
      .map(({ account, amountMinor, currency }) => ({ account, amountMinor, currency })),
  }));
}

async function messages({ reader }: Database, ids: readonly string[]): Promise<StoryEntry[]> {
  const rows = await reader.find(MessageSchema, {
    where: { subjectId: In([...ids]) },
    ...{ order: { id: 'ASC' }, take: MOST },
  });
  return rows.map(({ id, recipient, kind, state, segments, cost, failure, createdAtMs, sentAtMs, finishedAtMs }) => ({
    ...{ kind: 'message', atMs: createdAtMs, id, to: recipient, message: kind, state, segments, cost, failure },
    ...{ sentAtMs, finishedAtMs },
  }));
}

async function notesAndActs({ reader }: Database, ids: readonly string[]): Promise<StoryEntry[]> {
  const newest = { take: MOST };
  const notes = await reader.find(NoteSchema, {
    where: { subjectId: ids[0] as string },
    order: { atMs: 'DESC' },
    ...newest,
  });
  const acts = await reader.find(AuditEntrySchema, {
    where: { subjectId: In([...ids]) },
    order: { position: 'DESC' },
    ...newest,
  });
  return [
    ...notes.reverse().map(({ atMs, authorId, body }): StoryEntry => ({ kind: 'note', atMs, authorId, body })),
    ...acts
      .reverse()
      // The note itself stands in the story already.
      .filter(({ act }) => act !== 'note.written')
      .map(({ atMs, actorId, act, reason }): StoryEntry => ({ kind: 'act', atMs, actorId, act, reason })),
  ];
}

async function breaks({ reader }: Database, ids: readonly string[]): Promise<StoryEntry[]> {
  const rows = await reader.find(BreakSchema, { where: { subjectId: In([...ids]) }, take: MOST });
  return rows.map(({ id, breakType, state, detail, openedAtMs }) => ({
    ...{ kind: 'break', atMs: openedAtMs, id, breakType, state, detail },
  }));
}

/** Work has a key that names what it is for, so it is found by that and not by looking through the outbox. */
async function workFor(
  { reader }: Database,
  payment: Payment,
  transfers: readonly Transfer[],
  refunds: readonly Refund[],
): Promise<PaymentStory['next']> {
  const keys = [
    ...Object.values(paymentTopic).map((topic) => `${topic}:${payment.id}`),
    ...transfers.flatMap((transfer) =>
      [...Object.values(transferTopic), ...Object.values(transferEvent)].map((topic) => `${topic}:${transfer.id}`),
    ),
    ...refunds.map((refund) => `${refundTopic.release}:${refund.id}`),
  ];
  const rows = await reader.find(OutboxRowSchema, {
    where: { workKey: In(keys), state: In(['ready', 'dead']) },
    order: { dueAtMs: 'ASC' },
  });
  return rows
    .filter(({ topic, workKey }) => !isIdle(topic, payment, transfers, workKey))
    .map(({ id, topic, state, dueAtMs, attempts, lastError, claimedBy }) => ({
      ...{ id, topic, state, dueAtMs, attempts, lastError, claimedBy },
    }));
}

/** In which states of the payment a step still does something: it looks again when it is due. */
const ONLY_WHILE: Readonly<Record<string, readonly PaymentState[]>> = {
  [paymentTopic.notice]: ['collected'],
  [paymentTopic.expireHold]: ['held'],
  [paymentTopic.latePayer]: ['prompting', 'collected'],
  [paymentTopic.lateStaff]: ['collected', 'suspense'],
  [paymentTopic.lateRefund]: ['collected', 'suspense'],
};

/** Planned, and will find nothing to do: to say that it comes would mislead. */
function isIdle(topic: string, { state }: Payment, transfers: readonly Transfer[], workKey: string): boolean {
  if (topic !== transferTopic.inquire && topic !== transferTopic.inquirePayout)
    return ONLY_WHILE[topic]?.includes(state) === false;
  const asked = transfers.find(({ id }) => workKey === `${topic}:${id}`);
  return asked?.state === 'failed' || (asked?.state === 'succeeded' && asked.receipt !== null);
}

/** The payment that the id of a payment, transfer or refund leads to; undefined where there is none. */
export async function paymentOfSubject({ database }: StoryDeps, id: string): Promise<string | undefined> {
  const { reader } = database;
  if (await reader.existsBy(PaymentSchema, { id })) return id;
  const refund = await reader.findOne(RefundSchema, { where: { id } });
  if (refund) return refund.paymentId;
  const transfer = await reader.findOne(TransferSchema, { where: { id } });
  // A reversal is about what brought the money; a payout that gave a part back is about its refund.
  if (transfer?.route === 'reversal' || transfer?.route === 'payout')
    return paymentOfSubject({ database }, transfer.purposeId ?? '');
  const purposeId = transfer?.purposeId ?? '';
  if (transfer?.purpose === 'payment' || transfer?.purpose === 'second-money') return purposeId || undefined;
  const made = transfer && (await reader.findOne(PaymentSchema, { where: { transferId: id }, select: { id: true } }));
  return made?.id;
}

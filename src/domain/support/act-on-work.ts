import { In } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import { transferTopic } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { OutboxRowSchema } from '../../platform/outbox/index.ts';
import type { Actor } from '../audit/index.ts';
import { PaymentSchema, paymentTopic } from '../payments/index.ts';
import { type PaymentAct, recordPaymentAct, type SupportDeps } from './deps.ts';

/** Asks the operator now what became of the payment's transfer. Refuses with `payment.not-found` and `work.none`. */
export async function askOperator(deps: SupportDeps, actor: Actor, act: PaymentAct): Promise<void> {
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { id: act.paymentId } });
  if (!payment) throw new Refusal('payment.not-found');
  const work = { topic: transferTopic.inquire, key: payment.transferId ?? '', told: { isEarly: true } };
  await hasten(deps, actor, act, work, 'operator.asked');
}

/** Goes to the biller now. Refuses with `work.none`. */
export async function askBiller(deps: SupportDeps, actor: Actor, act: PaymentAct): Promise<void> {
  await hasten(deps, actor, act, { topic: paymentTopic.post, key: act.paymentId }, 'biller.asked');
}

async function hasten(
  deps: SupportDeps,
  actor: Actor,
  act: PaymentAct,
  work: { topic: string; key: string; told?: object },
  name: string,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const workKey = `${work.topic}:${work.key}`;
    const row = await tx.findOne(OutboxRowSchema, { workKey, state: 'ready' });
    if (!row) throw new Refusal('work.none');
    await deps.outbox.expedite(tx, work.topic, work.key, work.told);
    await recordPaymentAct(deps, tx, actor, act, name, { wasDueAtMs: row.dueAtMs });
  });
}

/** Work of one payment that was given up is done again, now. Refuses with `work.none`. */
export async function repeatWork(
  deps: SupportDeps,
  actor: Actor,
  act: PaymentAct & { rowIds: readonly string[] },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const topics = await revive(deps, tx, act.rowIds);
    if (topics.length === 0) throw new Refusal('work.none');
    await recordPaymentAct(deps, tx, actor, act, 'work.repeated', { topics });
  });
}

const MOST = 100;

/** Makes dead rows ready again, with all their tries; those that are not dead (any more) stay as they are. */
export async function revive(deps: SupportDeps, tx: Tx, ids: readonly string[]): Promise<string[]> {
  const wanted = ids.slice(0, MOST);
  const rows = wanted.length > 0 ? await tx.manager.findBy(OutboxRowSchema, { id: In(wanted), state: 'dead' }) : [];
  const now = deps.runtime.clock.now();
  const topics: string[] = [];
  for (const { id, topic } of rows) {
    const patch = { state: 'ready' as const, dueAtMs: now, attempts: 0, claimedBy: null, finishedAtMs: null };
    if ((await tx.update(OutboxRowSchema, { id, state: 'dead' }, patch)) > 0) topics.push(topic);
  }
  return topics;
}

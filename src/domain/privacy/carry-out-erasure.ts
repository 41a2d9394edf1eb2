import { LessThan } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import { AccountLinkSchema, forgetMisses } from '../accounts/index.ts';
import { recordAct } from '../audit/index.ts';
import { CustomerSchema, keepWishes } from '../customers/index.ts';
import { MessageSchema, SmsOptOutSchema } from '../messages/index.ts';
import { PaymentSchema } from '../payments/index.ts';
import { ReminderSchema } from '../reminders/index.ts';
import { ERASURE, type ErasureDeps } from './deps.ts';
import { type Erasure, ErasureSchema } from './erasure.ts';
import { type Erased, type ErasureStep, emptyBodies, STEPS_BY_NUMBER } from './erasure-steps.ts';
import { openMattersOf } from './open-matters.ts';
import { SWEEPS } from './sweep.ts';
import { FORGOTTEN, moveErasure, numberOf } from './vote-on-erasure.ts';

/** Something of the person is not over: it is looked at again. */
const WAIT_MS = 30 * 60_000;
/** Commits of one turn of the outbox, well within its lease. */
const COMMITS = 50;

const ALL: readonly ErasureStep[] = [...STEPS_BY_NUMBER, ...SWEEPS];
invariant(new Set(ALL.map(({ name }) => name)).size === ALL.length, 'two steps of an erasure have the same name');
const SERVICE = { kind: 'service', id: ERASURE, address: '', scope: 'house' } as const;

/**
 * Work of an erasure that was granted, `{erasureId}`: begins once nothing of the person is open, and then replaces his number and takes out what
 * names him, some rows a commit. The place is kept with each commit, so that a process that dies is gone on with.
 */
export async function carryOutErasure(deps: ErasureDeps, { erasureId }: { erasureId: string }): Promise<Outcome> {
  for (let commits = 0; commits < COMMITS; commits += 1) {
    const went = await deps.database.transaction(async (tx) => {
      const erasure = await tx.lockOne(ErasureSchema, { id: erasureId });
      if (erasure?.state === 'granted') return begin(deps, tx, erasure);
      return erasure?.state === 'running' ? goOn(deps, tx, erasure) : 'over';
    });
    if (went === 'over') return undefined;
    if (went === 'waiting') return { again: { inMs: WAIT_MS } };
  }
  return { again: { inMs: 1 } };
}

type Went = 'on' | 'waiting' | 'over';

/** The customer goes in one commit: whoever dials from then on is somebody new. */
async function begin(deps: ErasureDeps, tx: Tx, erasure: Erasure): Promise<Went> {
  const msisdn = numberOf(deps, erasure);
  const { ids, clock, chance } = deps.runtime;
  const customer = await tx.lockOne(CustomerSchema, { msisdn });
  const open = await openMattersOf(tx.manager, { msisdn, nowMs: clock.now() });
  if (open.references.length > 0 || open.isTold) return 'waiting';
  const senderName = deps.senderNames.reminders;
  const blocked = senderName ? await tx.findOne(SmsOptOutSchema, { msisdn, senderName }) : null;
  await keepWishes(deps, tx, msisdn, {
    remindersStoppedAtMs: customer?.remindersStoppedAtMs ?? blocked?.atMs ?? null,
    promptsBlockedAtMs: customer?.promptsBlockedAtMs ?? null,
  });
  if (customer) {
    await tx.manager.delete(AccountLinkSchema, { customerId: customer.id });
    await tx.manager.delete(ReminderSchema, { customerId: customer.id });
    await emptyBodies(tx, [customer.id]);
    await tx.manager.delete(CustomerSchema, { id: customer.id });
  }
  await forgetMisses(deps, msisdn);
  const pseudonym = `x${chance.bytes(8).toString('hex').slice(0, 15)}`;
  await moveErasure(deps, tx, erasure, 'running', { pseudonym, boundaryId: ids.next(), step: first(), place: '' });
  await record(deps, tx, erasure, 'erasure.begun', customer ? { person: customer.id } : {});
  return 'on';
}

const first = () => ALL[0]?.name ?? '';

async function goOn(deps: ErasureDeps, tx: Tx, erasure: Erasure): Promise<Went> {
  const { id, pseudonym, boundaryId, changedRows } = erasure;
  invariant(pseudonym !== null && boundaryId !== null, 'an erasure under way has a pseudonym');
  const erased = { msisdn: numberOf(deps, erasure), pseudonym, boundaryId };
  const at = ALL.findIndex(({ name }) => name === erasure.step);
  const step = ALL[at];
  if (!step) return end(deps, tx, erasure, erased);
  const { changed, place, isWaiting } = await step.run(tx, erased, erasure.place);
  const next = place === undefined ? { step: ALL[at + 1]?.name ?? '', place: '' } : { place };
  await tx.update(ErasureSchema, { id }, { ...next, changedRows: changedRows + changed });
  return isWaiting ? 'waiting' : 'on';
}

/** What was open when its turn came is gone through once more. */
async function end(deps: ErasureDeps, tx: Tx, erasure: Erasure, erased: Erased): Promise<Went> {
  if (await isLeft(tx, erased)) {
    await tx.update(ErasureSchema, { id: erasure.id }, { step: first(), place: '' });
    return 'waiting';
  }
  await moveErasure(deps, tx, erasure, 'done', FORGOTTEN);
  await record(deps, tx, erasure, 'erasure.done', { rows: erasure.changedRows });
  return 'over';
}

async function isLeft({ manager }: Tx, { msisdn, boundaryId }: Erased): Promise<boolean> {
  const id = LessThan(boundaryId);
  return (
    (await manager.existsBy(PaymentSchema, [
      { id, dialler: msisdn },
      { id, payer: msisdn },
    ])) ||
    (await manager.existsBy(TransferSchema, { id, payer: msisdn })) ||
    manager.existsBy(MessageSchema, { id, recipient: msisdn })
  );
}

function record(deps: ErasureDeps, tx: Tx, { id }: Erasure, act: string, after: Readonly<Record<string, unknown>>) {
  return recordAct(deps, tx, { actor: SERVICE, act, subject: { kind: ERASURE, id }, after });
}

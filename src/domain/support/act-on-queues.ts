import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { PaymentSchema, releaseHold } from '../payments/index.ts';
import {
  confirmResolution,
  proposeResolution,
  RESOLUTIONS,
  type Resolution,
  rejectResolution,
} from '../reconciliation/index.ts';
import { revive } from './act-on-work.ts';
import { type PaymentAct, recordPaymentAct, type SupportDeps } from './deps.ts';

/** Lets a held payment go on: the payer is asked for his PIN. Refuses with `payment.not-found` and `payment.not-held`. */
export async function releaseHeld(deps: SupportDeps, actor: Actor, act: PaymentAct): Promise<void> {
  const payment = await deps.database.reader.findOne(PaymentSchema, { where: { id: act.paymentId } });
  if (!payment) throw new Refusal('payment.not-found');
  const alongside = (tx: Tx) => recordPaymentAct(deps, tx, actor, act, 'hold.released');
  await releaseHold(deps, { reference: payment.reference, staff: actor.id, alongside });
}

/** Work that was given up, of whatever kind, is done again. Refuses with `work.none`. */
export async function reviveWork(
  deps: SupportDeps,
  actor: Actor,
  { rowId, reason }: { rowId: string; reason: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const topics = await revive(deps, tx, [rowId]);
    if (topics.length === 0) throw new Refusal('work.none');
    const subject = { kind: 'work', id: rowId };
    await recordAct(deps, tx, { actor, act: 'work.repeated', subject, reason, after: { topics } });
  });
}

/** What somebody says about a break. */
export interface BreakAct {
  breakId: string;
  reason: string;
  /** The person behind the login: two logins of one person are one. */
  personId: string;
}

/** The first of two says what became of it. Refuses with `break.*`. */
export async function proposeBreak(
  deps: SupportDeps,
  actor: Actor,
  { personId, ...act }: BreakAct & { resolution: string },
): Promise<void> {
  const resolution = RESOLUTIONS.find((one) => one === act.resolution) as Resolution | undefined;
  if (!resolution) throw new Refusal('break.no-resolution');
  const alongside = recorder(deps, actor, act, 'break.proposed', { resolution });
  await proposeResolution(deps, { ...act, resolution, by: personId, alongside });
}

/** The second agrees, or does not. Refuses with `break.*`. */
export async function answerBreak(
  deps: SupportDeps,
  actor: Actor,
  { personId, agrees, ...act }: BreakAct & { agrees: boolean },
): Promise<void> {
  const alongside = recorder(deps, actor, act, agrees ? 'break.confirmed' : 'break.rejected');
  await (agrees ? confirmResolution : rejectResolution)(deps, { ...act, by: personId, alongside });
}

function recorder(
  deps: SupportDeps,
  actor: Actor,
  { breakId, reason }: { breakId: string; reason: string },
  act: string,
  after?: Readonly<Record<string, unknown>>,
) {
  const subject = { kind: 'break', id: breakId };
  return (tx: Tx) => recordAct(deps, tx, { actor, act, subject, reason, ...(after ? { after } : {}) });
}

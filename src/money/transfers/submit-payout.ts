import { gather, invariant, unreachable } from '../../kernel/index.ts';
import { type Database, gatherWork, type Tx } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { Evidence, PayoutAnswer, PayoutIds } from '../../providers/operators/index.ts';
import { accountOfPayout, type PaysFrom } from './account-of-payout.ts';
import { causeIsOurs } from './cause-is-ours.ts';
import type { TransferDeps } from './deps.ts';
import { emitBreak } from './emit-break.ts';
import { isCutShort, mayGoOut, type SendingState } from './may-go-out.ts';
import { moveTransfer, recordTransferEvent } from './move-transfer.ts';
import { payoutNews } from './payout-news.ts';
import { askSoon, planInquiries } from './plan-inquiries.ts';
import { type PayoutWork, payoutOperatorOf, payoutsOfAll } from './request-payout.ts';
import { settleTransfer } from './settle-transfer.ts';
import { NOT_SENT } from './submit-transfer.ts';
import { transferEvent } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

/**
 * Asks the operator to pay a person, within its pace. Committed as submitted before the first byte goes out, with the inquiry that
 * asks what became of it; it goes out again, under the same reference, only after a proof that the operator did not take it, or when the
 * process died in between: the operator takes one request of a reference. Those that go out at the same time are committed together; each
 * is asked for by itself.
 */
export function payoutSender(deps: TransferDeps): (work: PayoutWork) => Promise<Outcome> {
  const { database } = deps;
  const claimed = gatherWork<PayoutWork, Going | undefined>(database, {
    prepare: (all, works) =>
      all.lockAll(
        TransferSchema,
        'id',
        works.map(({ transferId }) => transferId),
      ),
    each: (tx, work) => claim(deps, tx, work),
    conclude: (tx, all) => planInquiries(deps, tx, all),
  });
  const keepTaken = idKeeper(database);
  const mayGo = lookerAtStates(deps);
  const line = watchLine(deps);
  return async (work) => {
    // What was taken back meanwhile, perhaps a whole window of rows, uses up no place.
    if (!(await mayGo(work.transferId))) return undefined;
    const waitMs = await deps.pace.take(laneOf(work), deps.transferSettings.payoutPace, work.turn);
    if (waitMs > 0) return { again: { inMs: waitMs, payload: { ...work } } };
    const going = await claimed(work);
    if (!going) return undefined;
    const { transfer } = going;
    const from = await accountOfPayout(deps, transfer);
    const answer = from.kind === 'gone' ? NO_CREDENTIAL : await askToPay(deps, transfer, from, work);
    if (answer.kind === 'accepted') await keepTaken({ transferId: transfer.id, ids: answer.ids });
    const outcome = answer.kind === 'accepted' ? undefined : await keepAnswer(deps, going, answer, work);
    // Last: what was said is kept by then, whatever becomes of the store of the pace.
    await line.heard(laneOf(transfer), answer);
    return outcome;
  };
}

/** While payouts go through, so often the others are told of it. */
const REACHED_EVERY_MS = 1_000;

/** Tells the pace what an answer says of the operator's being there. One miss beside others that went through says nothing. */
function watchLine({ pace, transferSettings, runtime }: TransferDeps) {
  const reachedAtMs = new Map<string, number>();
  return {
    async heard(lane: string, answer: PayoutAnswer | typeof NO_CREDENTIAL): Promise<void> {
      const { payoutPace } = transferSettings;
      if (answer.kind === 'not-sent' && answer.why === 'pace') await pace.slowDown(lane, payoutPace);
      // Nobody was asked, or nobody knows whether he heard.
      if (answer === NO_CREDENTIAL || answer.kind === 'unknown') return;
      const now = runtime.clock.now();
      if (now - (reachedAtMs.get(lane) ?? Number.NEGATIVE_INFINITY) < REACHED_EVERY_MS) return;
      if (answer.kind === 'not-sent' && answer.why === 'unreachable') return pace.missed(lane, payoutPace);
      reachedAtMs.set(lane, now);
      await pace.reached(lane, payoutPace);
    },
  };
}

/** Epoch ms since when the operator's payouts cannot be asked for; undefined while they can, and while nobody can tell. */
export function payoutsOutOfReachSince(
  { pace, transferSettings }: Pick<TransferDeps, 'pace' | 'transferSettings'>,
  operator: string,
): Promise<number | undefined> {
  // Without the pace's store nothing goes out either, and who sends says so.
  return pace.outOfReachSince(laneOf({ operator }), transferSettings.payoutPace).catch(() => undefined);
}

interface Going {
  transfer: Transfer;
  /** The operator may have it from before: what it says of this request proves nothing about that one. */
  isRepeat: boolean;
  /** It was never sent, so that nothing asks about it yet. */
  isFirst: boolean;
}

interface SeenState {
  id: string;
  state: SendingState['state'];
  code: string | null;
  conversation: string | null;
  submitted: unknown;
}

function lookerAtStates({ database, runtime }: TransferDeps): (transferId: string) => Promise<boolean> {
  return gather(async (ids: readonly string[]) => {
    const found: SeenState[] = await database.reader.query(
      `SELECT id, state, result_code AS code, checkout_request_id AS conversation, submitted_at AS submitted
         FROM transfer WHERE id IN (${ids.map(() => '?').join(', ')})`,
      [...ids],
    );
    const now = runtime.clock.now();
    const going = new Set(found.filter((one) => mayGoOut(sendingStateOf(one), now)).map(({ id }) => id));
    return ids.map((id) => ({ status: 'fulfilled', value: going.has(id) }));
  }, MOST_TOGETHER);
}

function sendingStateOf({ state, code, conversation, submitted }: SeenState): SendingState {
  const submittedAtMs = submitted === null ? null : Number(submitted);
  return { state, resultCode: code, checkoutRequestId: conversation, submittedAtMs };
}

interface Taken {
  transferId: string;
  ids: PayoutIds;
}

/** The result can be faster than the acknowledgement: the ids are kept whatever the state is by now. */
function idKeeper(database: Database): (taken: Taken) => Promise<void> {
  return gather(async (all: readonly Taken[]) => {
    const changes = all.map(({ transferId, ids: { conversationId, requestId } }): [string, Partial<Transfer>] => [
      transferId,
      { checkoutRequestId: conversationId, merchantRequestId: requestId },
    ]);
    await database.transaction((tx) => tx.updateEach(TransferSchema, new Map(changes)));
    return all.map(() => ({ status: 'fulfilled', value: undefined }));
  }, MOST_TOGETHER);
}

function askToPay(
  deps: TransferDeps,
  transfer: Transfer,
  from: Exclude<PaysFrom, { kind: 'gone' }>,
  { kind, remarks }: PayoutWork,
): Promise<PayoutAnswer> {
  invariant(transfer.payer, 'a payout has a recipient');
  return payoutOperatorOf(deps, transfer.operator).pay({
    ...{ reference: transfer.reference, callbackToken: transfer.callbackToken, amount: amountOf(transfer) },
    ...{ recipient: transfer.payer, purpose: kind, remarks },
    ...(from.kind === 'own' ? { account: from.account } : {}),
  });
}

const MOST_TOGETHER = 100;

/** Never sent: about whoever pays and not who is paid, so nothing more of his goes out until a person has looked. */
const NO_CREDENTIAL = {
  ...{ kind: 'rejected', cause: 'credential-refused', code: 'no-credential' },
  description: 'the account has no credential any more',
} as const satisfies PayoutAnswer;

/** One kind of request at one operator. */
function laneOf({ operator }: { operator: string }): string {
  return `${operator}:payout`;
}

async function claim(
  deps: TransferDeps,
  tx: Tx,
  { transferId: id, attempt, after = [] }: PayoutWork,
): Promise<Going | undefined> {
  const now = deps.runtime.clock.now();
  const transfer = await tx.lockOne(TransferSchema, { id });
  if (!transfer || !mayGoOut(transfer, now)) return undefined;
  const isRepeat = isCutShort(transfer, now);
  if ((attempt > 0 || after.length > 0) && (await isPaidBefore(tx, transfer, after))) {
    // One that may be there already is asked about instead.
    if (!isRepeat) await failUnsent(deps, tx, transfer);
    return undefined;
  }
  const patch = { submittedAtMs: now, resultCode: null };
  const cause = { actor: 'service', reason: 'the operator is asked to pay' };
  if (transfer.state !== 'requested') {
    await tx.update(TransferSchema, { id }, patch);
    const reason = `${cause.reason} again${isRepeat ? ': the sending was cut short' : ''}`;
    await recordTransferEvent(deps, tx, id, transfer.state, transfer.state, { ...cause, reason });
    return { transfer: { ...transfer, ...patch }, isRepeat, isFirst: false };
  }
  return { transfer: await moveTransfer(deps, tx, transfer, 'submitted', cause, patch), isRepeat, isFirst: true };
}

/** Proof of money for an earlier attempt, or for what this one takes the place of, came after it was asked for. */
async function isPaidBefore(tx: Tx, { id, purposeId }: Transfer, after: readonly string[]): Promise<boolean> {
  const all = await payoutsOfAll(tx, [purposeId ?? '', ...after]);
  return all.some((other) => other.id !== id && other.state !== 'failed');
}

async function failUnsent(deps: TransferDeps, tx: Tx, transfer: Transfer): Promise<void> {
  const cause = { actor: 'service', reason: 'an earlier attempt has paid' };
  const settled = { resultCode: 'paid-before', failureCause: 'other' as const, settledAtMs: deps.runtime.clock.now() };
  await moveTransfer(deps, tx, transfer, 'failed', cause, settled);
  const payload = { ...payoutNews(transfer), causeIsOurs: false };
  await deps.outbox.emit(tx, { topic: transferEvent.failed, key: transfer.id, payload });
}

async function keepAnswer(
  deps: TransferDeps,
  going: Going,
  answer: Exclude<PayoutAnswer, { kind: 'accepted' }>,
  work: PayoutWork,
): Promise<Outcome> {
  const { transfer, isRepeat } = going;
  const { id } = transfer;
  switch (answer.kind) {
    case 'known-before':
      await askNow(deps, id, answer.description);
      return undefined;
    case 'not-sent': {
      const tries = work.tries + 1;
      // A request before this one may have been taken: that so many were not says no more of it.
      if (isRepeat && tries > MOST_TRIES) return settle(deps, transfer, { ...answer, outcome: 'unproven' });
      return sendAgain(deps, going, { ...work, tries }, answer);
    }
    case 'rejected':
      if (causeIsOurs(answer.cause)) {
        const { code, description: detail } = answer;
        deps.log.error({ transferId: id, code, detail }, 'payout refused: our fault');
      }
      // What is refused now may have been taken before.
      await settle(deps, transfer, { ...answer, outcome: isRepeat ? 'unproven' : 'failed' });
      return undefined;
    case 'unknown':
      await settle(deps, transfer, { outcome: 'unproven', ...answer });
      return undefined;
    default:
      return unreachable(answer);
  }
}

/** An earlier request of this reference is there, whose answer was lost: what became of it is asked, and nothing sent. */
async function askNow(deps: TransferDeps, id: string, said: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id });
    if (transfer?.state !== 'submitted' && transfer?.state !== 'unknown') return;
    const cause = { actor: 'operator:acknowledgement', reason: `taken before: ${said}` };
    await recordTransferEvent(deps, tx, id, transfer.state, transfer.state, cause);
    await askSoon(deps, tx, id);
  });
}

/** Then a person is told, and it is tried on under its reference: it is proven that nobody has it. */
const MOST_TRIES = 12;
const LONGEST_DELAY_MS = 60_000;

/** That this request was not taken proves nothing about one before it: a repeat stays one. */
async function sendAgain(
  deps: TransferDeps,
  { transfer, isRepeat }: Going,
  work: PayoutWork,
  { retryAfterMs, description }: { retryAfterMs: number; description: string },
): Promise<Outcome> {
  if (!isRepeat) await keepNotSent(deps, transfer, work.tries === MOST_TRIES ? description : undefined);
  const inMs = Math.min(retryAfterMs * 2 ** (work.tries - 1), LONGEST_DELAY_MS);
  return { again: { inMs, payload: { ...work } } };
}

/** A process that dies before this commit leaves a sending that was cut short. */
async function keepNotSent(deps: TransferDeps, sent: Transfer, told: string | undefined): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: sent.id });
    if (transfer?.state !== 'submitted' || isRepeated(transfer, sent)) return;
    await tx.update(TransferSchema, { id: sent.id }, { resultCode: NOT_SENT });
    if (told === undefined) return;
    await emitBreak(deps, tx, 'unknown-transfer', sent.id, `not sent in ${MOST_TRIES} tries, and tried on: ${told}`);
  });
}

/** Whoever got this answer was held up for so long that another took him for dead, and has asked since. */
const isRepeated = (transfer: Transfer, sent: Transfer) => transfer.submittedAtMs !== sent.submittedAtMs;

async function settle(
  deps: TransferDeps,
  sent: Transfer,
  { outcome, code, description, cause }: Pick<Evidence, 'outcome' | 'code' | 'description' | 'cause'>,
): Promise<undefined> {
  const said = { rank: 'acknowledgement' as const, code, description, ...(cause ? { cause } : {}) };
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: sent.id });
    if (!transfer) return;
    await settleTransfer(deps, tx, sent.id, { ...said, outcome: isRepeated(transfer, sent) ? 'unproven' : outcome });
  });
}

import { invariant, unreachable } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { Evidence, PayoutAnswer, PayoutIds } from '../../providers/operators/index.ts';
import { accountOfPayout } from './account-of-payout.ts';
import { causeIsOurs } from './cause-is-ours.ts';
import type { TransferDeps } from './deps.ts';
import { moveTransfer, recordTransferEvent } from './move-transfer.ts';
import { type PayoutWork, payoutOperatorOf, payoutsOfAll } from './request-payout.ts';
import { settleTransfer } from './settle-transfer.ts';
import { mayBeSentAgain, NOT_SENT } from './submit-transfer.ts';
import { transferEvent, transferTopic } from './topics.ts';
import { amountOf, type Transfer, TransferSchema } from './transfer.ts';

/**
 * Asks the operator to pay a person, within its pace. Committed as submitted before the first byte goes out, with the inquiry that
 * asks what became of it; it goes out again, under the same reference, only after a proof that the operator did not take it.
 */
export async function submitPayout(deps: TransferDeps, work: PayoutWork): Promise<Outcome> {
  const waiting = await deps.database.reader.findOne(TransferSchema, { where: { id: work.transferId } });
  if (!waiting || !mayGoOut(waiting)) return undefined;
  const from = await accountOfPayout(deps, waiting);
  const waitMs = await deps.pace.take(laneOf(waiting), deps.transferSettings.payoutPace, work.turn);
  if (waitMs > 0) return { again: { inMs: waitMs, payload: { ...work } } };
  const transfer = await claim(deps, work);
  if (!transfer) return undefined;
  invariant(transfer.payer, 'a payout has a recipient');
  if (from.kind === 'gone') return keepAnswer(deps, transfer, NO_CREDENTIAL, work);
  const answer = await payoutOperatorOf(deps, transfer.operator).pay({
    ...{ reference: transfer.reference, callbackToken: transfer.callbackToken, amount: amountOf(transfer) },
    ...{ recipient: transfer.payer, purpose: work.kind, remarks: work.remarks },
    ...(from.kind === 'own' ? { account: from.account } : {}),
  });
  return keepAnswer(deps, transfer, answer, work);
}

/** Never sent: about whoever pays and not who is paid, so nothing more of his goes out until a person has looked. */
const NO_CREDENTIAL = {
  ...{ kind: 'rejected', cause: 'credential-refused', code: 'no-credential' },
  description: 'the account has no credential any more',
} as const satisfies PayoutAnswer;

/** One kind of request at one operator. */
function laneOf({ operator }: Transfer): string {
  return `${operator}:payout`;
}

function mayGoOut(transfer: Transfer): boolean {
  return transfer.state === 'requested' || mayBeSentAgain(transfer);
}

function claim(deps: TransferDeps, { transferId: id, attempt, after = [] }: PayoutWork): Promise<Transfer | undefined> {
  const now = deps.runtime.clock.now();
  return deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id });
    if (!transfer || !mayGoOut(transfer)) return undefined;
    if ((attempt > 0 || after.length > 0) && (await isPaidBefore(tx, transfer, after))) {
      await failUnsent(deps, tx, transfer);
      return undefined;
    }
    const patch = { submittedAtMs: now, resultCode: null };
    const cause = { actor: 'service', reason: 'the operator is asked to pay' };
    if (transfer.state === 'submitted') {
      await tx.update(TransferSchema, { id }, patch);
      await recordTransferEvent(deps, tx, id, 'submitted', 'submitted', { ...cause, reason: `${cause.reason} again` });
      return { ...transfer, ...patch };
    }
    await deps.outbox.emit(tx, {
      topic: transferTopic.inquirePayout,
      key: id,
      payload: { transferId: id, step: 0 },
      dueAtMs: now + (deps.transferSettings.inquiryDelaysMs[0] ?? 75_000),
    });
    return moveTransfer(deps, tx, transfer, 'submitted', cause, patch);
  });
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
  const payload = { transferId: transfer.id, route: 'payout', causeIsOurs: false };
  await deps.outbox.emit(tx, { topic: transferEvent.failed, key: transfer.id, payload });
}

async function keepAnswer(
  deps: TransferDeps,
  transfer: Transfer,
  answer: PayoutAnswer,
  work: PayoutWork,
): Promise<Outcome> {
  const { id } = transfer;
  switch (answer.kind) {
    case 'accepted':
      await keepIds(deps, id, answer.ids);
      return undefined;
    case 'known-before':
      await askNow(deps, id, answer.description);
      return undefined;
    case 'not-sent': {
      const tries = work.tries + 1;
      const outcome =
        tries <= MOST_TRIES
          ? await sendAgain(deps, { ...work, tries }, answer.retryAfterMs)
          : await settle(deps, id, { ...answer, outcome: 'unproven' });
      // Last: that it was not sent is kept by then, whatever becomes of the store of the pace.
      if (answer.why === 'pace') await deps.pace.slowDown(laneOf(transfer), deps.transferSettings.payoutPace);
      return outcome;
    }
    case 'rejected':
      if (causeIsOurs(answer.cause)) {
        const { code, description: detail } = answer;
        deps.log.error({ transferId: id, code, detail }, 'payout refused: our fault');
      }
      await settle(deps, id, { ...answer, outcome: 'failed' });
      return undefined;
    case 'unknown':
      await settle(deps, id, { outcome: 'unproven', ...answer });
      return undefined;
    default:
      return unreachable(answer);
  }
}

/** The result can be faster than the acknowledgement: the ids are kept whatever the state is by now. */
async function keepIds(deps: TransferDeps, id: string, { conversationId, requestId }: PayoutIds): Promise<void> {
  const ids = { checkoutRequestId: conversationId, merchantRequestId: requestId };
  await deps.database.transaction((tx) => tx.update(TransferSchema, { id }, ids));
}

/** An earlier request of this reference is there, whose answer was lost: what became of it is asked, and nothing sent. */
async function askNow(deps: TransferDeps, id: string, said: string): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id });
    if (transfer?.state !== 'submitted') return;
    const cause = { actor: 'operator:acknowledgement', reason: `taken before: ${said}` };
    await recordTransferEvent(deps, tx, id, 'submitted', 'submitted', cause);
    await deps.outbox.expedite(tx, transferTopic.inquirePayout, id);
  });
}

/** Then it is unknown, and asked about: that each of so many was not taken is too much to believe for another reference. */
const MOST_TRIES = 12;
const LONGEST_DELAY_MS = 900_000;

/** A process that dies before this commit leaves it submitted: asked about, and not sent again. */
async function sendAgain(deps: TransferDeps, work: PayoutWork, retryAfterMs: number): Promise<Outcome> {
  await deps.database.transaction(async (tx) => {
    const transfer = await tx.lockOne(TransferSchema, { id: work.transferId });
    if (transfer?.state !== 'submitted') return;
    await tx.update(TransferSchema, { id: work.transferId }, { resultCode: NOT_SENT });
  });
  const inMs = Math.min(retryAfterMs * 2 ** (work.tries - 1), LONGEST_DELAY_MS);
  return { again: { inMs, payload: { ...work } } };
}

async function settle(
  deps: TransferDeps,
  id: string,
  { outcome, code, description, cause }: Pick<Evidence, 'outcome' | 'code' | 'description' | 'cause'>,
): Promise<undefined> {
  const said = { rank: 'acknowledgement' as const, outcome, code, description, ...(cause ? { cause } : {}) };
  await deps.database.transaction((tx) => settleTransfer(deps, tx, id, said));
}

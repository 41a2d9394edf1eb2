import { gatherWork, type Tx, type UnitOfWork } from '../../platform/database/index.ts';
import { type InboxEvent, InboxEventSchema } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { Evidence, PayoutResult, StatusResult } from '../../providers/operators/index.ts';
import { applyEvent, isOpen, markVerdict, type Verdict } from './apply-event.ts';
import type { TransferDeps } from './deps.ts';
import { askSoon } from './plan-inquiries.ts';
import { payoutOperatorOf } from './request-payout.ts';
import { settleTransfer } from './settle-transfer.ts';
import { type Transfer, TransferSchema } from './transfer.ts';

/** `{eventId}`: a kept result of a payout. Results of a long list come fast: those that are there together are applied together. */
export function payoutResultApplier(deps: TransferDeps): (work: { eventId: string }) => Promise<Outcome> {
  // Read once, though it is asked for twice: whom to lock for it, and what it says.
  const read = new WeakMap<object, PayoutResult | undefined>();
  return gatherWork(deps.database, {
    prepare: (work, those) => lockForResults(deps, work, those, read),
    async each(tx, work) {
      const event = await tx.lockOne(InboxEventSchema, { id: work.eventId });
      if (!event || !isOpen(event)) return undefined;
      const result = read.has(work) ? read.get(work) : resultOf(deps, event);
      const verdict: Verdict = result
        ? await applyResult(deps, tx, event, result)
        : { state: 'staff', note: 'unreadable' };
      return markVerdict(deps, tx, event, verdict);
    },
  });
}

function resultOf(deps: TransferDeps, { provider, body }: InboxEvent): PayoutResult | undefined {
  return payoutOperatorOf(deps, provider).parsePayoutResult(JSON.parse(body));
}

async function lockForResults(
  deps: TransferDeps,
  work: UnitOfWork,
  those: readonly { eventId: string }[],
  read: WeakMap<object, PayoutResult | undefined>,
): Promise<void> {
  const eventIds = those.map(({ eventId }) => eventId);
  await work.lockAll(InboxEventSchema, 'id', eventIds);
  const tokens: (string | null)[] = [];
  const receipts = new Map<string, string[]>();
  for (const one of those) {
    const event = await work.findOne(InboxEventSchema, { id: one.eventId });
    if (!event) continue;
    tokens.push(event.token);
    const result = resultOf(deps, event);
    read.set(one, result);
    const receipt = result?.evidence.receipt;
    if (receipt) receipts.set(event.provider, [...(receipts.get(event.provider) ?? []), receipt]);
  }
  await lockForOwners(deps, work, tokens);
  await work.lockAll(TransferSchema, 'callbackToken', tokens);
  // Two that find each other's receipt free meet at its key.
  for (const [operator, some] of receipts) await work.fetchAll(TransferSchema, 'receipt', some, { operator });
}

/** Before the transfers: whoever takes rows back locks them in that order. */
async function lockForOwners(
  { paidTaker }: TransferDeps,
  work: UnitOfWork,
  tokens: readonly (string | null)[],
): Promise<void> {
  if (!paidTaker) return;
  await work.fetchAll(TransferSchema, 'callbackToken', tokens);
  const purposeIds: string[] = [];
  for (const callbackToken of tokens) {
    const transfer = callbackToken === null ? null : await work.findOne(TransferSchema, { callbackToken });
    if (transfer?.purposeId) purposeIds.push(transfer.purposeId);
  }
  await paidTaker.lockFor(work, purposeIds);
}

async function applyResult(deps: TransferDeps, tx: Tx, event: InboxEvent, result: PayoutResult): Promise<Verdict> {
  const transfer = await findPayout(tx, event);
  if (!transfer) return { wait: 'no such payout' };
  if (transfer.state === 'requested') return { wait: 'nothing was sent yet' };
  const subjectId = transfer.id;
  const fault = faultOf(transfer, result);
  if (fault) return { state: 'staff', subjectId, note: fault };
  // Token and reference name the request already; with the conversation of its acknowledgement it is as good as an answer to a question.
  const isNamed = transfer.checkoutRequestId === result.ids.conversationId;
  const evidence: Evidence = { ...result.evidence, ...(isNamed ? { rank: 'query' as const } : {}) };
  const decision = await settleTransfer(deps, tx, transfer.id, evidence);
  if (decision.do === 'mismatch') return { state: 'staff', subjectId, note: decision.why };
  await keepDetails(tx, transfer, result);
  if (evidence.outcome === 'unproven') await askSoon(deps, tx, transfer.id);
  return { state: decision.do === 'nothing' ? 'repeated' : 'applied', subjectId, note: noteOf(decision) };
}

async function findPayout(tx: Tx, event: InboxEvent): Promise<Transfer | undefined> {
  const transfer = event.token === null ? null : await tx.lockOne(TransferSchema, { callbackToken: event.token });
  return transfer?.route === 'payout' && transfer.operator === event.provider ? transfer : undefined;
}

/** What it says of itself must be what we asked for. */
function faultOf(transfer: Transfer, { ids, evidence }: PayoutResult): string | undefined {
  const { checkoutRequestId } = transfer;
  if (!isOurs(transfer, ids.requestId)) return 'about another request';
  if (checkoutRequestId !== null && checkoutRequestId !== ids.conversationId) return 'token and conversation disagree';
  return evidence.payer && evidence.payer !== transfer.payer ? 'paid to another number' : undefined;
}

/** Our reference, or what the operator drew in its place. */
function isOurs({ reference, merchantRequestId }: Transfer, requestId: string): boolean {
  return requestId === reference || requestId === merchantRequestId;
}

/** The ids of an acknowledgement that has not come (yet), and the name that the recipient is registered under. */
async function keepDetails(tx: Tx, transfer: Transfer, { ids, recipientName }: PayoutResult): Promise<void> {
  const patch: Partial<Transfer> = {
    ...(transfer.checkoutRequestId === null
      ? { checkoutRequestId: ids.conversationId, merchantRequestId: ids.requestId }
      : {}),
    ...(recipientName && transfer.payerName === null ? { payerName: recipientName.slice(0, 120) } : {}),
  };
  if (Object.keys(patch).length > 0) await tx.update(TransferSchema, { id: transfer.id }, patch);
}

const noteOf = (decision: { do: string; why?: string }): string => decision.why ?? decision.do;

/** The answer to a question about a payout. Only a completed one proves anything: "not found" may be not found yet. */
export async function applyPayoutStatus(
  deps: TransferDeps,
  tx: Tx,
  transfer: Transfer,
  result: StatusResult,
): Promise<Verdict> {
  const subjectId = transfer.id;
  if (transfer.statusConversationId !== result.conversationId) {
    // Of a question whose process died before it was kept, or that was asked anew: it tells what is known by now.
    const isKnown = transfer.state === 'succeeded' && result.completed && result.receipt === transfer.receipt;
    return isKnown ? { state: 'repeated', subjectId, note: 'known' } : { wait: 'no such inquiry' };
  }
  if (result.reversed) return { state: 'staff', subjectId, note: 'the operator says that it was taken back since' };
  if (!result.completed) return { state: 'repeated', subjectId, note: `proves nothing: ${result.code}` };
  if (result.payer && result.payer !== transfer.payer) {
    return { state: 'staff', subjectId, note: 'paid to another number' };
  }
  const { code, description, receipt, amount, completedAtMs, payerName } = result;
  const decision = await settleTransfer(deps, tx, transfer.id, {
    ...{ rank: 'query', outcome: 'succeeded', code, description },
    ...(receipt ? { receipt } : {}),
    ...(amount ? { amount } : {}),
    ...(completedAtMs ? { completedAtMs } : {}),
  });
  if (decision.do === 'mismatch') return { state: 'staff', subjectId, note: decision.why };
  if (payerName && transfer.payerName === null) {
    await tx.update(TransferSchema, { id: transfer.id }, { payerName: payerName.slice(0, 120) });
  }
  return { state: decision.do === 'nothing' ? 'repeated' : 'applied', subjectId, note: noteOf(decision) };
}

/** The operator gave the request up before it was done, or after: it proves nothing, and is a reason to ask sooner. */
export function applyPayoutTimeout(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async (tx, event) => {
    const transfer = await findPayout(tx, event);
    if (!transfer) return { wait: 'no such payout' };
    const subjectId = transfer.id;
    const said = payoutOperatorOf(deps, event.provider).parsePayoutTimeout(JSON.parse(event.body));
    if (said?.requestId !== undefined && !isOurs(transfer, said.requestId)) {
      return { state: 'staff', subjectId, note: 'about another request' };
    }
    await askSoon(deps, tx, transfer.id);
    return { state: 'repeated', subjectId, note: 'a time-out proves nothing' };
  });
}

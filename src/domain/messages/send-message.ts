import { isMsisdn } from '../../kernel/index.ts';
import type { SmsAnswer } from '../../providers/sms/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import type { MessageDeps } from './deps.ts';
import { type Message, MessageSchema, messageStates } from './message.ts';
import { isOptedOut } from './opt-outs.ts';

/** Thrown to have the outbox try again later; the message is queued, or may have been sent. */
class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/**
 * Hands one message to the provider. A lost answer is tried again, since a receipt must arrive: it may then come
 * twice, which is counted. A definite refusal ends it; of a receipt, "My payments" in the USSD menu then shows what it would
 * have said. A reminder need not arrive: it is never handed over twice, and not after its time.
 */
export async function sendMessage(deps: MessageDeps, { messageId }: { messageId: string }): Promise<void> {
  const message = await beginSending(deps, messageId);
  if (!message) return;
  const sender = deps.senderNames[message.sender];
  const obstacle = await obstacleOf(deps, message);
  if (obstacle !== undefined) {
    await finish(deps, message, { kind: 'rejected', ...obstacle });
    return;
  }
  const text = deps.sealing.open(message.sealedText);
  const answer = await deps.sms.send({ to: message.recipient, text, ...(sender === undefined ? {} : { sender }) });
  await finish(deps, message, answer);
  if (answer.kind === 'later') throw new NotSentError(`not sent: ${answer.code}`);
  if (answer.kind === 'unknown' && mustArrive(message)) throw new NotSentError(`no answer: ${answer.description}`);
}

function beginSending(deps: MessageDeps, id: string): Promise<Message | undefined> {
  return deps.database.transaction(async (tx) => {
    const message = await tx.lockOne(MessageSchema, { id });
    if (!message || (message.state !== 'queued' && message.state !== 'sending')) return undefined;
    messageStates.assert(message.state, 'sending');
    const patch = {
      state: 'sending' as const,
      attempts: message.attempts + 1,
      // Still sending: the process that called the provider died before it kept the answer.
      lostAnswers: message.lostAnswers + (message.state === 'sending' ? 1 : 0),
    };
    await tx.update(MessageSchema, { id }, patch);
    return { ...message, ...patch };
  });
}

/** Receipts, tokens and notices must arrive; reminders must not come twice. */
function mustArrive({ sender }: Message): boolean {
  return sender !== 'reminders';
}

/** Why it is not handed to the provider any more. */
async function obstacleOf(
  deps: MessageDeps,
  message: Message,
): Promise<{ code: string; description: string } | undefined> {
  if (message.expiresAtMs !== null && deps.runtime.clock.now() >= message.expiresAtMs) {
    return { code: 'expired', description: 'its time is over' };
  }
  if (!isMsisdn(message.recipient)) return { code: 'erased', description: 'nobody is there any more' };
  if (mustArrive(message)) return undefined;
  // STOP, or a sender name that is blocked. A receipt is proof of a payment and is tried all the same.
  const { reader } = deps.database;
  const customer = await reader.findOne(CustomerSchema, { where: { msisdn: message.recipient } });
  const hasStopped = customer?.remindersStoppedAtMs != null || (await isOptedOut(deps, reader, message.recipient));
  if (hasStopped) return { code: 'opted-out', description: 'opted out' };
  return message.lostAnswers > 0 ? { code: 'interrupted', description: 'it may have been sent' } : undefined;
}

async function finish(deps: MessageDeps, { id, attempts }: Message, answer: SmsAnswer): Promise<void> {
  const now = deps.runtime.clock.now();
  await deps.database.transaction(async (tx) => {
    const message = await tx.lockOne(MessageSchema, { id });
    if (message?.state !== 'sending') return;
    // The lease ran out during the call and a later call is under way: that one decides, unless this one was taken. (It
    // has counted this answer as lost already.)
    if (message.attempts !== attempts && answer.kind !== 'accepted') return;
    const patch = patchFor(answer, message, now);
    messageStates.assert(message.state, patch.state ?? message.state);
    await tx.update(MessageSchema, { id }, patch);
  });
}

function patchFor(answer: SmsAnswer, message: Message, now: number): Partial<Message> {
  switch (answer.kind) {
    case 'accepted':
      return {
        state: 'sent',
        providerMessageId: answer.messageId.slice(0, 80),
        cost: answer.cost.slice(0, 24),
        sentAtMs: now,
      };
    case 'rejected':
      return { state: 'failed', failure: `${answer.code} ${answer.description}`.slice(0, 80), finishedAtMs: now };
    case 'later':
      return { state: 'queued', failure: `${answer.code} ${answer.description}`.slice(0, 80) };
    case 'unknown':
      if (mustArrive(message)) return { state: 'queued', lostAnswers: message.lostAnswers + 1 };
      return { state: 'failed', failure: 'no answer', lostAnswers: message.lostAnswers + 1, finishedAtMs: now };
  }
}

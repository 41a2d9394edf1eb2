import { countSmsSegments, type Msisdn } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { TextValues } from '../../platform/texts/index.ts';
import type { MessageDeps } from './deps.ts';
import { keepWhole } from './keep-whole.ts';
import { type Message, MessageSchema, type MessageSender } from './message.ts';
import type { MessageKind } from './message-texts.ts';

export const SEND_MESSAGE = 'message.send';

export interface NewMessage {
  /** The fact that is told: `receipt:<payment id>`. A second message under it is not made. */
  factKey: string;
  to: Msisdn;
  /** The text `sms.<kind>`. */
  kind: MessageKind;
  language: string;
  values: TextValues;
  subjectId?: string;
  sender?: MessageSender;
  /** After it the message is not sent any more. */
  expiresAtMs?: number;
  /** Parts of the text that no boundary between SMS parts may cut. */
  keepWhole?: readonly string[];
}

/** Commits a message, and the work of sending it, with the fact that it tells. False when it was told before. */
export async function queueMessage(deps: MessageDeps, tx: Tx, message: NewMessage): Promise<boolean> {
  const row = messageOf(deps, message);
  const isNew = await tx.insertOnce(MessageSchema, row);
  if (isNew) await deps.outbox.emit(tx, workOf(row));
  return isNew;
}

/** The same for many facts that nobody was told of, in few statements. Whoever calls holds a lock by which each comes here once. */
export async function queueMessages(deps: MessageDeps, tx: Tx, messages: readonly NewMessage[]): Promise<void> {
  const rows = messages.map((message) => messageOf(deps, message));
  for (let at = 0; at < rows.length; at += INSERTED_TOGETHER) {
    await tx.manager.insert(MessageSchema, rows.slice(at, at + INSERTED_TOGETHER));
  }
  await deps.outbox.emitAll(tx, rows.map(workOf));
}

const INSERTED_TOGETHER = 500;

const workOf = ({ id }: Message) => ({ topic: SEND_MESSAGE, key: id, payload: { messageId: id } });

function messageOf({ runtime, texts, sealing }: MessageDeps, message: NewMessage): Message {
  const written = texts.format(message.language, `sms.${message.kind}`, message.values);
  const text = keepWhole(written.trim(), message.keepWhole ?? []);
  return {
    ...{ id: runtime.ids.next(), factKey: message.factKey, recipient: message.to, kind: message.kind },
    ...{ subjectId: message.subjectId ?? null, sealedText: sealing.seal(text), sender: message.sender ?? 'receipts' },
    ...{ state: 'queued', segments: countSmsSegments(text).segments, attempts: 0, lostAnswers: 0 },
    ...{ providerMessageId: null, cost: null, failure: null, createdAtMs: runtime.clock.now() },
    ...{ expiresAtMs: message.expiresAtMs ?? null, sentAtMs: null, finishedAtMs: null },
  };
}

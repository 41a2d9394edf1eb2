import { createHash } from 'node:crypto';
import { lockCustomer } from '../../domain/customers/index.ts';
import { countMessages, type MessageDeps, type MessageKind, queueMessage } from '../../domain/messages/index.ts';
import { type Msisdn, parseMsisdn, startOfDay } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent } from '../../platform/inbox/index.ts';
import { answerCommand } from './answer-command.ts';
import { parseCommand, type SmsCommand } from './parse-command.ts';
import type { AnswerDeps, Reply, Writer } from './writer.ts';

export interface IncomingDeps extends AnswerDeps, MessageDeps {
  country: string;
  currency: string;
  timeZone: string;
  defaultLanguage: string;
  /** Our own numbers and short codes, as digits: what comes from them is an echo. */
  ownNumbers: readonly string[];
  /** Answers to one number in a day. */
  repliesPerDay: number;
}

/** Begins the fact of every answer. */
const REPLY = 'reply:';
const HOUR_MS = 3_600_000;
/** A prompt that comes long after the message would surprise. */
const PAY_WITHIN_MS = 10 * 60_000;

/** Work of a kept SMS: does what it asks, once for the provider's id of it, and answers once. */
export async function applyIncoming(deps: IncomingDeps, { eventId }: { eventId: string }): Promise<void> {
  const event = await deps.inbox.find(eventId);
  const incoming = event?.state === 'new' ? deps.sms.parseIncoming(JSON.parse(event.body)) : undefined;
  if (!event || !incoming) return;
  const msisdn = answerable(deps, incoming.from);
  if (!msisdn) return close(deps, eventId, 'from no phone of a person');
  const command = parseCommand(incoming.text, deps.currency, deps.keywords);
  const customer = await deps.domain.findCustomer({ msisdn });
  const own = customer?.language ?? ('language' in command ? command.language : undefined);
  const language = own ?? deps.defaultLanguage;
  // The gateway repeats a message until it is answered, and may write its date anew: its id is what is the same.
  const turnKey = `sms:${createHash('sha256').update(`${msisdn}\n${incoming.id}`).digest('hex')}`;
  const writer: Writer = { msisdn, language, hasPin: customer?.hasPin ?? false, turnKey, isGuessed: own === undefined };
  const reply = isSwitch(command) ? undefined : await answerOf(deps, writer, command, event);
  await deps.database.transaction(async (tx) => {
    const writing = await lockCustomer(deps, tx, msisdn, reply?.language ?? language);
    const said = isSwitch(command) ? await switchReminders(deps, tx, writer, command.kind) : reply;
    const note = said && (await obstacleOf(deps, tx, writer, command, said.kind));
    if (said && note === undefined) {
      await queueMessage(deps, tx, { factKey: `${REPLY}${turnKey}`, to: msisdn, language, ...said });
    }
    await deps.inbox.mark(tx, eventId, 'applied', writing.id, note ?? command.kind);
  });
}

/** Never a short code, a sender's name or a number of our own: two machines would answer each other for ever. */
function answerable({ country, ownNumbers }: IncomingDeps, from: string): Msisdn | undefined {
  const msisdn = parseMsisdn(from, country);
  return msisdn && !ownNumbers.includes(msisdn.slice(1)) ? msisdn : undefined;
}

function answerOf(
  deps: IncomingDeps,
  writer: Writer,
  command: SmsCommand,
  { receivedAtMs }: InboxEvent,
): Promise<Reply> {
  const isLate = deps.runtime.clock.now() - receivedAtMs > PAY_WITHIN_MS;
  if (command.kind === 'pay' && isLate) return Promise.resolve({ kind: 'reply-late', values: {} });
  return answerCommand(deps, writer, command);
}

type Switch = SmsCommand & { kind: 'stop' | 'start' };

function isSwitch(command: SmsCommand): command is Switch {
  return command.kind === 'stop' || command.kind === 'start';
}

/** In the transaction of its answer: who says STOP twice is answered once. */
async function switchReminders(deps: IncomingDeps, tx: Tx, writer: Writer, kind: 'stop' | 'start'): Promise<Reply> {
  const { msisdn, language } = writer;
  const changed = await deps.domain.setReminders(tx, { msisdn, language, wanted: kind === 'start' });
  if (!changed) return undefined;
  const word = deps.keywords.wordFor(kind === 'stop' ? 'start' : 'stop', language);
  return { kind: kind === 'stop' ? 'reply-stopped' : 'reply-started', values: { word } };
}

/** Why there is no answer: too many today, or help that he has just had. */
async function obstacleOf(
  { runtime, timeZone, repliesPerDay }: IncomingDeps,
  tx: Tx,
  { msisdn }: Writer,
  command: SmsCommand,
  kind: MessageKind,
): Promise<string | undefined> {
  const now = runtime.clock.now();
  const answered = await countMessages(tx, { to: msisdn, sinceMs: startOfDay(now, timeZone), factPrefix: REPLY });
  if (answered >= repliesPerDay) return 'no more answers today';
  if (command.kind === 'help' || (kind !== 'reply-help' && kind !== 'reply-how-answer')) return undefined;
  const helped = await countMessages(tx, { to: msisdn, sinceMs: now - HOUR_MS + 1, kind });
  return helped > 0 ? 'had help within the hour' : undefined;
}

function close(deps: IncomingDeps, eventId: string, note: string): Promise<void> {
  return deps.database.transaction((tx) => deps.inbox.mark(tx, eventId, 'applied', undefined, note));
}

import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent, InboxState } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import type { OptOut } from '../../providers/sms/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import type { MessageDeps } from './deps.ts';
import { MessageSchema, messageStates, SmsOptOutSchema } from './message.ts';

const REMATCH_EVERY_MS = 5_000;
const REMATCH_FOR_MS = 10 * 60_000;

/** `{eventId}`: a kept delivery report. Reports come twice, out of order, and before the answer that names the message. */
export async function applyDeliveryReport(deps: MessageDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  const event = await openEvent(deps, eventId);
  const report = event && deps.sms.parseDeliveryReport(JSON.parse(event.body));
  if (!event || !report) return undefined;
  const message = await deps.database.reader.findOne(MessageSchema, { where: { providerMessageId: report.messageId } });
  if (!message) {
    const waitedMs = deps.runtime.clock.now() - event.receivedAtMs;
    await close(deps, eventId, 'unmatched');
    // A report without its message is no one's work: it is kept, and that is all.
    return waitedMs > REMATCH_FOR_MS ? undefined : { again: { inMs: REMATCH_EVERY_MS + waitedMs } };
  }
  await deps.database.transaction(async (tx) => {
    const locked = await tx.lockOne(MessageSchema, { id: message.id });
    const to = report.status === 'delivered' ? 'delivered' : 'failed';
    const moves = report.final && locked !== null && messageStates.allows(locked.state, to);
    if (moves) {
      const failure = to === 'failed' ? (report.failureReason ?? report.status).slice(0, 80) : null;
      await tx.update(
        MessageSchema,
        { id: message.id },
        { state: to, failure, finishedAtMs: deps.runtime.clock.now() },
      );
    }
    await deps.inbox.mark(tx, eventId, moves ? 'applied' : 'repeated', message.id, report.status);
  });
  return undefined;
}

/** `{eventId}`: a kept opt-out notice. */
export async function applyOptOut(
  deps: MessageDeps & { onOptOut(tx: Tx, notice: OptOut): Promise<void> },
  { eventId }: { eventId: string },
): Promise<void> {
  const event = await openEvent(deps, eventId);
  const notice = event && deps.sms.parseOptOut(JSON.parse(event.body));
  if (!notice) return;
  const { ids, clock } = deps.runtime;
  await deps.database.transaction(async (tx) => {
    const row = { id: ids.next(), msisdn: notice.from, senderName: notice.sender.slice(0, 40), atMs: clock.now() };
    const isNew = await tx.insertOnce(SmsOptOutSchema, row);
    await deps.onOptOut(tx, notice);
    const customer = await tx.findOne(CustomerSchema, { msisdn: notice.from });
    await deps.inbox.mark(tx, eventId, isNew ? 'applied' : 'repeated', customer?.id);
  });
}

async function openEvent(deps: MessageDeps, id: string): Promise<InboxEvent | undefined> {
  const event = await deps.inbox.find(id);
  return event && (event.state === 'new' || event.state === 'unmatched') ? event : undefined;
}

function close(deps: MessageDeps, id: string, state: InboxState): Promise<void> {
  return deps.database.transaction((tx) => deps.inbox.mark(tx, id, state));
}

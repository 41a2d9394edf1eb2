import type { Money } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { AccountLinkSchema, lookUpAccount } from '../accounts/index.ts';
import { type Customer, CustomerSchema, LAPSE_AFTER_MS } from '../customers/index.ts';
import { isOptedOut, queueMessage } from '../messages/index.ts';
import { findSettled } from './check-settled.ts';
import type { ReminderDeps } from './deps.ts';
import { type Reminder, ReminderSchema, type ReminderState, reminderStates, type SkipReason } from './reminder.ts';
import { reminderText } from './reminder-text.ts';
import { isAllowed, nextWindow, zonesOf } from './sending-hours.ts';

const LOOKUP_TIMEOUT_MS = 20_000;
/** A biller that does not answer now. */
const AGAIN_AFTER_MS = 15 * 60_000;

/** What is to become of a reminder whose turn has come. */
type Verdict =
  | { kind: 'send'; due: Money; untilMs: number }
  | { kind: 'skip'; reason: SkipReason }
  | { kind: 'later'; atMs: number };

/** Work of `reminder.send`: looks once more whether it shall be sent, and queues its message or says why not. */
export async function sendReminder(deps: ReminderDeps, { reminderId }: { reminderId: string }): Promise<void> {
  const reminder = await deps.database.reader.findOne(ReminderSchema, { where: { id: reminderId } });
  if (reminder?.state !== 'handed') return;
  const verdict = await judge(deps, reminder);
  await deps.database.transaction(async (tx) => {
    const customer = await tx.lockOne(CustomerSchema, { id: reminder.customerId });
    const current = await tx.lockOne(ReminderSchema, { id: reminderId });
    if (current?.state !== 'handed') return;
    await carryOut(deps, tx, current, customer, verdict);
  });
}

async function judge(deps: ReminderDeps, reminder: Reminder): Promise<Verdict> {
  const { reminderSettings, runtime, database } = deps;
  const now = runtime.clock.now();
  if (now > reminder.lastAtMs) return { kind: 'skip', reason: 'too-late' };
  const zones = zonesOf(reminder.recipient, reminderSettings);
  const window = nextWindow(now, zones, reminderSettings.hours);
  if (!window) return { kind: 'skip', reason: 'too-late' };
  if (!isAllowed(now, zones, reminderSettings.hours)) return { kind: 'later', atMs: window.opensAtMs };
  const { billerId, account, plannedAtMs } = reminder;
  const settled = await findSettled(database, billerId, [reminder], plannedAtMs);
  const how = settled.get(account);
  if (how) return { kind: 'skip', reason: how };
  const lookup = await lookUpAccount(deps, { billerId, account, timeoutMs: LOOKUP_TIMEOUT_MS });
  switch (lookup.kind) {
    case 'found':
      if (lookup.due.amountMinor <= 0n) return { kind: 'skip', reason: 'nothing-due' };
      return { kind: 'send', due: lookup.due, untilMs: window.closesAtMs };
    case 'slow':
    case 'unavailable':
      return { kind: 'later', atMs: now + AGAIN_AFTER_MS };
    default:
      return { kind: 'skip', reason: 'closed' };
  }
}

async function carryOut(
  deps: ReminderDeps,
  tx: Tx,
  reminder: Reminder,
  customer: Customer | null,
  verdict: Verdict,
): Promise<void> {
  // Behind his lock: a STOP that was committed before is obeyed.
  const reason = verdict.kind === 'skip' ? verdict.reason : await refusalOf(deps, tx, reminder, customer);
  if (reason !== undefined || !customer) return move(deps, tx, reminder, 'skipped', { reason: reason ?? 'unlinked' });
  if (verdict.kind === 'later') return move(deps, tx, reminder, 'planned', { dueAtMs: verdict.atMs });
  if (verdict.kind !== 'send') return;
  await queueMessage(deps, tx, {
    factKey: `reminder:${reminder.id}`,
    to: reminder.recipient,
    language: customer.language,
    subjectId: reminder.id,
    sender: 'reminders',
    expiresAtMs: Math.min(verdict.untilMs, reminder.lastAtMs),
    ...reminderText(deps, { ...reminder, language: customer.language }, verdict.due),
  });
  await move(deps, tx, reminder, 'sent', { amountMinor: verdict.due.amountMinor });
}

/** What has changed with him since it was planned. */
async function refusalOf(
  deps: ReminderDeps,
  tx: Tx,
  { billerId, account, recipient }: Reminder,
  customer: Customer | null,
): Promise<SkipReason | undefined> {
  if (!customer || customer.msisdn !== recipient) return 'unlinked';
  if (customer.remindersStoppedAtMs !== null || (await isOptedOut(deps, tx.manager, recipient))) return 'opted-out';
  const link = await tx.findOne(AccountLinkSchema, { customerId: customer.id, billerId, account });
  const isLapsed = deps.runtime.clock.now() - customer.lastSeenAtMs > LAPSE_AFTER_MS;
  return link && link.linkedAtMs >= customer.ownerSinceMs && !isLapsed ? undefined : 'unlinked';
}

async function move(
  { runtime }: ReminderDeps,
  tx: Tx,
  { id, state }: Reminder,
  to: ReminderState,
  patch: Partial<Reminder>,
): Promise<void> {
  reminderStates.assert(state, to);
  const decidedAtMs = to === 'planned' ? null : runtime.clock.now();
  await tx.update(ReminderSchema, { id }, { ...patch, state: to, decidedAtMs });
}

import type { Msisdn, Runtime } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { CustomerSchema, lockCustomer } from '../customers/index.ts';
import { clearOptOut, isOptedOut, type MessageDeps } from '../messages/index.ts';
import { type ReminderConsent, ReminderConsentSchema } from './reminder.ts';

export type ConsentDeps = { runtime: Runtime; database: Database } & Pick<MessageDeps, 'senderNames' | 'sealing'>;

interface Wish {
  msisdn: Msisdn;
  /** For a number that we do not know yet. */
  language: string;
  wanted: boolean;
  source: ReminderConsent['source'];
}

/** STOP and START, however they are said. False when nothing changed by it. Receipts and tokens go on either way. */
export function setReminders(deps: ConsentDeps, wish: Wish): Promise<boolean> {
  return deps.database.transaction((tx) => setRemindersIn(deps, tx, wish));
}

export async function setRemindersIn(deps: ConsentDeps, tx: Tx, wish: Wish): Promise<boolean> {
  const { msisdn, wanted, source } = wish;
  const customer = await lockCustomer(deps, tx, msisdn, wish.language);
  const hadStopped = customer.remindersStoppedAtMs !== null;
  const now = deps.runtime.clock.now();
  // What the network told of the sender name is undone too; whether the network itself lets it through is its affair.
  const wasBlocked = wanted && (await clearOptOut(deps, tx, msisdn));
  if (wanted !== hadStopped && !wasBlocked) return false;
  await tx.update(CustomerSchema, { id: customer.id }, { remindersStoppedAtMs: wanted ? null : now });
  const row = { id: deps.runtime.ids.next(), msisdn, wish: wanted ? 'on' : 'off', source, atMs: now } as const;
  await tx.insert(ReminderConsentSchema, row);
  return true;
}

/** Whether this number takes reminders; who said nothing does. */
export async function wantsReminders(deps: ConsentDeps, { msisdn }: { msisdn: Msisdn }): Promise<boolean> {
  const customer = await deps.database.reader.findOne(CustomerSchema, { where: { msisdn } });
  return customer?.remindersStoppedAtMs == null && !(await isOptedOut(deps, deps.database.reader, msisdn));
}

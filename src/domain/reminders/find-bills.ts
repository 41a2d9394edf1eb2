import { addDays, dayWindow, type Money, type Msisdn } from '../../kernel/index.ts';
import type { DueBill } from '../../providers/billers/index.ts';
import { LAPSE_AFTER_MS } from '../customers/index.ts';
import { findSettled } from './check-settled.ts';
import type { ReminderDeps } from './deps.ts';

/** A bill, and one of the numbers that have linked its account and take reminders. */
export interface Target {
  bill: string;
  account: string;
  due: Money;
  dueDay: string;
  paidSinceMs: number;
  customerId: string;
  msisdn: Msisdn;
  language: string;
}

/** A bill that does not say when it was issued: what was paid elsewhere in the month before its due date was for it. */
const MONTH_DAYS = 30;

/** Whom to remind of these bills of one stage: reachable, willing, not reminded yet, and the bill not paid as far as we know. */
export async function findTargets(
  deps: ReminderDeps,
  billerId: string,
  stage: number,
  bills: readonly DueBill[],
): Promise<Target[]> {
  if (bills.length === 0) return [];
  const now = deps.runtime.clock.now();
  const dated = bills.map((bill) => ({ ...bill, paidSinceMs: paidSince(bill, deps.reminderSettings.timeZone) }));
  const settled = await findSettled(deps.database, billerId, dated, now);
  const open = dated.filter(({ account }) => !settled.has(account));
  const links = await readLinks(deps, billerId, open);
  const reminded = await readReminded(deps, billerId, stage, open);
  return open.flatMap(({ bill, account, due, dueDay, paidSinceMs }) =>
    (links.get(account) ?? [])
      .filter(({ customerId }) => !reminded.has(`${bill} ${customerId}`))
      .map((link) => ({ bill, account, due, dueDay, paidSinceMs, ...link })),
  );
}

function paidSince({ issuedDay, dueDay }: DueBill, timeZone: string): number {
  return dayWindow(issuedDay ?? addDays(dueDay, -MONTH_DAYS), timeZone).fromMs;
}

type Linked = Pick<Target, 'customerId' | 'msisdn' | 'language'>;

/** As `find` it would be two queries and objects of every column. */
async function readLinks(
  { database, runtime, senderNames }: ReminderDeps,
  billerId: string,
  bills: readonly { account: string }[],
): Promise<Map<string, Linked[]>> {
  const byAccount = new Map<string, Linked[]>();
  if (bills.length === 0) return byAccount;
  const accounts = [...new Set(bills.map(({ account }) => account))];
  const sql = `
    SELECT l.account AS account, c.id AS customerId, c.msisdn AS msisdn, c.language AS language
    FROM account_link l JOIN customer c ON c.id = l.customer_id
    WHERE l.biller_id = ? AND l.account IN (${accounts.map(() => '?').join(', ')})
      AND l.linked_at >= c.owner_since AND c.last_seen_at > ? AND c.reminders_stopped_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM sms_opt_out o WHERE o.msisdn = c.msisdn AND o.sender_name = ?)
    ORDER BY l.id`;
  const seenSinceMs = runtime.clock.now() - LAPSE_AFTER_MS;
  const values = [billerId, ...accounts, seenSinceMs, senderNames.reminders ?? ''];
  const rows: (Linked & { account: string })[] = await database.reader.query(sql, values);
  for (const { account, ...linked } of rows) {
    const list = byAccount.get(account);
    if (list) list.push(linked);
    else byAccount.set(account, [linked]);
  }
  return byAccount;
}

async function readReminded(
  { database }: ReminderDeps,
  billerId: string,
  stage: number,
  bills: readonly { bill: string }[],
): Promise<Set<string>> {
  if (bills.length === 0) return new Set();
  const names = bills.map(({ bill }) => bill);
  const sql = `
    SELECT bill, customer_id AS customerId FROM bill_reminder
    WHERE biller_id = ? AND stage = ? AND bill IN (${names.map(() => '?').join(', ')})`;
  const rows: { bill: string; customerId: string }[] = await database.reader.query(sql, [billerId, stage, ...names]);
  return new Set(rows.map(({ bill, customerId }) => `${bill} ${customerId}`));
}

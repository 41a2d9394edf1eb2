import { formatDecimal } from '../../kernel/index.ts';
import { jsonReply, nairobiDay, problemReply, type SimulatorReply } from '../basis/index.ts';
import { type BillerAccount, openingAccount } from './biller-accounts.ts';
import type { BillerDeps } from './biller-deps.ts';

const DAY_MS = 86_400_000;
const PAGE_BILLS = 500;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Due dates that a program has set, by account. */
export type DueDates = ReadonlyMap<string, string>;

/** When an account's bill is due: as a program says, else so many days from today. */
export function dueDateOf(deps: BillerDeps, dueDates: DueDates, account: BillerAccount): string | undefined {
  const set = dueDates.get(account.account);
  if (set !== undefined || account.dueInDays === undefined) return set;
  return nairobiDay(deps.runtime.clock.now() + account.dueInDays * DAY_MS);
}

/** Unpaid bills: of the demo's customers, and of the accounts whose due date a program has set. */
export function listBills(
  deps: BillerDeps,
  dueDates: DueDates,
  dueMinorOf: (account: BillerAccount) => bigint,
  query: URLSearchParams,
): SimulatorReply {
  const { profile, currency } = deps;
  if (profile.kind === 'prepaid') return problemReply(501, 'A meter has no bills', { reason: 'not-offered' });
  const [from, to] = [query.get('dueFrom') ?? '', query.get('dueTo') ?? ''];
  const start = Number(/^\d{1,9}$/.exec(query.get('cursor') ?? '0')?.[0] ?? Number.NaN);
  if (!DAY.test(from) || !DAY.test(to) || Number.isNaN(start)) return problemReply(400, 'Not days or not a cursor');
  const due = [...new Set([...Object.keys(profile.listed), ...dueDates.keys()])].sort().flatMap((number) => {
    const account = openingAccount(profile, number);
    const dueDate = account && dueDateOf(deps, dueDates, account);
    if (!account || account.status === 'closed' || dueDate === undefined || dueDate < from || dueDate > to) return [];
    const amountMinor = dueMinorOf(account);
    if (amountMinor <= 0n) return [];
    const bill = `${profile.prefix}-${number}-${dueDate}`;
    return [{ bill, account: number, due: formatDecimal({ amountMinor, currency }), currency, dueDate }];
  });
  const end = start + PAGE_BILLS;
  return jsonReply(200, { bills: due.slice(start, end), next: end < due.length ? String(end) : null });
}

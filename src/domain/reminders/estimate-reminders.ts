import { businessDay, countSmsSegments, type Money, type Msisdn, maskMsisdn } from '../../kernel/index.ts';
import { connectorOf } from '../accounts/index.ts';
import { keepWhole } from '../messages/index.ts';
import type { ReminderDeps } from './deps.ts';
import { findTargets, type Target } from './find-bills.ts';
import { billersWithBills, dueDayOf, MOST_PAGES, type PlanInput, windowFinder } from './plan-reminders.ts';
import { reminderText } from './reminder-text.ts';

/** What a day's reminders would be, without planning or sending one. */
export interface Estimate {
  day: string;
  bills: number;
  messages: number;
  /** Parts of messages, which is what is paid for. */
  segments: number;
  cost: Money;
  byLanguage: Map<string, number>;
  byStage: Map<number, number>;
  /** Masked; the first so many of them. */
  recipients: string[];
  /** How long the pace makes it, milliseconds. */
  lastsMs: number;
  notOffered: string[];
  unread: { billerId: string; why: string }[];
}

export async function estimateReminders(
  deps: ReminderDeps,
  { day, signal, onProgress, show }: PlanInput & { show: number },
): Promise<Estimate> {
  const { stages, timeZone, segmentPrice, perSecond } = deps.reminderSettings;
  const estimate: Estimate = {
    day: day ?? businessDay(deps.runtime.clock.now(), timeZone),
    ...{ bills: 0, messages: 0, segments: 0, cost: { ...segmentPrice, amountMinor: 0n } },
    ...{ byLanguage: new Map(), byStage: new Map(), recipients: [], lastsMs: 0, notOffered: [], unread: [] },
  };
  const windowOf = windowFinder(deps);
  for (const { id: billerId } of billersWithBills(deps)) {
    for (const stage of stages) {
      let cursor: string | null = null;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        signal?.throwIfAborted();
        const dueDay = dueDayOf(estimate.day, stage);
        const page = await connectorOf(deps, billerId).dueBills({ fromDay: dueDay, toDay: dueDay, cursor });
        if (page.kind === 'not-offered') estimate.notOffered.push(billerId);
        if (page.kind === 'unknown') estimate.unread.push({ billerId, why: page.description });
        if (page.kind !== 'page') break;
        const targets = await findTargets(deps, billerId, stage, page.bills);
        for (const target of targets) if (windowOf(target)) count(deps, estimate, billerId, stage, target, show);
        estimate.bills += page.bills.length;
        onProgress?.({ billerId, stage, bills: estimate.bills, planned: estimate.messages });
        cursor = page.next;
        if (cursor === null) break;
      }
      if (estimate.notOffered.includes(billerId) || estimate.unread.some((one) => one.billerId === billerId)) break;
    }
  }
  estimate.cost = { ...segmentPrice, amountMinor: segmentPrice.amountMinor * BigInt(estimate.segments) };
  estimate.lastsMs = Math.ceil((estimate.messages * 1_000) / perSecond);
  return estimate;
}

function count(
  deps: ReminderDeps,
  estimate: Estimate,
  billerId: string,
  stage: number,
  { account, due, dueDay, language, msisdn }: Target,
  show: number,
): void {
  const { kind, values, keepWhole: pieces } = reminderText(deps, { billerId, account, dueDay, language }, due);
  const text = keepWhole(deps.texts.format(language, `sms.${kind}`, values).trim(), pieces ?? []);
  estimate.messages += 1;
  estimate.segments += countSmsSegments(text).segments;
  add(estimate.byLanguage, language);
  add(estimate.byStage, stage);
  if (estimate.recipients.length < show) estimate.recipients.push(maskMsisdn(msisdn as Msisdn));
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

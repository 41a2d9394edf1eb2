import { MoreThanOrEqual } from 'typeorm';
import { type Money, type Msisdn, startOfDay } from '../../kernel/index.ts';
import type { PaymentDeps, RuleAction } from './deps.ts';
import {
  accountsOf,
  dailyLimit,
  type Past,
  promptedByOthers,
  recentOf,
  TEN_MINUTES_MS,
  usedMinor,
} from './history-rules.ts';
import { PaymentSchema } from './payment.ts';

/** How far a rule's counter is; it acts on what comes after `most`. */
export interface Counter {
  used: number;
  most: number;
  action: RuleAction;
}

/** What a number has used of its limits now, as the next confirmation would count it. */
export interface UsedLimits {
  /** In one payment, by the operator; a biller may allow less. */
  onePayment: Money;
  /** Of today, as payer: what is paid or on its way. */
  today: { used: Money; most: Money };
  /** Different accounts today, and payments within ten minutes: as payer or as dialler, whichever is more. */
  accounts: Counter;
  inTenMinutes: Counter;
  /** Requests today that other numbers caused; `most` for each that he has not paid for before. */
  byOthers: Counter;
}

const MOST_HISTORY = 500;

/** Reads by the indexes of payer and dialler what the rules look at; changes nothing. */
export async function usedLimits(
  { database, runtime, paymentSettings: settings }: Pick<PaymentDeps, 'database' | 'runtime' | 'paymentSettings'>,
  { msisdn }: { msisdn: Msisdn },
): Promise<UsedLimits> {
  const nowMs = runtime.clock.now();
  const dayStartMs = startOfDay(nowMs, settings.timeZone);
  const since = { createdAtMs: MoreThanOrEqual(Math.min(dayStartMs, nowMs - TEN_MINUTES_MS)) };
  const newest = { order: { createdAtMs: 'DESC' as const }, take: MOST_HISTORY };
  const [ofPayer, ofDialler]: Past[][] = await Promise.all([
    database.reader.find(PaymentSchema, { where: { payer: msisdn, ...since }, ...newest }),
    database.reader.find(PaymentSchema, { where: { dialler: msisdn, ...since }, ...newest }),
  ]);
  const lists = [ofPayer ?? [], ofDialler ?? []];
  const most = dailyLimit(settings);
  return {
    onePayment: settings.operatorMax,
    today: { used: { amountMinor: usedMinor(ofPayer ?? [], dayStartMs), currency: most.currency }, most },
    accounts: {
      used: Math.max(...lists.map((pasts) => accountsOf(pasts, dayStartMs).size)),
      ...{ most: settings.accountsPerDay, action: settings.accountsAction },
    },
    inTenMinutes: {
      used: Math.max(...lists.map((pasts) => recentOf(pasts, nowMs).length)),
      ...{ most: settings.paymentsPer10Minutes, action: settings.paymentsAction },
    },
    byOthers: {
      used: promptedByOthers(ofPayer ?? [], dayStartMs).length,
      ...{ most: settings.thirdPartyPromptsPerDay, action: 'refuse' },
    },
  };
}

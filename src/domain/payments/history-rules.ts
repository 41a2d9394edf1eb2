import type { Money, Msisdn } from '../../kernel/index.ts';
import type { PaymentSettings, RuleAction } from './deps.ts';
import type { Payment } from './payment.ts';

/** What the rules look at: payments of one number since the day began, or as far back as a rule looks if that is longer. */
export type Past = Pick<
  Payment,
  'id' | 'state' | 'channel' | 'billerId' | 'account' | 'amountMinor' | 'dialler' | 'payer' | 'createdAtMs'
>;

export interface Intent {
  billerId: string;
  account: string;
  amount: Money;
  /** Null on the web: whoever fills in a page is not known. */
  dialler: Msisdn | null;
  payer: Msisdn;
}

export interface History {
  ofPayer: readonly Past[];
  ofDialler: readonly Past[];
  /** Whether the payer has ever paid for this dialler; on the web, whether he ever paid there. */
  hasPaidForDialler: boolean;
  payerBlocksPrompts: boolean;
}

/** Pure. `code` is a refusal's code, or the reason of a hold. */
export type Judgement =
  | { verdict: 'go' }
  | { verdict: 'refuse'; code: string; details: Record<string, unknown> }
  | { verdict: 'hold'; code: string }
  /** The same payer and amount a moment ago: no second prompt. */
  | { verdict: 'recent-same'; firstId: string; retryAtMs: number };

export interface JudgeInput {
  intent: Intent;
  history: History;
  settings: PaymentSettings;
  nowMs: number;
  dayStartMs: number;
}

export const TEN_MINUTES_MS = 600_000;

/** Whether he may be asked at all, then limits, since they say what can be done now; then the rules for suspicious use, per payer and per dialler. */
export function judge(input: JudgeInput): Judgement {
  return (
    checkThirdParty(input) ??
    findRecentSame(input) ??
    checkDailyLimits(input) ??
    checkSuspicion(input) ?? { verdict: 'go' }
  );
}

function findRecentSame({ intent, history, settings, nowMs }: JudgeInput): Judgement | undefined {
  const since = nowMs - settings.repeatWindowMs;
  const first = history.ofPayer.find(
    (past) => past.channel !== 'paybill' && past.amountMinor === intent.amount.amountMinor && past.createdAtMs > since,
  );
  if (!first) return undefined;
  // Screens show minutes: rounded up, so that it is free when the shown minute begins.
  const retryAtMs = Math.ceil((first.createdAtMs + settings.repeatWindowMs) / 60_000) * 60_000;
  // A stranger does not learn what the number he named is paying for.
  const isHisOwn = intent.payer === intent.dialler || (intent.dialler !== null && intent.dialler === first.dialler);
  if (!isHisOwn) {
    return { verdict: 'refuse', code: 'payer.busy', details: { retryAt: new Date(retryAtMs) } };
  }
  return { verdict: 'recent-same', firstId: first.id, retryAtMs };
}

/** Somebody else's handset is asked: he can block that, and is not pestered by a stranger. */
function checkThirdParty({ intent, history, settings, dayStartMs }: JudgeInput): Judgement | undefined {
  if (intent.payer === intent.dialler) return undefined;
  if (history.payerBlocksPrompts) return { verdict: 'refuse', code: 'payer.blocked', details: {} };
  if (history.hasPaidForDialler) return undefined;
  const prompts = promptedByOthers(history.ofPayer, dayStartMs);
  const most = settings.thirdPartyPromptsPerDay;
  return prompts.length < most ? undefined : { verdict: 'refuse', code: 'payer.too-many-prompts', details: { most } };
}

/** Requests of a day for which somebody else had the payer asked. */
export function promptedByOthers(ofPayer: readonly Past[], dayStartMs: number): Past[] {
  return ofPayer.filter(
    ({ channel, dialler, payer, createdAtMs, state }) =>
      channel !== 'paybill' && dialler !== payer && createdAtMs >= dayStartMs && state !== 'held',
  );
}

function checkDailyLimits({ intent, history, settings, dayStartMs }: JudgeInput): Judgement | undefined {
  const beforeMinor = usedMinor(history.ofPayer, dayStartMs);
  const limitMinor = dailyLimit(settings).amountMinor;
  if (beforeMinor + intent.amount.amountMinor <= limitMinor) return undefined;
  const leftMinor = limitMinor > beforeMinor ? limitMinor - beforeMinor : 0n;
  const left = { amountMinor: leftMinor, currency: intent.amount.currency };
  return { verdict: 'refuse', code: 'payment.limit-exceeded', details: { left } };
}

/** What a payer has paid on a day, or may pay yet. */
export function usedMinor(ofPayer: readonly Past[], dayStartMs: number): bigint {
  return ofPayer
    .filter((past) => past.createdAtMs >= dayStartMs && past.state !== 'failed' && past.state !== 'expired')
    .reduce((sum, past) => sum + past.amountMinor, 0n);
}

/** The operator's and ours: whichever is less. */
export function dailyLimit({
  operatorDaily,
  customerDaily,
}: Pick<PaymentSettings, 'operatorDaily' | 'customerDaily'>): Money {
  return operatorDaily.amountMinor < customerDaily.amountMinor ? operatorDaily : customerDaily;
}

export function accountsOf(pasts: readonly Past[], dayStartMs: number): Set<string> {
  const ofDay = pasts.filter(({ createdAtMs }) => createdAtMs >= dayStartMs);
  return new Set(ofDay.map(({ billerId, account }) => `${billerId} ${account}`));
}

export function recentOf(pasts: readonly Past[], nowMs: number): Past[] {
  return pasts.filter(({ createdAtMs }) => createdAtMs > nowMs - TEN_MINUTES_MS);
}

function checkSuspicion(input: JudgeInput): Judgement | undefined {
  const { intent, history, settings, nowMs, dayStartMs } = input;
  for (const pasts of [history.ofPayer, history.ofDialler]) {
    const accounts = accountsOf(pasts, dayStartMs).add(`${intent.billerId} ${intent.account}`);
    if (accounts.size > settings.accountsPerDay) return act(settings.accountsAction, 'too-many-accounts');
    if (recentOf(pasts, nowMs).length >= settings.paymentsPer10Minutes) return act(settings.paymentsAction, 'too-fast');
  }
  return undefined;
}

function act(action: RuleAction, name: string): Judgement {
  return action === 'hold'
    ? { verdict: 'hold', code: `reasons.${name}` }
    : { verdict: 'refuse', code: `payment.${name}`, details: {} };
}

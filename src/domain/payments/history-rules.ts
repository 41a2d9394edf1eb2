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

const TEN_MINUTES_MS = 600_000;

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
  const prompts = history.ofPayer.filter(
    (past) =>
      past.channel !== 'paybill' &&
      past.dialler !== past.payer &&
      past.createdAtMs >= dayStartMs &&
      past.state !== 'held',
  );
  const most = settings.thirdPartyPromptsPerDay;
  return prompts.length < most ? undefined : { verdict: 'refuse', code: 'payer.too-many-prompts', details: { most } };
}

function checkDailyLimits({ intent, history, settings, dayStartMs }: JudgeInput): Judgement | undefined {
  const usedMinor = history.ofPayer
    .filter((past) => past.createdAtMs >= dayStartMs && past.state !== 'failed' && past.state !== 'expired')
    .reduce((sum, past) => sum + past.amountMinor, 0n);
  const { operatorDaily, customerDaily } = settings;
  const limitMinor = least(operatorDaily.amountMinor, customerDaily.amountMinor);
  if (usedMinor + intent.amount.amountMinor <= limitMinor) return undefined;
  const leftMinor = limitMinor > usedMinor ? limitMinor - usedMinor : 0n;
  const left = { amountMinor: leftMinor, currency: intent.amount.currency };
  return { verdict: 'refuse', code: 'payment.limit-exceeded', details: { left } };
}

function least(one: bigint, other: bigint): bigint {
  if (one < other) return one;
  return other;
}

function checkSuspicion(input: JudgeInput): Judgement | undefined {
  const { intent, history, settings, nowMs, dayStartMs } = input;
  for (const pasts of [history.ofPayer, history.ofDialler]) {
    const accounts = new Set([`${intent.billerId} ${intent.account}`]);
    for (const past of pasts) if (past.createdAtMs >= dayStartMs) accounts.add(`${past.billerId} ${past.account}`);
    if (accounts.size > settings.accountsPerDay) return act(settings.accountsAction, 'too-many-accounts');
    const recent = pasts.filter((past) => past.createdAtMs > nowMs - TEN_MINUTES_MS);
    if (recent.length >= settings.paymentsPer10Minutes) return act(settings.paymentsAction, 'too-fast');
  }
  return undefined;
}

function act(action: RuleAction, name: string): Judgement {
  return action === 'hold'
    ? { verdict: 'hold', code: `reasons.${name}` }
    : { verdict: 'refuse', code: `payment.${name}`, details: {} };
}

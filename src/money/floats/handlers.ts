import { inboxTopic } from '../../platform/inbox/index.ts';
import type { Handler } from '../../platform/outbox/index.ts';
import type { TransferDeps } from '../transfers/index.ts';
import { applyBalance, applyBalanceTimeout } from './apply-balance.ts';
import { ASK_BALANCE, askBalance } from './ask-balance.ts';

/** Kinds of an operator's messages in the inbox. */
export const floatInboxKind = { balanceResult: 'balance', balanceTimeout: 'balance-timeout' } as const;

const PATIENT = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;

/** The work of this folder by topic. */
export function floatHandlers(deps: TransferDeps): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const add = <P>(topic: string, work: (deps: TransferDeps, payload: P) => ReturnType<Handler['handle']>) => {
    handlers.set(topic, { ...PATIENT, handle: (payload) => work(deps, payload as P) });
  };
  add(ASK_BALANCE, askBalance);
  for (const operator of deps.payoutOperators.keys()) {
    add(inboxTopic(operator, floatInboxKind.balanceResult), applyBalance);
    add(inboxTopic(operator, floatInboxKind.balanceTimeout), applyBalanceTimeout);
  }
  return handlers;
}

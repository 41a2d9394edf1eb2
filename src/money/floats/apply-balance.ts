import type { Tx } from '../../platform/database/index.ts';
import type { InboxEvent } from '../../platform/inbox/index.ts';
import type { Outcome } from '../../platform/outbox/index.ts';
import { applyEvent, type TransferDeps, type Verdict } from '../transfers/index.ts';
import { type OperatorBalance, OperatorBalanceSchema, operatorOfKey } from './operator-balance.ts';

/** `{eventId}`: a kept answer to a question what an account holds. */
export function applyBalance(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, (tx, event) => apply(deps, tx, event));
}

async function apply(deps: TransferDeps, tx: Tx, event: InboxEvent): Promise<Verdict> {
  const result = deps.payoutOperators.get(event.provider)?.parseBalanceResult(JSON.parse(event.body));
  if (!result) return { state: 'staff', note: 'unreadable' };
  const row = await findAsked(tx, event);
  if (!row) return STALE;
  if (row.conversationId === null) return { wait: 'not acknowledged yet' };
  if (row.conversationId !== result.conversationId) return { state: 'staff', note: 'token and conversation disagree' };
  if (row.toldAtMs !== null && row.toldAtMs >= row.askedAtMs) return { state: 'repeated', note: 'answered before' };
  const { accounts, code, asOfMs } = result;
  if (!accounts) return { state: 'repeated', note: `the operator does not tell: ${code}` };
  const { utilityMinor, workingMinor = null, chargesMinor = null } = accounts;
  const now = deps.runtime.clock.now();
  await tx.update(
    OperatorBalanceSchema,
    { operator: row.operator },
    { utilityMinor, workingMinor, chargesMinor, toldAtMs: now, asOfMs: asOfMs ?? now },
  );
  return { state: 'applied', note: 'told' };
}

/** It moves no money: nobody needs to look at an answer to a question that was asked anew since, or never. */
const STALE: Verdict = { state: 'repeated', note: 'no such question' };

async function findAsked(tx: Tx, { token, provider }: InboxEvent): Promise<OperatorBalance | undefined> {
  const row = token === null ? null : await tx.lockOne(OperatorBalanceSchema, { callbackToken: token });
  return row && operatorOfKey(row.operator) === provider ? row : undefined;
}

/** A question that ran out of time is not answered; it may be asked anew. */
export function applyBalanceTimeout(deps: TransferDeps, { eventId }: { eventId: string }): Promise<Outcome> {
  return applyEvent(deps, eventId, async () => ({ state: 'repeated', note: 'a time-out tells nothing' }));
}

import { newToken, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { accountOfPayout, type OwnAccount, type TransferDeps } from '../transfers/index.ts';
import { balanceKeyOf, type OperatorBalance, OperatorBalanceSchema, operatorOfKey } from './operator-balance.ts';

/** Work of this folder. */
export const ASK_BALANCE = 'float.ask-balance';

/** So long an answer is waited for before the question is asked anew. */
const ANSWERED_WITHIN_MS = 60_000;

/**
 * Commits, with the caller's fact, the question what the account that pays holds: ours, or somebody's own. False while an earlier one waits
 * for its answer. Refuses (`payout.not-set-up`) when there is no such account.
 */
export async function requestBalance(
  deps: TransferDeps,
  tx: Tx,
  payerName: string,
  ownAccount?: OwnAccount,
): Promise<boolean> {
  const payer = deps.payoutOperators.get(payerName);
  if (!payer || (payer.shortCode === undefined && !ownAccount)) {
    throw new Refusal('payout.not-set-up', { operator: payerName });
  }
  const operator = balanceKeyOf(payerName, ownAccount?.shortCode);
  const { clock, chance } = deps.runtime;
  const askedAtMs = clock.now();
  const question = { callbackToken: newToken(chance), conversationId: null, askedAtMs };
  const blank = { toldAtMs: null, asOfMs: null, utilityMinor: null, workingMinor: null, chargesMinor: null };
  const isFirst = await tx.insertOnce(OperatorBalanceSchema, {
    ...{ operator, currency: payer.currency, ...question, ...blank },
  });
  if (!isFirst) {
    const row = await tx.lockOne(OperatorBalanceSchema, { operator });
    if (row && isWaiting(row) && askedAtMs - row.askedAtMs < ANSWERED_WITHIN_MS) return false;
    await tx.update(OperatorBalanceSchema, { operator }, question);
  }
  await deps.outbox.emit(tx, {
    topic: ASK_BALANCE,
    key: `${operator}:${askedAtMs}`,
    payload: { operator, askedAtMs, ...(ownAccount ? { ownAccount } : {}) },
  });
  return true;
}

function isWaiting({ askedAtMs, toldAtMs }: OperatorBalance): boolean {
  return toldAtMs === null || toldAtMs < askedAtMs;
}

/** Asks the operator. A question whose acknowledgement is lost is not answered: whoever wants to know asks anew. */
export async function askBalance(
  deps: TransferDeps,
  { operator, askedAtMs, ownAccount }: { operator: string; askedAtMs: number; ownAccount?: OwnAccount },
): Promise<void> {
  const row = await deps.database.reader.findOne(OperatorBalanceSchema, { where: { operator } });
  if (row?.askedAtMs !== askedAtMs || row.conversationId !== null) return;
  const from = await accountOfPayout(deps, {
    ownAccountId: ownAccount?.id ?? null,
    ownShortCode: ownAccount?.shortCode ?? null,
  });
  if (from.kind === 'gone') return;
  const payer = deps.payoutOperators.get(operatorOfKey(operator));
  const asked = await payer?.askBalance(row.callbackToken, from.kind === 'own' ? from.account : undefined);
  if (asked?.kind !== 'accepted') {
    deps.log.warn({ operator, code: asked?.code }, 'the balance could not be asked for');
    return;
  }
  const { callbackToken } = row;
  const conversationId = asked.conversationId.slice(0, 100);
  await deps.database.transaction((tx) =>
    tx.update(OperatorBalanceSchema, { operator, callbackToken }, { conversationId }),
  );
}

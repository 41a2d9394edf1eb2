import type { Money, Msisdn } from '../../src/kernel/index.ts';
import { ledgerAccount, postEntry } from '../../src/money/ledger/index.ts';
import { amountOf, type PayoutOrder, requestPayout, type Transfer } from '../../src/money/transfers/index.ts';
import { payoutResult, statusResult } from './daraja-bodies.ts';
import { type Domain, newMsisdn, newReceipt } from './domain-deps.ts';
import { kes, payoutIdsOf } from './fake-providers.ts';

/** Whoever pays, in the ledger: stands for an organisation with money at the operator. */
export const PAYER_ACCOUNT = 'payer-of-the-story';

/** Money for the payouts of a story: in the float, and set aside. */
export async function reserve({ deps }: Domain, amount: Money): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const [kind, subjectId] = ['opening', deps.runtime.ids.next()];
    const float = ledgerAccount.float('mpesa');
    const movements = [
      { debit: float, credit: PAYER_ACCOUNT, amount },
      { debit: PAYER_ACCOUNT, credit: ledgerAccount.reserved('mpesa'), amount },
    ];
    await postEntry(deps, tx, { kind, subjectId, movements });
  });
}

export function order({ deps }: Domain, change: Partial<PayoutOrder> = {}): PayoutOrder {
  return {
    ...{ operator: 'mpesa', purposeId: deps.runtime.ids.next(), amount: kes(500), recipient: newMsisdn() },
    ...{ kind: 'salary', turn: 'later', remarks: 'Pay of November' },
    ...change,
  };
}

export function ask({ deps }: Domain, asked: PayoutOrder): Promise<Transfer | undefined> {
  return deps.database.transaction((tx) => requestPayout(deps, tx, asked));
}

/** A payout that was asked for and sent, with its money reserved. */
export async function payout(domain: Domain, change: Partial<PayoutOrder> = {}): Promise<Transfer> {
  const asked = order(domain, change);
  await reserve(domain, asked.amount);
  const transfer = await ask(domain, asked);
  if (!transfer) throw new Error('the payout was not asked for');
  await domain.runOutbox();
  return domain.transfer({ id: transfer.id });
}

type Said = Partial<Parameters<typeof payoutResult>[0]> & { token?: string };

/** The operator's result arrives; without a code it was paid. */
export async function tell(domain: Domain, transfer: Transfer, said: Said = {}): Promise<string> {
  const { token = transfer.callbackToken, ...change } = said;
  const receipt = said.code === undefined ? newReceipt() : undefined;
  const body = payoutResult({
    ...payoutIdsOf(transfer.reference),
    ...(receipt ? { receipt } : {}),
    ...{ recipient: transfer.payer as Msisdn, amount: amountOf(transfer), atMs: domain.clock.now() },
    ...change,
  });
  await domain.arrive('b2c', body, token);
  return change.receipt ?? receipt ?? '';
}

/** The answer to the last question about it arrives. */
export async function answer(
  domain: Domain,
  transfer: Transfer,
  said: { receipt?: string; status?: string; code?: string; payer?: string; amount?: Money } = {},
): Promise<void> {
  const { statusConversationId, payer } = await domain.transfer({ id: transfer.id });
  const { receipt = newReceipt() } = said;
  const body = statusResult({ conversationId: statusConversationId ?? '', payer: payer ?? '', ...said, receipt });
  await domain.arrive('status', body, transfer.callbackToken);
  await domain.runOutbox();
}

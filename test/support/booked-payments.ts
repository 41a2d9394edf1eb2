import { type Payment, PaymentSchema } from '../../src/domain/payments/index.ts';
import { type Msisdn, newReference } from '../../src/kernel/index.ts';
import { ledgerAccount, postEntries } from '../../src/money/ledger/index.ts';
import { type Transfer, TransferSchema } from '../../src/money/transfers/index.ts';
import type { DomainDeps } from './domain-deps.ts';
import { newReceipt } from './domain-deps.ts';

export interface Booked {
  billerId?: string;
  amountMinor: bigint;
  /** By the operator's clock. */
  completedAtMs: number;
  currency?: string;
  /** Not in the operator's float: what the biller booked and no more. */
  state?: Payment['state'];
}

/** Payments that the service has collected and posted, in its tables and its ledger, many at once. */
export async function bookPayments(
  deps: Pick<DomainDeps, 'runtime' | 'database'>,
  wanted: readonly Booked[],
): Promise<Payment[]> {
  const { ids, clock, chance } = deps.runtime;
  const now = clock.now();
  const rows = wanted.map(({ billerId = 'maji-water', amountMinor, completedAtMs, currency = 'KES' }) => {
    const [id, transferId, reference, receipt] = [ids.next(), ids.next(), newReference(chance), newReceipt()];
    const transfer: Transfer = {
      ...BLANK_TRANSFER,
      id: transferId,
      reference,
      callbackToken: transferId,
      purposeId: id,
      amountMinor,
      currency,
      receipt,
      createdAtMs: completedAtMs,
      completedAtMs,
      settledAtMs: now,
    };
    const payment: Payment = {
      ...BLANK_PAYMENT,
      id,
      reference,
      requestKey: id,
      billerId,
      amountMinor,
      currency,
      transferId,
      operator: transfer.operator,
      operatorReceipt: receipt,
      billerReference: `B-${reference}`,
      createdAtMs: completedAtMs,
      collectedAtMs: now,
      postedAtMs: now,
    };
    return { transfer, payment };
  });
  for (let at = 0; at < rows.length; at += 500) {
    const some = rows.slice(at, at + 500);
    await deps.database.transaction(async (tx) => {
      await tx.manager.insert(
        TransferSchema,
        some.map(({ transfer }) => transfer),
      );
      await tx.manager.insert(
        PaymentSchema,
        some.map(({ payment }) => payment),
      );
      await postEntries(
        deps,
        tx,
        some.flatMap(({ transfer, payment: { id, amountMinor, currency, billerId } }) => {
          const amount = { amountMinor, currency };
          const [float, waiting] = [ledgerAccount.float('mpesa'), ledgerAccount.collectedUnposted];
          const payable = ledgerAccount.payable(billerId ?? '');
          return [
            { kind: 'collected', subjectId: transfer.id, movements: [{ debit: float, credit: waiting, amount }] },
            { kind: 'posted', subjectId: id, movements: [{ debit: waiting, credit: payable, amount }] },
          ];
        }),
      );
    });
  }
  return rows.map(({ payment }) => payment);
}

/** The operator took the money back: the biller has it no more, and our float has not either. */
export async function takeBack(deps: DomainDeps, payment: Payment): Promise<void> {
  const { id, amountMinor, currency, billerId } = payment;
  const movement = {
    debit: ledgerAccount.payable(billerId ?? ''),
    credit: ledgerAccount.float('mpesa'),
    amount: { amountMinor, currency },
  };
  await deps.database.transaction((tx) =>
    postEntries(deps, tx, [{ kind: 'reversed', subjectId: id, movements: [movement] }]),
  );
}

export const BLANK_TRANSFER: Omit<Transfer, 'id' | 'reference' | 'callbackToken'> = {
  operator: 'mpesa',
  route: 'prompt',
  purpose: 'payment',
  purposeId: null,
  amountMinor: 0n,
  currency: 'KES',
  payer: '+254711000001' as Msisdn,
  maskedPayer: null,
  payerName: null,
  paybillAccount: null,
  state: 'succeeded',
  checkoutRequestId: null,
  merchantRequestId: null,
  ownAccountId: null,
  ownShortCode: null,
  receipt: null,
  resultCode: '0',
  resultDescription: null,
  failureCause: null,
  evidenceRank: 'callback',
  statusConversationId: null,
  createdAtMs: 0,
  submittedAtMs: null,
  settledAtMs: null,
  completedAtMs: null,
};

export const BLANK_PAYMENT: Omit<Payment, 'id' | 'reference' | 'requestKey'> = {
  channel: 'ussd',
  sessionKey: null,
  billerId: null,
  account: '100200300',
  holder: 'J*** W******',
  amountMinor: 0n,
  currency: 'KES',
  dialler: '+254711000001' as Msisdn,
  payer: '+254711000001' as Msisdn,
  language: 'en',
  state: 'posted',
  reason: null,
  transferId: null,
  operator: null,
  operatorReceipt: null,
  billerReference: null,
  units: null,
  balanceMinor: null,
  debtTakenMinor: null,
  postingSinceMs: null,
  createdAtMs: 0,
  collectedAtMs: null,
  postedAtMs: null,
};

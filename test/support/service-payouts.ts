import { type Msisdn, systemRuntime } from '../../src/kernel/index.ts';
import { findBalance, requestBalance } from '../../src/money/floats/index.ts';
import { ledgerAccount, postEntry } from '../../src/money/ledger/index.ts';
import { requestPayout, type Transfer, type TransferDeps } from '../../src/money/transfers/index.ts';
import { makeOutbox } from '../../src/platform/outbox/index.ts';
import { kes } from './fake-providers.ts';
import type { TestService } from './service.ts';

/** Asks a running service for payouts, as what pays people will: nothing in it does so by itself. */
export function payoutDesk({ books, simulatorUrl }: TestService) {
  const { database } = books;
  const outbox = makeOutbox(systemRuntime, database);
  const payoutOperators = new Map([['mpesa', { name: 'mpesa', currency: 'KES', shortCode: '174379' }]]);
  const deps = { runtime: systemRuntime, database, outbox, payoutOperators } as unknown as TransferDeps;
  const control = async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${simulatorUrl}/control/operator/${path}`, {
      ...{ method, headers, body: JSON.stringify(body) },
    });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  };
  return {
    /** What the operator said last; asks it. */
    askBalance: () => database.transaction((tx) => requestBalance(deps, tx, 'mpesa')),
    balance: () => findBalance({ database }, 'mpesa'),
    decide: (setting: { msisdn?: string; code?: string; said?: string }) => control('PUT', 'payouts', setting),
    /** Money comes from the bank, is set aside, and a payout of it is asked for. */
    async pay(recipient: string, major: number): Promise<Transfer> {
      const amount = kes(major);
      await control('POST', 'float', { amount: String(major) });
      const transfer = await database.transaction(async (tx) => {
        await postEntry(deps, tx, {
          ...{ kind: 'deposit', subjectId: systemRuntime.ids.next() },
          movements: [{ debit: ledgerAccount.float('mpesa'), credit: ledgerAccount.reserved('mpesa'), amount }],
        });
        return requestPayout(deps, tx, {
          ...{ operator: 'mpesa', purposeId: systemRuntime.ids.next(), amount, recipient: recipient as Msisdn },
          ...{ kind: 'salary', turn: 'later', remarks: 'Pay of November' },
        });
      });
      if (!transfer) throw new Error('the payout was not asked for');
      return transfer;
    },
  };
}

import { systemRuntime } from '../../src/kernel/index.ts';
import type { Transfer } from '../../src/money/transfers/index.ts';

let made = 0;

/** A transfer that nothing has happened to, for tests of the store; every unique key is its own. */
export function plainTransfer(more: Partial<Transfer> = {}): Transfer {
  made += 1;
  const id = systemRuntime.ids.next();
  return {
    ...{ id, operator: 'mpesa', route: 'prompt', reference: `MROW${made}`, purpose: 'payment' },
    ...{ callbackToken: id, purposeId: null, amountMinor: 50_000n, currency: 'KES', payer: null },
    ...{ maskedPayer: null, payerName: null, paybillAccount: null, state: 'requested', merchantRequestId: null },
    ...{ checkoutRequestId: null, receipt: null, resultCode: null, evidenceRank: null, createdAtMs: 1_800_000_000_000 },
    ...{ submittedAtMs: null, settledAtMs: null, completedAtMs: null },
    ...more,
  } as Transfer;
}

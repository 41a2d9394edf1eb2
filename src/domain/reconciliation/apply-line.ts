import { invariant, type Msisdn } from '../../kernel/index.ts';
import {
  type Applied,
  applyMovement,
  applyPayoutLine,
  applyReversal,
  settleTransfer,
  TransferSchema,
} from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { readPayingParty } from './paying-account.ts';
import type { ReconDeps } from './recon-deps.ts';
import { StatementRowSchema } from './statement.ts';

/**
 * A line of the operator goes the ordinary way of evidence, as the strongest that there is: it decides a transfer that it answers,
 * or becomes a payment that we had not heard of; a reversal takes back what it names, a payout is the one that was asked for under its
 * reference.
 */
export async function applyLine(deps: ReconDeps, tx: Tx, lineId: string): Promise<Applied> {
  const line = await tx.findOne(StatementRowSchema, { id: lineId });
  invariant(line, 'a line that was matched is there');
  const { party, receipt, amountMinor, currency, atMs, linkedReceipt, payer, maskedPayer } = line;
  if (receipt === null) return { transferId: undefined, why: 'the line has no receipt' };
  const paying = readPayingParty(deps, party);
  const { operator: name, ownShortCode } = paying ?? { operator: party, ownShortCode: null };
  const operator = deps.operators.get(name) ?? deps.payoutOperators.get(name);
  invariant(operator, `no operator of ${party}`);
  const amount = { amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency };
  if (amount.amountMinor === 0n || currency !== operator.currency) {
    return { transferId: undefined, why: 'an amount that we do not keep books in' };
  }
  if (linkedReceipt !== null && line.lineKind === 'reversal') {
    const original = await tx.findOne(TransferSchema, { operator: name, receipt: linkedReceipt });
    if (original && original.ownShortCode !== ownShortCode) {
      return { transferId: undefined, why: 'it undoes what another account moved' };
    }
    const reversal = { receipt, ofReceipt: linkedReceipt, amount, completedAtMs: atMs };
    return applyReversal(deps, tx, name, reversal, 'statement');
  }
  if (line.lineKind === 'payout') {
    const payout = { receipt, reference: line.reference ?? '', amount, completedAtMs: atMs };
    return applyPayoutLine(deps, tx, { operator: name, ownShortCode }, payout, 'statement');
  }
  // What comes to an account that only pays is no payment.
  const collecting = paying ? undefined : deps.operators.get(name);
  if (!collecting) return { transferId: undefined, why: 'money that is no payment' };
  const movement = {
    ...{ receipt, amount, account: line.reference ?? line.account ?? '', shortCode: collecting.shortCode },
    completedAtMs: atMs,
    ...(payer ? { payer: payer as Msisdn } : {}),
    ...(maskedPayer ? { maskedPayer } : {}),
  };
  return applyMovement(deps, tx, name, movement, 'statement');
}

/**
 * A line that was found to be this transfer's, whatever it names, settles it like any other evidence: the transfer has its receipt from now on.
 * False when it cannot be the transfer's after all: the receipt is another's, or the transfer has one. Nothing is booked then.
 */
export async function applyLineTo(deps: ReconDeps, tx: Tx, lineId: string, transferId: string): Promise<boolean> {
  const line = await tx.findOne(StatementRowSchema, { id: lineId });
  const transfer = await tx.lockOne(TransferSchema, { id: transferId });
  invariant(line && transfer, 'what was matched is there');
  const { receipt, amountMinor, currency, atMs } = line;
  if (receipt === null || (transfer.receipt !== null && transfer.receipt !== receipt)) return false;
  const { do: decided } = await settleTransfer(deps, tx, transferId, {
    ...{ rank: 'statement', outcome: 'succeeded', code: '0', description: 'found in the statement' },
    ...{ receipt, amount: { amountMinor, currency }, completedAtMs: atMs },
  });
  return decided === 'attach-receipt' || decided === 'settle' || decided === 'nothing';
}

import { invariant, type Msisdn } from '../../kernel/index.ts';
import {
  type Applied,
  applyMovement,
  applyPayoutLine,
  applyReversal,
  TransferSchema,
} from '../../money/transfers/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { readOwnParty } from './own-party.ts';
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
  const own = readOwnParty(party, deps.payoutOperators.keys());
  const operator = deps.operators.get(own?.operator ?? party);
  invariant(operator, `no operator of ${party}`);
  const { name } = operator;
  const amount = { amountMinor: amountMinor < 0n ? -amountMinor : amountMinor, currency };
  if (amount.amountMinor === 0n || currency !== operator.currency) {
    return { transferId: undefined, why: 'an amount that we do not keep books in' };
  }
  if (linkedReceipt !== null && line.lineKind === 'reversal') {
    const original = await tx.findOne(TransferSchema, { operator: name, receipt: linkedReceipt });
    if (original && original.ownShortCode !== (own?.shortCode ?? null)) {
      return { transferId: undefined, why: 'it undoes what another account moved' };
    }
    const reversal = { receipt, ofReceipt: linkedReceipt, amount, completedAtMs: atMs };
    return applyReversal(deps, tx, name, reversal, 'statement');
  }
  if (line.lineKind === 'payout') {
    const payout = { receipt, reference: line.reference ?? '', amount, completedAtMs: atMs };
    return applyPayoutLine(deps, tx, { operator: name, ownShortCode: own?.shortCode ?? null }, payout, 'statement');
  }
  // What comes to an account that is not ours pays nobody here.
  if (own) return { transferId: undefined, why: 'money of its own' };
  const movement = {
    ...{ receipt, amount, account: line.reference ?? line.account ?? '', shortCode: operator.shortCode },
    completedAtMs: atMs,
    ...(payer ? { payer: payer as Msisdn } : {}),
    ...(maskedPayer ? { maskedPayer } : {}),
  };
  return applyMovement(deps, tx, name, movement, 'statement');
}

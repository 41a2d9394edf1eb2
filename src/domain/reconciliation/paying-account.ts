import type { Transfer, TransferDeps } from '../../money/transfers/index.ts';

/** An account that pays people and collects nothing of ours: ours where it is not the paybill (`ownShortCode` null), or an organisation's. */
export type PayingAccount = Pick<Transfer, 'operator' | 'ownShortCode'>;

/**
 * Under whose name the statement is kept in which a transfer stands, and its place in the drop folder: the operator's (`mpesa`, or
 * `mpesa-b2c` for an account of ours that only pays), or that of an organisation's own account (`mpesa-600123`).
 */
export function partyOf({ operator, ownShortCode }: PayingAccount): string {
  return ownShortCode === null ? operator : `${operator}-${ownShortCode}`;
}

/** Undefined: not the name of an account that only pays. */
export function readPayingParty(
  { operators, payoutOperators }: Pick<TransferDeps, 'operators' | 'payoutOperators'>,
  party: string,
): PayingAccount | undefined {
  for (const operator of payoutOperators.keys()) {
    if (party === operator && !operators.has(operator)) return { operator, ownShortCode: null };
    const ownShortCode = party.startsWith(`${operator}-`) ? party.slice(operator.length + 1) : '';
    if (/^\d{5,10}$/.test(ownShortCode)) return { operator, ownShortCode };
  }
  return undefined;
}

import type { Transfer } from '../../money/transfers/index.ts';

/** Somebody's own account at an operator, from which people are paid. */
export interface OwnAccountAt {
  operator: string;
  shortCode: string;
}

/** Under which its statements are kept; also its place in the drop folder: `mpesa-600123`. */
export function ownPartyOf({ operator, shortCode }: OwnAccountAt): string {
  return `${operator}-${shortCode}`;
}

/** In whose statement a transfer stands: the operator's of our account, or that of the account that paid. */
export function partyOf({ operator, ownShortCode }: Pick<Transfer, 'operator' | 'ownShortCode'>): string {
  return ownShortCode === null ? operator : ownPartyOf({ operator, shortCode: ownShortCode });
}

/** Undefined: not a party of somebody's own account. */
export function readOwnParty(party: string, operators: Iterable<string>): OwnAccountAt | undefined {
  for (const operator of operators) {
    const shortCode = party.startsWith(`${operator}-`) ? party.slice(operator.length + 1) : '';
    if (/^\d{5,10}$/.test(shortCode)) return { operator, shortCode };
  }
  return undefined;
}

import type { PayoutAccount } from '../../providers/operators/index.ts';
import type { TransferDeps } from './deps.ts';
import type { Transfer } from './transfer.ts';

/** Whose account pays, or has paid. Gone: somebody's own, whose credential is not there any more, or is that of another short code by now. */
export type PaysFrom = { kind: 'ours' } | { kind: 'own'; account: PayoutAccount } | { kind: 'gone' };

/** Looked up each time, so that a credential which is replaced counts at once, also for what was asked for before. */
export async function accountOfPayout(
  deps: Pick<TransferDeps, 'findPayoutAccount'>,
  { ownAccountId, ownShortCode }: Pick<Transfer, 'ownAccountId' | 'ownShortCode'>,
): Promise<PaysFrom> {
  if (ownAccountId === null) return { kind: 'ours' };
  const account = await deps.findPayoutAccount(ownAccountId);
  return account && account.shortCode === ownShortCode ? { kind: 'own', account } : { kind: 'gone' };
}

import { Refusal } from '../../kernel/index.ts';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { partyOf, type StatementRow, StatementRowSchema } from '../reconciliation/index.ts';
import { PayoutRowSchema } from './batch.ts';
import { PayoutClaimSchema } from './claim.ts';

/**
 * The line of the operator's statement that a person means by its receipt: one that brought us money, where several bear it (a charge
 * has that of its payment). Whether it is the money of the claim `returnClaim` decides. Refuses with `claim.not-found` and `claim.line`.
 */
export async function findReturnLine(
  { database: { reader } }: { database: Database },
  { claimId, organisationId, receipt }: { claimId: string; organisationId: string; receipt: string },
): Promise<StatementRow> {
  const claim = await reader.findOneBy(PayoutClaimSchema, { id: claimId, organisationId });
  if (!claim) throw new Refusal('claim.not-found');
  const row = await reader.findOneBy(PayoutRowSchema, { id: claim.rowId });
  const payout = row?.transferId && (await reader.findOneBy(TransferSchema, { id: row.transferId }));
  if (!payout) throw new Refusal('claim.line', { why: 'unknown' });
  const wanted = receipt.trim().toUpperCase();
  const lines = await reader.find(StatementRowSchema, {
    where: { side: 'operator', party: partyOf(payout), receipt: wanted, lineState: 'accepted' },
    ...{ order: { id: 'ASC' }, take: 20 },
  });
  const line = lines.find(({ amountMinor }) => amountMinor > 0n);
  if (wanted === '' || !line) throw new Refusal('claim.line', { why: 'unknown' });
  return line;
}

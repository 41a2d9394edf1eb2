import { z } from 'zod';
import type { ClaimView, PayoutClaim, PayoutRow } from '../../domain/payout-batches/index.ts';
import { formatDecimal } from '../../kernel/index.ts';
import { answerShapes, requestShapes } from './endpoint.ts';
import { Amount, Currency, Id, Instant, instantOf } from './shapes.ts';

const State = z
  .enum(['proposed', 'dismissed', 'opened', 'asked', 'granted', 'refused', 'returned'])
  .describe(
    'proposed: a recipient says that nothing came; asked: the operator has a case; granted: it promised the money, which is none yet; returned: its statement shows the money back',
  );

const claimFields = {
  id: Id,
  batchId: Id,
  rowId: Id,
  row: z.int().describe('From 1, as it was given'),
  state: State,
  caseNumber: z.string().nullable().describe("The operator's; null until it has given one"),
  reason: z.string(),
  openedBy: z.enum(['person', 'key', 'recipient', 'operator']).describe('operator: it gave the money back by itself'),
  phone: z.string().describe('E.164'),
  amount: Amount,
  currency: Currency,
  name: z.string().nullable(),
  reference: z.string().nullable().describe('Yours'),
  receipt: z.string().nullable().describe("The operator's, by which it was paid"),
  openedAt: Instant,
  changedAt: Instant,
  returnReceipt: z.string().nullable().describe("The line of the operator's statement by which the money came back"),
};

export const ClaimShape = z.object(claimFields).register(answerShapes, { id: 'Claim' });

export const ClaimStoryShape = z
  .object({
    ...claimFields,
    history: z.array(z.object({ state: State, reason: z.string(), at: Instant })).describe('The oldest first'),
  })
  .register(answerShapes, { id: 'ClaimStory' });

export const NewClaimBody = z
  .strictObject({ reason: z.string().trim().min(2).max(200).describe('What went wrong, for people') })
  .register(requestShapes, { id: 'NewClaim' });

export function showClaim(claim: PayoutClaim & { row: PayoutRow }): z.input<typeof ClaimShape> {
  const { id, batchId, state, caseNumber, reason, returnReceipt, openedAtMs, changedAtMs } = claim;
  const { id: rowId, rowNo, msisdn, currency, name, reference, receipt } = claim.row;
  return {
    ...{ id, batchId, rowId, row: rowNo, state, caseNumber, reason, openedBy: openerOf(claim), phone: msisdn },
    ...{ amount: formatDecimal(claim.row), currency, name, reference, receipt },
    ...{ openedAt: instantOf(openedAtMs), changedAt: instantOf(changedAtMs), returnReceipt },
  };
}

export function showClaimStory(claim: ClaimView): z.input<typeof ClaimStoryShape> {
  const history = claim.events.map(({ toState: state, reason, atMs: at }) => ({ state, reason, at: instantOf(at) }));
  return { ...showClaim(claim), history };
}

function openerOf({ openedBy }: PayoutClaim): z.input<typeof ClaimShape>['openedBy'] {
  if (openedBy === 'recipient' || openedBy === 'operator') return openedBy;
  return openedBy.startsWith('key:') ? 'key' : 'person';
}

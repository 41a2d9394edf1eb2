import { createHash } from 'node:crypto';
import { makersOf, policyOf } from '../../../src/domain/approvals/index.ts';
import { makersOfBatch, PAYOUT_STANDING } from '../../../src/domain/payout-batches/index.ts';
import type { Check } from './check.ts';
import type { Facts } from './facts.ts';

type Row = Facts['rows'][number];

/** As what is approved is hashed, from the rows as they are now: those that were taken out after the approval count. */
function contentOf(facts: Facts, batch: Facts['batches'][number], takenOut: ReadonlySet<string>): string {
  const { id, organisationId, purpose, currency, operator, hours, notBeforeMs } = batch;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([id, organisationId, purpose, currency, operator, hours, notBeforeMs]));
  const counts = (row: Row) => row.batchId === id && (row.state !== 'excluded' || takenOut.has(row.id));
  const rows = facts.rows.filter(counts);
  for (const { rowNo, msisdn, amountMinor, name, reference } of rows) {
    hash.update(JSON.stringify([rowNo, msisdn, String(amountMinor), name, reference]));
  }
  const total = rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const totals = [total, batch.chargesMinor, batch.feeMinor, batch.taxMinor].map(String);
  return createHash('sha256')
    .update(JSON.stringify([hash.digest('hex'), rows.length, ...totals]))
    .digest('hex');
}

export const paidAsApproved: Check = {
  name: 'paid-as-approved',
  promise:
    'nothing is paid but what as many others as the policy says agreed to, exactly as it is; no maker is among them',
  look(facts) {
    const takenOut = new Set(facts.rowEvents.filter(({ toState }) => toState === 'excluded').map(({ rowId }) => rowId));
    const asked = new Set(facts.transfers.filter(({ route }) => route === 'payout').map(({ purposeId }) => purposeId));
    return facts.batches.flatMap((batch) => {
      const { id, number, approvalId, contentHash } = batch;
      if (!facts.rows.some((row) => row.batchId === id && asked.has(row.id))) return [];
      const say = (text: string) => [{ text: `batch ${number} ${text}`, about: [id, number] }];
      const approval = facts.approvals.find((one) => one.id === approvalId);
      if (approval?.state !== 'granted') return say('was paid, and nobody agreed');
      // Of what was agreed to beforehand the schedule is what they saw.
      const isAgreed = approval.kind === PAYOUT_STANDING || approval.subjectHash === contentHash;
      if (!isAgreed || contentOf(facts, batch, takenOut) !== contentHash) {
        return say('was paid, and is not what was agreed to');
      }
      const votes = facts.votes.filter((vote) => vote.approvalId === approval.id);
      const makers = new Set([...makersOf(approval), ...makersOfBatch(batch)]);
      if (votes.some(({ voterId }) => makers.has(voterId))) return say('was voted on by who made it');
      const needed = policyOf(approval).steps.reduce((sum, step) => sum + step.votes, 0);
      const people = new Set(votes.filter(({ verdict }) => verdict === 'grant').map(({ voterId }) => voterId));
      return people.size < needed ? say(`was paid on ${people.size} of ${needed} votes`) : [];
    });
  },
};

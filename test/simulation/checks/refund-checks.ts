import { makersOf, policyOf } from '../../../src/domain/approvals/index.ts';
import { COMMITTED } from '../../../src/domain/refunds/index.ts';
import type { Transfer } from '../../../src/money/transfers/index.ts';
import type { Check, Finding } from './check.ts';
import type { Facts } from './facts.ts';
import { groupBy } from './group-by.ts';
import { isLiedAbout } from './lies.ts';

/** What took the money of this transfer back, in the operator's own books. */
export function takenBackBy({ world }: Facts, { receipt }: Pick<Transfer, 'receipt'>) {
  return receipt === null ? undefined : world.core.operator.books.reversalOf(receipt);
}

/** Every part of a payment that was to be paid back, and what the operator's own books say that it paid for that. */
export function paidInParts(facts: Facts) {
  const { books } = facts.world.core.operator;
  return facts.refunds
    .filter(({ kind }) => kind === 'part')
    .map((refund) => {
      const payouts = facts.transfers.filter(({ route, purposeId }) => route === 'payout' && purposeId === refund.id);
      const references = new Set(payouts.map(({ reference }) => reference));
      const movements = books
        .all()
        .filter(({ kind, conversations }) => kind === 'disburse' && references.has(conversations?.[0] ?? ''));
      const about = [refund.id, refund.transferId, ...payouts.flatMap(({ id, reference }) => [id, reference])];
      return { refund, movements, about, isLied: payouts.some((one) => isLiedAbout(facts, one)) };
    });
}

const partsWithin: Check = {
  name: 'parts-within',
  promise:
    'what is proposed, granted and paid back of money never exceeds what came, and each part is paid once, to its payer',
  look(facts) {
    const findings: Finding[] = [];
    const parts = paidInParts(facts);
    for (const { refund, movements, about, isLied } of parts) {
      const { id, state, transferId, amountMinor } = refund;
      const say = (text: string) => findings.push({ text: `part ${id} is ${state}, ${text}`, about });
      const brought = facts.transfers.find((one) => one.id === transferId);
      if (movements.some((one) => one.msisdn !== brought?.payer || -one.amountMinor !== amountMinor)) {
        say('and was paid otherwise');
      }
      if (isLied) continue;
      if (movements.length > 1) say(`and was paid ${movements.length} times`);
      else if (state === 'paid' && movements.length === 0) say('and the operator did not pay');
      else if (state !== 'paid' && movements.length > 0) say('and the operator paid');
    }
    for (const [transferId, refunds] of groupBy(facts.refunds, (refund) => refund.transferId)) {
      const brought = facts.transfers.find(({ id }) => id === transferId);
      const sum = refunds
        .filter(({ state }) => COMMITTED.includes(state))
        .reduce((all, { amountMinor }) => all + amountMinor, 0n);
      const isLied = parts.some((one) => one.refund.transferId === transferId && one.isLied);
      if (!brought || isLied || sum <= brought.amountMinor) continue;
      const about = [transferId, brought.reference, brought.receipt, ...refunds.map(({ id }) => id)];
      findings.push({ text: `${sum} of ${brought.amountMinor} of ${brought.reference} goes back`, about });
    }
    return findings;
  },
};

const paidBackOnce: Check = {
  name: 'paid-back-once',
  promise: 'money goes back only where a refund says so, once, and then the refund is paid and the payment refunded',
  look(facts) {
    const findings: Finding[] = [];
    const reversals = groupBy(
      facts.transfers.filter(({ route }) => route === 'reversal'),
      ({ purposeId }) => purposeId ?? '',
    );
    for (const transfer of facts.transfers) {
      if (transfer.route === 'reversal') continue;
      const own = reversals.get(transfer.id) ?? [];
      const done = own.filter(({ state }) => state === 'succeeded');
      const isOpen = own.some(({ state }) => state === 'unknown');
      const payment = facts.paymentOfTransfer(transfer);
      const about = [transfer.id, transfer.reference, transfer.receipt, payment?.id, ...own.map(({ id }) => id)];
      const say = (text: string) => findings.push({ text: `${transfer.reference} ${text}`, about });
      const isBack = takenBackBy(facts, transfer) !== undefined;
      if (done.length > 1) say('was booked as taken back twice');
      if (isBack && done.length === 0 && !isOpen) say('went back, and is not booked so');
      if (!isBack && done.length > 0) say('is booked as taken back, and did not go back');
      const inParts = facts.refunds
        .filter((one) => one.transferId === transfer.id && one.kind === 'part' && one.state === 'paid')
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      const isWhole = done.length > 0 || inParts === transfer.amountMinor;
      if (payment && payment.state === 'refunded' && !isWhole) say('is refunded, and nothing was taken back');
      if (payment && payment.state !== 'refunded' && done.length > 0) say(`was taken back, and is ${payment.state}`);
    }
    for (const { id, state, transferId, reversalId } of facts.refunds) {
      const reversal = facts.transfers.find((one) => one.id === reversalId);
      const about = [id, transferId, reversalId];
      const expected = { paid: 'succeeded', granted: 'unknown', failed: 'failed' }[state as string];
      if (state === 'agreed') findings.push({ text: `refund ${id} was agreed to, and nothing followed`, about });
      if (reversal?.state !== expected) {
        findings.push({ text: `refund ${id} is ${state}, and its reversal ${reversal?.state}`, about });
      }
    }
    return findings;
  },
};

const fourEyes: Check = {
  name: 'four-eyes',
  promise: 'nothing is paid back but what another person, and as many as the policy says, agreed to',
  look({ refunds, approvals, votes }) {
    const findings: Finding[] = [];
    const byId = new Map(approvals.map((approval) => [approval.id, approval]));
    for (const { id, reversalId, approvalId, transferId } of refunds) {
      const approval = byId.get(approvalId);
      const about = [id, transferId, reversalId];
      const own = votes.filter((vote) => vote.approvalId === approvalId);
      if (!approval || own.some(({ voterId }) => makersOf(approval).includes(voterId))) {
        findings.push({ text: `refund ${id}: who proposed it has voted`, about });
        continue;
      }
      if (reversalId === null) continue;
      const needed = policyOf(approval).steps.reduce((sum, step) => sum + step.votes, 0);
      const people = new Set(own.filter(({ verdict }) => verdict === 'grant').map(({ voterId }) => voterId));
      if (approval.state !== 'granted' || people.size < needed || own.some(({ verdict }) => verdict === 'reject')) {
        findings.push({ text: `refund ${id} was paid back on ${people.size} of ${needed} votes`, about });
      }
    }
    return findings;
  },
};

export const refundChecks: readonly Check[] = [paidBackOnce, partsWithin, fourEyes];

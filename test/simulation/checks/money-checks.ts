import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import { isOutgoing } from '../../../src/money/transfers/index.ts';
import { ORGANISATION_ID } from '../people/employers/index.ts';
import type { Check, Finding } from './check.ts';
import type { Facts } from './facts.ts';
import { isLiedAbout, liesMinor } from './lies.ts';
import { takenBackBy } from './refund-checks.ts';

/** What is ours is positive, what we owe negative. */
function balanceOf({ ledger }: Facts, account: string): bigint {
  return ledger.accounts.filter((row) => row.account === account).reduce((sum, row) => sum + row.balanceMinor, 0n);
}

function differs(what: string, one: bigint, other: bigint, about: Finding['about'] = []): Finding[] {
  return one === other ? [] : [{ text: `${what}: ${one} is not ${other}`, about }];
}

const balanced: Check = {
  name: 'ledger-balanced',
  promise: 'every entry of the ledger sums to zero',
  look: ({ ledger }) => [
    ...ledger.unbalanced.map(({ currency, sumMinor }) => ({ text: `${currency} sums to ${sumMinor}`, about: [] })),
    ...ledger.brokenEntries.map((id) => ({ text: `entry ${id} does not sum to zero`, about: [id] })),
  ],
};

const booksAgree: Check = {
  name: 'books-agree',
  promise:
    'what the operator moved = what our ledger says = what billers booked + collected-unposted + suspense + owed to customers + fees',
  look(facts) {
    const { core } = facts.world;
    const moved = core.operator.books.collectedMinor();
    const float = balanceOf(facts, ledgerAccount.float('mpesa'));
    const postings = core.billers.postings();
    const parts = ['collectedUnposted', 'suspense', 'owedToCustomers'] as const;
    const ofPayouts = [
      ...[ledgerAccount.organisation(ORGANISATION_ID), ledgerAccount.payoutFees(ORGANISATION_ID)],
      ...[ledgerAccount.income(ORGANISATION_ID), ledgerAccount.reserved('mpesa'), ledgerAccount.tax],
      ...[ledgerAccount.charges('mpesa'), ledgerAccount.overpaid(ORGANISATION_ID)],
    ];
    const accounts = [...parts.map((part) => ledgerAccount[part]), ...ofPayouts];
    const kept = accounts.reduce((sum, account) => sum - balanceOf(facts, account), 0n);
    const booked = postings.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
    const unknownMoney = core.operator.books
      .all()
      .filter(({ receipt }) => !facts.transfers.some((transfer) => transfer.receipt === receipt))
      .flatMap(({ receipt, account, msisdn }) => [receipt, account, msisdn]);
    const findings = [
      ...differs('moved by the operator and our float', moved, float + liesMinor(facts), unknownMoney),
      ...differs('our float and the sum of where it is', float, booked + kept),
    ];
    for (const biller of new Set(postings.map((posting) => posting.biller))) {
      const own = postings.filter((posting) => posting.biller === biller);
      const sum = own.reduce((total, { amountMinor }) => total + BigInt(amountMinor), 0n);
      // The fees of a settlement are taken from what the biller is owed.
      const owed = -balanceOf(facts, ledgerAccount.payable(biller)) - balanceOf(facts, ledgerAccount.income(biller));
      findings.push(...differs(`booked by ${biller}, and payable with fees`, sum, owed));
    }
    return findings;
  },
};

/** A reversal that was decided by what it took back has no receipt of its own before the statement comes. */
function receiptOf(facts: Facts, { route, receipt, purposeId }: Facts['transfers'][number]): string {
  if (receipt !== null || route !== 'reversal') return receipt ?? '';
  const original = facts.transfers.find(({ id }) => id === purposeId);
  return (original && takenBackBy(facts, original)?.receipt) ?? '';
}

const receiptsBooked: Check = {
  name: 'receipts-booked',
  promise: 'every movement of the operator is one transfer of the same amount, and every success has one',
  look(facts) {
    const { world, transfers } = facts;
    const findings: Finding[] = [];
    const moved = new Map(world.core.operator.books.all().map((one) => [one.receipt, one]));
    for (const transfer of transfers) {
      if (transfer.state !== 'succeeded') continue;
      const about = [transfer.id, transfer.reference, transfer.receipt, transfer.payer];
      const movement = moved.get(receiptOf(facts, transfer));
      if (!movement && isLiedAbout(facts, transfer)) continue;
      if (!movement)
        findings.push({ text: `${transfer.reference} succeeded without money (${transfer.receipt})`, about });
      else if (
        movement.amountMinor !==
        (isOutgoing(transfer) && transfer.purpose !== 'return' ? -transfer.amountMinor : transfer.amountMinor)
      ) {
        findings.push({ text: `${transfer.reference}: ${transfer.amountMinor} is not ${movement.amountMinor}`, about });
      }
      moved.delete(receiptOf(facts, transfer));
    }
    for (const { receipt, account, msisdn, kind } of moved.values()) {
      if (kind === 'deposit') continue;
      findings.push({ text: `money ${receipt} for ${account} is in no transfer`, about: [receipt, account, msisdn] });
    }
    return findings;
  },
};

const postedOnce: Check = {
  name: 'posted-once',
  promise: 'no payment is posted to a biller twice, and nothing is posted that was not paid',
  look({ world, payments }) {
    const findings: Finding[] = [];
    const posted = new Map(payments.filter(({ state }) => state === 'posted').map((one) => [one.reference, one]));
    for (const posting of world.core.billers.postings()) {
      const { reference, account, amountMinor, biller } = posting;
      const payment = posted.get(reference);
      const about = [reference, posting.operatorReceipt, payment?.id];
      posted.delete(reference);
      if (!payment) findings.push({ text: `${biller} booked ${reference}, which is no posted payment of ours`, about });
      else if (
        payment.account !== account ||
        payment.amountMinor !== BigInt(amountMinor) ||
        payment.billerId !== biller
      ) {
        findings.push({
          text: `${biller} booked ${reference} for ${account} ${amountMinor}, not as it was paid`,
          about,
        });
      }
    }
    for (const { reference, id } of posted.values()) {
      findings.push({ text: `${reference} is posted, and its biller booked nothing`, about: [reference, id] });
    }
    return findings;
  },
};

const chargedOnce: Check = {
  name: 'charged-once',
  promise: 'no customer is asked or charged twice for one confirmation, nor without one',
  look({ world, payments, transfers }) {
    const findings: Finding[] = [];
    const references = new Map(transfers.map((transfer) => [transfer.reference, transfer]));
    const prompted = new Set<string>();
    for (const { account, msisdn } of world.core.operator.shelf.list()) {
      const about = [account, msisdn, references.get(account)?.id];
      if (!references.has(account))
        findings.push({ text: `a prompt for ${account}, which is no transfer of ours`, about });
      if (prompted.has(account)) findings.push({ text: `a second prompt for ${account}`, about });
      prompted.add(account);
    }
    const confirmed = new Set(world.confirmations.map(({ sessionId }) => `africastalking:${sessionId}`));
    const seen = new Set<string>();
    for (const { sessionKey, reference, id, channel, dialler } of payments) {
      if (channel === 'paybill') continue;
      const about = [reference, id, dialler, sessionKey];
      if (!confirmed.has(sessionKey ?? '')) findings.push({ text: `${reference} was never confirmed`, about });
      if (seen.has(sessionKey ?? ''))
        findings.push({ text: `${reference} is a second payment for one confirmation`, about });
      seen.add(sessionKey ?? '');
    }
    return findings;
  },
};

export const moneyChecks: readonly Check[] = [balanced, booksAgree, receiptsBooked, postedOnce, chargedOnce];

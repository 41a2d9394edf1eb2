import { ledgerAccount } from '../../../src/money/ledger/index.ts';
import { ORGANISATION_ID } from '../people/employers/index.ts';
import type { Check, Finding } from './check.ts';
import type { Facts } from './facts.ts';
import { groupBy } from './group-by.ts';
import { isLiedAbout } from './lies.ts';
import { paidAsApproved } from './payout-approval-check.ts';
import { paidInParts } from './refund-checks.ts';

/** Every row with what was asked for it, and what the operator's own books say that it paid for that. */
export function paidInBooks(facts: Facts) {
  const { books } = facts.world.core.operator;
  const asked = groupBy(
    facts.transfers.filter(({ route }) => route === 'payout'),
    ({ purposeId }) => purposeId ?? '',
  );
  return facts.rows.map((row) => {
    const transfers = asked.get(row.id) ?? [];
    const movements = transfers.flatMap(({ reference }) =>
      books.all().filter(({ kind, conversations }) => kind === 'disburse' && conversations?.[0] === reference),
    );
    const isBack = movements.some(({ receipt }) => books.reversalOf(receipt) !== undefined);
    const about = [row.id, ...transfers.flatMap(({ id, reference, receipt }) => [id, reference, receipt])];
    const isLied = transfers.some((one) => isLiedAbout(facts, one));
    return { row, transfers, movements, isBack, about, isLied };
  });
}

const paidOutOnce: Check = {
  name: 'paid-out-once',
  promise: 'nobody is paid twice for one row, nor another number or amount than its own, nor without a row',
  look(facts) {
    const findings: Finding[] = [];
    const known = new Set(paidInParts(facts).flatMap(({ movements }) => movements.map(({ receipt }) => receipt)));
    for (const { row, movements, about, isLied } of paidInBooks(facts)) {
      for (const { receipt, msisdn, amountMinor } of movements) {
        known.add(receipt);
        if (msisdn === row.msisdn && -amountMinor === row.amountMinor) continue;
        findings.push({ text: `row ${row.rowNo} was paid as ${msisdn} ${amountMinor}`, about: [receipt, ...about] });
      }
      if (movements.length > 1 && !isLied) {
        findings.push({ text: `row ${row.rowNo} was paid ${movements.length} times`, about });
      }
    }
    for (const { kind, receipt, msisdn, conversations } of facts.world.core.operator.books.all()) {
      if (kind !== 'disburse' || known.has(receipt)) continue;
      findings.push({ text: `${receipt} was paid for no row`, about: [receipt, msisdn, ...(conversations ?? [])] });
    }
    return findings;
  },
};

const ENDED = new Set(['closed', 'cancelled']);

const rowsTrue: Check = {
  name: 'rows-true',
  promise: "every row ends, and as the operator's books say; every batch ends with its rows",
  look(facts) {
    const findings: Finding[] = [];
    const batches = new Map(facts.batches.map((batch) => [batch.id, batch]));
    for (const { row, movements, isBack, about, isLied } of paidInBooks(facts)) {
      const say = (text: string) => findings.push({ text: `row ${row.rowNo} is ${row.state}, ${text}`, about });
      const isPaid = movements.length > 0;
      const batch = batches.get(row.batchId);
      if (row.state === 'paid' && !isPaid && !isLied) say('and the operator did not pay');
      else if (row.state === 'paid' && row.receipt === null) say('without a receipt');
      else if (row.state === 'paid' && isBack) say('and its money came back');
      else if (row.state === 'reversed' && !isBack) say('and its money did not come back');
      else if (row.state !== 'paid' && isPaid && !isBack && !isLied) say('and the operator paid');
      else if (['queued', 'submitted', 'unknown'].includes(row.state)) say('and the day is over');
      else if (row.state === 'ready' && batch?.state !== 'cancelled') say(`in a batch that is ${batch?.state}`);
    }
    for (const { id, number, state } of facts.batches) {
      if (!ENDED.has(state)) findings.push({ text: `batch ${number} is ${state}`, about: [id, number] });
    }
    return findings;
  },
};

const failedUnpaid: Check = {
  name: 'failed-unpaid',
  promise:
    'no payout is called failed unless the operator said so, or nothing was taken on, or a statement does not have it',
  look(facts) {
    const { evidence } = facts.world;
    const events = facts.transferEvents.filter(
      ({ toState, fromState }) => toState === 'failed' && fromState !== toState,
    );
    const failed = new Map(events.map((event) => [event.transferId, event]));
    return facts.transfers.flatMap(({ id, route, reference, resultCode }) => {
      const event = failed.get(id);
      if (route !== 'payout' || !event || event.actor === 'operator:statement') return [];
      const asked = evidence.askedToPay.get(reference) ?? [];
      const said = evidence.saidOfPayout.get(reference) ?? [];
      const last = asked.at(-1);
      const wasRefused = asked.length === 0 || last === 'not sent' || last?.startsWith('refused') === true;
      const isProven = said.some((code) => code !== '0') || wasRefused;
      const text = `payout ${reference} was called failed (${resultCode}); the operator: ${[...asked, ...said].join(', ')}`;
      return isProven ? [] : [{ text, about: [id, reference] }];
    });
  },
};

const payoutsTie: Check = {
  name: 'payouts-tie',
  promise: 'what an organisation brought = what was paid + fees + what it still has; nothing stays set aside',
  look(facts) {
    const sumOf = (account: string) =>
      -facts.ledger.accounts.filter((one) => one.account === account).reduce((sum, one) => sum + one.balanceMinor, 0n);
    const brought = [...facts.world.brought.values()].reduce((sum, one) => sum + one, 0n);
    const parts = new Map(facts.refunds.filter(({ kind }) => kind === 'part').map((part) => [part.id, part]));
    const sum = (list: readonly { amountMinor: bigint }[]) => list.reduce((all, one) => all + one.amountMinor, 0n);
    const done = facts.transfers.filter(({ state }) => state === 'succeeded');
    const paid =
      sum(done.filter(({ route, purposeId }) => route === 'payout' && !parts.has(purposeId ?? ''))) -
      sum(done.filter(({ route, purpose }) => route === 'reversal' && purpose === 'return'));
    const taken = [ledgerAccount.income(ORGANISATION_ID), ledgerAccount.charges('mpesa'), ledgerAccount.tax];
    const fees = taken.reduce((sum, account) => sum + sumOf(account), 0n);
    const left = sumOf(ledgerAccount.organisation(ORGANISATION_ID));
    // A part of a payment of which nobody can say yet stays set aside with them.
    const aside =
      sumOf(ledgerAccount.reserved('mpesa')) - sum([...parts.values()].filter(({ state }) => state === 'granted'));
    // What two attempts of one row have paid, by the operator's lies: a debt of whoever got it.
    const overpaid = -sumOf(ledgerAccount.overpaid(ORGANISATION_ID));
    const isLied = facts.transfers.some((one) => isLiedAbout(facts, one));
    const findings: Finding[] = [];
    const say = (text: string) => findings.push({ text, about: [] });
    if (aside !== 0n) say(`${aside} stays set aside`);
    if (sumOf(ledgerAccount.payoutFees(ORGANISATION_ID)) !== 0n) say('fees stay set aside');
    if (overpaid !== 0n && !isLied) say(`${overpaid} was paid twice`);
    if (brought + overpaid !== paid + fees + left + aside) {
      say(`${brought} was brought; paid ${paid}, fees ${fees}, left ${left}, overpaid ${overpaid}`);
    }
    if (left < 0n && !isLied) say(`${-left} was paid that was not there`);
    return findings;
  },
};

export const payoutChecks: readonly Check[] = [paidOutOnce, paidAsApproved, rowsTrue, failedUnpaid, payoutsTie];

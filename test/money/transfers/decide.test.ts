import { expect } from 'chai';
import fc from 'fast-check';
import type { Msisdn } from '../../../src/kernel/index.ts';
import {
  type Decision,
  decide,
  type Transfer,
  type TransferState,
  transferStates,
} from '../../../src/money/transfers/index.ts';
import type { Evidence } from '../../../src/providers/operators/index.ts';
import { kes } from '../../support/fake-providers.ts';

const PAYER = '+254711000001' as Msisdn;
const OTHER = '+254711000002' as Msisdn;

type Known = Parameters<typeof decide>[0];

const transfer = (state: TransferState, patch: Partial<Transfer> = {}): Known => ({
  state,
  ...kes(500),
  payer: PAYER,
  maskedPayer: null,
  receipt: null,
  resultCode: null,
  route: 'prompt',
  ...patch,
});

const evidence = (rank: Evidence['rank'], outcome: Evidence['outcome'], patch: Partial<Evidence> = {}): Evidence => ({
  rank,
  outcome,
  code: outcome === 'succeeded' ? '0' : outcome === 'unproven' ? '17' : '1032',
  description: '',
  ...patch,
});

const proof = { receipt: 'R1', amount: kes(500) };

/** What a decision does, in one word. */
const verb = (decision: Decision): string => (decision.do === 'settle' ? decision.to : decision.do);

const STATES: Record<string, Known> = {
  requested: transfer('requested'),
  submitted: transfer('submitted'),
  unknown: transfer('unknown', { resultCode: '8006' }),
  'unknown 17': transfer('unknown', { resultCode: '17' }),
  failed: transfer('failed', { resultCode: '1032' }),
  'succeeded R1': transfer('succeeded', { receipt: 'R1' }),
  'succeeded, no receipt': transfer('succeeded'),
};

const EVIDENCE: Record<string, Evidence> = {
  'callback R1': evidence('callback', 'succeeded', proof),
  'callback R2': evidence('callback', 'succeeded', { ...proof, receipt: 'R2' }),
  'callback, no receipt': evidence('callback', 'succeeded', { amount: kes(500) }),
  'callback, no amount': evidence('callback', 'succeeded', { receipt: 'R1' }),
  'callback 1032': evidence('callback', 'failed'),
  'callback 17': evidence('callback', 'unproven'),
  'callback R1, another amount': evidence('callback', 'succeeded', { ...proof, amount: kes(499) }),
  'callback R1, another payer': evidence('callback', 'succeeded', { ...proof, payer: OTHER }),
  'query 0': evidence('query', 'succeeded'),
  'query 1032': evidence('query', 'failed'),
  'query 17': evidence('query', 'unproven'),
  'query pending': evidence('query', 'pending'),
  'pull R1': evidence('query', 'succeeded', proof),
  'pull R1, another payer': evidence('query', 'succeeded', { ...proof, payer: OTHER }),
  'statement R2': evidence('statement', 'succeeded', { ...proof, receipt: 'R2' }),
  'ack refused': evidence('acknowledgement', 'failed'),
  'ack lost': evidence('acknowledgement', 'unproven', { code: 'timeout' }),
};

/** One line a kind of evidence, in the order of the states above. */
const TABLE = `
evidence                    | requested | submitted | unknown       | unknown 17    | failed        | succeeded R1       | succeeded, no receipt
callback R1                 | succeeded | succeeded | succeeded     | succeeded     | succeeded     | nothing            | attach-receipt
callback R2                 | succeeded | succeeded | succeeded     | succeeded     | succeeded     | book-second-money  | attach-receipt
callback, no receipt        | nothing   | nothing   | nothing       | nothing       | nothing       | nothing            | nothing
callback, no amount         | nothing   | nothing   | nothing       | nothing       | nothing       | nothing            | nothing
callback 1032               | mismatch  | failed    | failed        | failed        | nothing       | contradiction      | contradiction
callback 17                 | nothing   | unknown   | remember-code | nothing       | nothing       | nothing            | nothing
callback R1, another amount | mismatch  | mismatch  | mismatch      | mismatch      | mismatch      | mismatch           | mismatch
callback R1, another payer  | mismatch  | mismatch  | mismatch      | mismatch      | mismatch      | mismatch           | mismatch
query 0                     | mismatch  | succeeded | succeeded     | succeeded     | contradiction | nothing            | nothing
query 1032                  | mismatch  | failed    | failed        | failed        | nothing       | contradiction      | contradiction
query 17                    | nothing   | unknown   | remember-code | failed        | nothing       | nothing            | nothing
query pending               | nothing   | nothing   | nothing       | nothing       | nothing       | nothing            | nothing
pull R1                     | succeeded | succeeded | succeeded     | succeeded     | succeeded     | nothing            | attach-receipt
pull R1, another payer      | succeeded | succeeded | succeeded     | succeeded     | succeeded     | nothing            | attach-receipt
statement R2                | succeeded | succeeded | succeeded     | succeeded     | succeeded     | book-second-money  | attach-receipt
ack refused                 | mismatch  | failed    | failed        | failed        | nothing       | contradiction      | contradiction
ack lost                    | nothing   | unknown   | remember-code | remember-code | nothing       | nothing            | nothing
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const [head = [], ...body] = rows;

describe('the rule of evidence', () => {
  it('has a line for every kind of evidence and a column for every state', () => {
    expect(head.slice(1)).to.deep.equal(Object.keys(STATES));
    expect(body.map(([name]) => name)).to.deep.equal(Object.keys(EVIDENCE));
    expect(new Set(Object.values(STATES).map(({ state }) => state)).size).to.equal(
      Object.keys(transferStates.next).length,
    );
  });

  for (const [name = '', ...expected] of body) {
    it(`${name}`, () => {
      const decided = Object.values(STATES).map((known) => verb(decide(known, EVIDENCE[name] as Evidence)));
      expect(decided).to.deep.equal(expected);
    });
  }

  it('only ever decides what the table of states allows', () => {
    for (const known of Object.values(STATES)) {
      for (const seen of Object.values(EVIDENCE)) {
        const decision = decide(known, seen);
        if (decision.do === 'settle') transferStates.assert(known.state, decision.to);
      }
    }
  });
});

/** What `settleTransfer` does with a decision, without the stores: the model that the property is about. */
function apply(known: Known, seen: Evidence): { known: Known; booked: string[] } {
  const decision = decide(known, seen);
  switch (decision.do) {
    case 'settle': {
      transferStates.assert(known.state, decision.to);
      const receipt = seen.receipt ?? known.receipt;
      const settled = { ...known, state: decision.to, receipt, resultCode: seen.code };
      return { known: settled, booked: decision.to === 'succeeded' ? ['collected'] : [] };
    }
    case 'attach-receipt':
      return { known: { ...known, receipt: seen.receipt ?? null }, booked: [] };
    case 'remember-code':
      return { known: { ...known, resultCode: seen.code }, booked: [] };
    case 'book-second-money':
      return { known, booked: [`second ${seen.receipt}`] };
    default:
      return { known, booked: [] };
  }
}

const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    rank: fc.constantFrom<Evidence['rank']>('acknowledgement', 'callback', 'query', 'statement'),
    outcome: fc.constantFrom<Evidence['outcome']>('succeeded', 'failed', 'unproven', 'pending'),
    code: fc.constantFrom('0', '1', '17', '1032', '8006', '4999', 'none'),
    receipt: fc.constantFrom(undefined, 'R1', 'R2', 'R3'),
    amount: fc.constantFrom(undefined, kes(500), kes(500), kes(499)),
    payer: fc.constantFrom(undefined, PAYER, OTHER),
  })
  .map(({ receipt, amount, payer, ...rest }) => ({
    ...rest,
    description: '',
    ...(receipt ? { receipt } : {}),
    ...(amount ? { amount } : {}),
    ...(payer ? { payer } : {}),
  }));

describe('any sequence of evidence', () => {
  const story = fc.tuple(
    fc.constantFrom<TransferState>('requested', 'submitted', 'unknown'),
    fc.array(anyEvidence, { maxLength: 25 }),
  );

  it('never undoes a success and collects at most once', () => {
    fc.assert(
      fc.property(story, ([state, seen]) => {
        let known = transfer(state);
        let collected = 0;
        for (const one of seen) {
          const before = known.state;
          const after = apply(known, one);
          known = after.known;
          collected += after.booked.filter((entry) => entry === 'collected').length;
          if (before === 'succeeded') expect(known.state).to.equal('succeeded');
          if (before !== 'requested') expect(known.state).to.not.equal('requested');
        }
        expect(collected).to.equal(known.state === 'succeeded' ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('needs a receipt to turn a failure into a success', () => {
    fc.assert(
      fc.property(anyEvidence, (seen) => {
        const decision = decide(transfer('failed'), seen);
        if (decision.do === 'settle') {
          expect(decision.to).to.equal('succeeded');
          expect(seen.receipt).to.not.equal(undefined);
          if (seen.rank !== 'query') expect(seen.amount).to.deep.equal(kes(500));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends the same in money whatever the order in which two receipts are told', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['R1', 'R2', 'R3'], { minLength: 1 }), fc.boolean(), (receipts, failsFirst) => {
        let known = transfer('submitted');
        if (failsFirst) known = apply(known, evidence('callback', 'failed')).known;
        const booked = [...receipts, ...receipts].flatMap((receipt) => {
          const after = apply(known, evidence('callback', 'succeeded', { ...proof, receipt }));
          known = after.known;
          return after.booked;
        });
        // The stores' unique receipt makes a repeated second money one.
        expect(new Set(booked).size).to.equal(receipts.length);
        expect(booked.filter((entry) => entry === 'collected')).to.have.length(1);
      }),
    );
  });

  it('changes nothing when amount or payer are not those that were asked', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(STATES)), anyEvidence, (known, seen) => {
        const decision = decide(known, { ...seen, amount: kes(1) });
        expect(decision.do).to.equal('mismatch');
      }),
    );
  });
});

import { expect } from 'chai';
import { messageStates } from '../../src/domain/messages/index.ts';
import { paymentStates } from '../../src/domain/payments/index.ts';
import { InvariantError, transitionTable } from '../../src/kernel/index.ts';
import { transferStates } from '../../src/money/transfers/index.ts';

describe('transition table', () => {
  it('allows what it lists and throws on the rest', () => {
    const table = transitionTable<'a' | 'b' | 'c'>('t', ['a'], { a: ['b'], b: ['c', 'b'], c: [] });
    expect(table.allows('a', 'b')).to.equal(true);
    expect(table.allows('a', 'c')).to.equal(false);
    expect(() => table.assert('a', 'c')).to.throw(InvariantError, 't: a -> c');
    expect(table.isFinal('c')).to.equal(true);
    expect(table.isFinal('b')).to.equal(false);
    table.assert('b', 'b');
  });

  it('fails at load for a state that nothing leads to, or that is not declared', () => {
    expect(() => transitionTable<'a' | 'b'>('t', ['a'], { a: [], b: [] })).to.throw('b cannot be reached');
    const undeclared = { a: ['b'] } as unknown as Record<'a' | 'b', ('a' | 'b')[]>;
    expect(() => transitionTable<'a' | 'b'>('t', ['a'], undeclared)).to.throw('b is not declared');
  });

  it('never lets a success of a transfer go', () => {
    expect(transferStates.isFinal('succeeded')).to.equal(true);
    expect(transferStates.next.failed).to.deep.equal(['succeeded']);
    for (const from of ['requested', 'submitted', 'unknown', 'failed'] as const) {
      expect(transferStates.allows(from, 'succeeded'), from).to.equal(true);
      expect(transferStates.allows(from, 'requested'), from).to.equal(false);
    }
    expect(transferStates.allows('unknown', 'submitted')).to.equal(false);
  });

  it('lets collected money end at the biller, in suspense, or owed; never as failed', () => {
    expect([...paymentStates.next.collected].sort()).to.deep.equal(['posted', 'refund-due', 'refunded', 'suspense']);
    // A part that was paid back may come back.
    expect(paymentStates.next.refunded).to.deep.equal(['refund-due']);
    expect(paymentStates.next.posted).to.deep.equal(['refund-due', 'refunded']);
    for (const state of ['collected', 'posted', 'suspense', 'refund-due'] as const) {
      expect(paymentStates.allows(state, 'failed'), state).to.equal(false);
    }
  });

  it('moves a message forward only', () => {
    expect(messageStates.isFinal('delivered') && messageStates.isFinal('failed')).to.equal(true);
    expect(messageStates.allows('sent', 'queued')).to.equal(false);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { type Money, money, newReference, newToken, systemChance } from '../../../src/kernel/index.ts';
import type { PayoutRequest } from '../../../src/providers/operators/index.ts';
import type { PayoutFate, PayoutWorld } from './payout-world.ts';

/** What every operator that pays people must do, whatever its wire. */
export function describePayoutOperator(name: string, start: () => Promise<PayoutWorld>): void {
  describe(`payout operator contract: ${name}`, () => {
    let world: PayoutWorld;
    let amount: Money;

    before(async () => {
      world = await start();
      amount = money(50_000n, world.operator.currency);
    });
    after(() => world.stop());

    function payout(change: Partial<PayoutRequest> = {}): PayoutRequest {
      return {
        ...{ reference: newReference(systemChance), callbackToken: newToken(systemChance), amount },
        ...{ recipient: world.recipient, purpose: 'salary', remarks: 'Pay of November' },
        ...change,
      };
    }

    async function taken(fate: PayoutFate) {
      await world.arrange(fate);
      const request = payout();
      const answer = await world.operator.pay(request);
      if (answer.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
      return { request, ids: answer.ids };
    }

    it('takes a payout under our reference, and tells of it with receipt, amount, recipient and his name', async () => {
      const { request, ids } = await taken('paid');
      expect(ids.requestId).to.equal(request.reference);
      const told = world.operator.parsePayoutResult(await world.result(request.callbackToken));
      expect(told?.ids).to.deep.equal(ids);
      expect(told?.evidence).to.include({ outcome: 'succeeded', code: '0', payer: world.recipient });
      expect(told?.evidence.amount).to.deep.equal(amount);
      expect(told?.evidence.receipt).to.match(/^[A-Z0-9]{6,20}$/);
      expect(told?.evidence.completedAtMs).to.be.greaterThan(Date.UTC(2020, 0, 1));
      expect(told?.recipientName).to.match(/^[A-Z]/i);
    });

    for (const cause of ['not-registered', 'float-short', 'credential-refused'] as const) {
      it(`tells of ${cause} as a proven failure, without a receipt`, async () => {
        const { request, ids } = await taken(cause);
        const told = world.operator.parsePayoutResult(await world.result(request.callbackToken));
        expect(told?.ids).to.deep.equal(ids);
        expect(told?.evidence).to.include({ outcome: 'failed', cause });
        expect(told?.evidence).to.not.have.any.keys('receipt', 'amount');
        expect(told).to.not.have.property('recipientName');
      });
    }

    it('takes one request under a reference, and says so of the second', async () => {
      const { request } = await taken('paid');
      expect(await world.operator.pay(request)).to.include({ kind: 'known-before' });
      const again = { ...request, callbackToken: newToken(systemChance) };
      expect(await world.operator.pay(again)).to.include({ kind: 'known-before' });
    });

    for (const fate of ['lost-answer', 'http-500', 'html'] as const) {
      it(`calls the outcome unknown after ${fate}, and sends the request once only`, async () => {
        await world.arrange(fate);
        const before = await world.requests();
        expect((await world.operator.pay(payout())).kind).to.equal('unknown');
        expect((await world.requests()) - before).to.equal(1);
        await world.arrange('paid');
      });
    }

    it('can be asked by our reference about a payout whose acknowledgement was lost', async () => {
      await world.arrange('lost-answer');
      const request = payout();
      expect((await world.operator.pay(request)).kind).to.equal('unknown');
      await world.arrange('paid');
      const told = world.operator.parsePayoutResult(await world.result(request.callbackToken));
      const asked = await world.operator.askStatus({ requestId: request.reference, token: request.callbackToken });
      if (asked.kind !== 'accepted') throw new Error(`not asked: ${JSON.stringify(asked)}`);
      const body = await world.statusResult(request.callbackToken);
      const status = world.operator.parseStatusResult(body);
      expect(status).to.include({ found: true, completed: true, reversed: false, payer: world.recipient });
      expect(status?.conversationId).to.equal(asked.conversationId);
      expect(status?.receipt).to.equal(told?.evidence.receipt);
      expect(status?.amount).to.deep.equal(amount);
    });

    it('tells what the account that pays holds, and less of it after a payout', async () => {
      const held = async () => {
        const token = newToken(systemChance);
        const asked = await world.operator.askBalance(token);
        if (asked.kind !== 'accepted') throw new Error(`not asked: ${JSON.stringify(asked)}`);
        const told = world.operator.parseBalanceResult(await world.balanceResult(token));
        expect(told?.conversationId).to.equal(asked.conversationId);
        expect(told?.asOfMs).to.be.greaterThan(Date.UTC(2020, 0, 1));
        return told?.accounts;
      };
      const before = await held();
      const { request } = await taken('paid');
      await world.result(request.callbackToken);
      const after = await held();
      expect(after?.utilityMinor).to.equal((before?.utilityMinor ?? 0n) - amount.amountMinor);
      expect(after?.workingMinor).to.equal(before?.workingMinor);
      expect(after?.chargesMinor).to.equal(-154_000n);
    });

    it('says that it was not sent when the operator asks for a slower pace, or cannot be reached', async () => {
      await world.arrange('pace');
      const slow = await world.operator.pay(payout());
      expect(slow).to.include({ kind: 'not-sent', why: 'pace' });
      if (slow.kind === 'not-sent') expect(slow.retryAfterMs).to.be.greaterThan(0);
      await world.arrange('paid');
      const operator = await world.unreachable();
      expect(await operator.pay(payout())).to.include({ kind: 'not-sent', why: 'unreachable' });
      const question = { requestId: 'MAAAAAAAAA', token: 'a'.repeat(40) };
      expect(await operator.askStatus(question)).to.include({ kind: 'unknown' });
      expect(await operator.askBalance('a'.repeat(40))).to.include({ kind: 'unknown' });
    });

    it('refuses what is no payout: a bug, not an answer', async () => {
      const before = await world.requests();
      for (const change of [
        { amount: money(50_001n, world.operator.currency) },
        { amount: money(0n, world.operator.currency) },
        { callbackToken: 'Not-Hex' },
        { remarks: '' },
      ]) {
        let thrown: unknown;
        await world.operator.pay(payout(change)).catch((error: unknown) => {
          thrown = error;
        });
        expect(thrown, JSON.stringify(Object.keys(change))).to.be.instanceOf(Error);
      }
      expect(await world.requests()).to.equal(before);
    });

    it('never throws on what an outsider sends', () => {
      fc.assert(
        fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withObjectString: true }), (body) => {
          expect(world.operator.parsePayoutResult(body)).to.equal(undefined);
          expect(world.operator.parseBalanceResult(body)).to.equal(undefined);
          expect(world.operator.parsePayoutTimeout(body)?.requestId).to.equal(undefined);
        }),
        { numRuns: 500 },
      );
    });
  });
}

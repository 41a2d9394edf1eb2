import { expect } from 'chai';
import fc from 'fast-check';
import { type Money, money, newReference, newToken, systemChance, systemClock } from '../../../src/kernel/index.ts';
import type { CollectRequest, OperatorIds } from '../../../src/providers/operators/index.ts';
import type { OperatorWorld, PromptFate } from './operator-world.ts';

/** What every operator that collects must do, whatever its wire. */
export function describeCollectionOperator(name: string, start: () => Promise<OperatorWorld>): void {
  describe(`collection operator contract: ${name}`, () => {
    let world: OperatorWorld;
    let amount: Money;

    before(async () => {
      world = await start();
      amount = money(50_000n, world.operator.currency);
    });
    after(() => world.stop());

    function prompt(): CollectRequest {
      return {
        reference: newReference(systemChance),
        callbackToken: newToken(systemChance),
        amount,
        payer: world.payer,
        description: 'Maji Water bill',
      };
    }

    async function accepted(fate: PromptFate): Promise<{ request: CollectRequest; ids: OperatorIds }> {
      await world.arrange(fate);
      const request = prompt();
      const answer = await world.operator.collect(request);
      if (answer.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
      return { request, ids: answer.ids };
    }

    it('takes a prompt, and tells of its success with receipt, amount and payer', async () => {
      const { request, ids } = await accepted('paid');
      const told = world.operator.parseCollectCallback(await world.callback(request.callbackToken));
      expect(told?.checkoutRequestId).to.equal(ids.checkoutRequestId);
      expect(told?.merchantRequestId).to.equal(ids.merchantRequestId);
      expect(told?.evidence).to.include({ rank: 'callback', outcome: 'succeeded', code: '0', payer: world.payer });
      expect(told?.evidence.amount).to.deep.equal(amount);
      expect(told?.evidence.receipt).to.match(/^[A-Z0-9]{6,20}$/);
      expect(told?.evidence.completedAtMs).to.be.greaterThan(Date.UTC(2020, 0, 1));
    });

    it('tells of a cancelled prompt as a proven failure, without a receipt', async () => {
      const { request } = await accepted('cancelled');
      const told = world.operator.parseCollectCallback(await world.callback(request.callbackToken));
      expect(told?.evidence).to.include({ rank: 'callback', outcome: 'failed' });
      expect(told?.evidence).to.not.have.any.keys('receipt', 'amount');
    });

    it('asks about a paid prompt: succeeded, of rank query', async () => {
      const { request, ids } = await accepted('paid');
      await world.callback(request.callbackToken);
      const evidence = await world.operator.queryCollection(ids, amount);
      expect(evidence).to.include({ rank: 'query', outcome: 'succeeded', code: '0' });
    });

    for (const fate of ['lost-answer', 'http-500', 'html'] as const) {
      it(`calls the outcome unknown after ${fate}, and sends the prompt once only`, async () => {
        await world.arrange(fate);
        const before = await world.prompts();
        expect((await world.operator.collect(prompt())).kind).to.equal('unknown');
        expect((await world.prompts()) - before).to.be.at.most(1);
        await world.arrange('paid');
      });
    }

    it('calls a prompt rejected that a busy operator did not take', async () => {
      await world.arrange('busy');
      expect(await world.operator.collect(prompt())).to.include({ kind: 'rejected', cause: 'busy' });
      await world.arrange('paid');
    });

    it('calls a prompt rejected that never left', async () => {
      const operator = await world.unreachable();
      expect(await operator.collect(prompt())).to.include({ kind: 'rejected', cause: 'busy' });
      const ids = { checkoutRequestId: 'ws_CO_1', merchantRequestId: 'm-1' };
      expect(await operator.queryCollection(ids, amount)).to.include({ outcome: 'pending' });
      expect(await operator.pullMovements(0, 1)).to.include({ kind: 'unknown' });
      expect(await operator.askStatus({ receipt: 'SG71234567', token: 'a'.repeat(40) })).to.include({
        kind: 'unknown',
      });
      expect(await operator.registerPaybill()).to.include({ kind: 'failed' });
    });

    it('refuses to prompt for a part of a unit: a bug, not an answer', async () => {
      let thrown: unknown;
      await world.operator
        .collect({ ...prompt(), amount: money(50_001n, world.operator.currency) })
        .catch((error: unknown) => {
          thrown = error;
        });
      expect(thrown).to.be.instanceOf(Error);
    });

    it('sees the payment in the list of what arrived, under our reference', async () => {
      const { request } = await accepted('paid');
      const told = world.operator.parseCollectCallback(await world.callback(request.callbackToken));
      const now = systemClock.now();
      const pulled = await world.operator.pullMovements(now - 3_600_000, now + 60_000);
      if (pulled.kind !== 'movements') throw new Error(`nothing pulled: ${JSON.stringify(pulled)}`);
      const movement = pulled.movements.find((one) => one.account === request.reference);
      expect(movement?.receipt).to.equal(told?.evidence.receipt);
      expect(movement?.amount).to.deep.equal(amount);
      expect(movement?.shortCode).to.equal(world.operator.shortCode);
    });

    it('reads a paybill confirmation, and learns the payer by asking for the receipt', async () => {
      const body = await world.payPaybill('100200300', amount);
      const movement = world.operator.parsePaybillConfirmation(body);
      if (!movement) throw new Error('the confirmation was not read');
      expect(movement).to.include({ account: '100200300', shortCode: world.operator.shortCode });
      expect(movement.amount).to.deep.equal(amount);
      expect(world.operator.parsePaybillValidation(body)).to.deep.include({ account: '100200300', amount });

      const token = newToken(systemChance);
      const asked = await world.operator.askStatus({ receipt: movement.receipt, token });
      if (asked.kind !== 'accepted') throw new Error(`not asked: ${JSON.stringify(asked)}`);
      const result = world.operator.parseStatusResult(await world.statusResult(token));
      expect(result).to.include({ found: true, completed: true, receipt: movement.receipt, payer: world.payer });
      expect(result?.conversationId).to.equal(asked.conversationId);
      expect(result?.amount).to.deep.equal(amount);
    });

    describe('taking a payment back', () => {
      const reversal = (receipt: string) => ({
        ...{ receipt, amount, callbackToken: newToken(systemChance) },
        remarks: 'Refund M3FT8BKJBA',
      });

      async function paid(): Promise<string> {
        const { request } = await accepted('paid');
        const told = world.operator.parseCollectCallback(await world.callback(request.callbackToken));
        return told?.evidence.receipt ?? '';
      }

      it('is taken on, and told with a receipt of its own, the one that it undoes, the amount and who got it', async () => {
        const receipt = await paid();
        const request = reversal(receipt);
        const answer = await world.operator.reverse(request);
        if (answer.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
        const told = world.operator.parseReversalResult(await world.reversalResult(request.callbackToken));
        expect(told?.ids).to.deep.equal(answer.ids);
        expect(told).to.include({ ofReceipt: receipt, reversedBefore: false });
        expect(told?.evidence).to.include({ outcome: 'succeeded', code: '0', payer: world.payer });
        expect(told?.evidence.amount).to.deep.equal(amount);
        expect(told?.evidence.receipt)
          .to.match(/^[A-Z0-9]{6,20}$/)
          .and.not.equal(receipt);
        expect(told?.evidence.completedAtMs).to.be.greaterThan(Date.UTC(2020, 0, 1));
      });

      it('is done once: the second time it is said that it was done before, which is no failure', async () => {
        const receipt = await paid();
        const [first, second] = [reversal(receipt), reversal(receipt)];
        await world.operator.reverse(first);
        await world.reversalResult(first.callbackToken);
        expect(await world.operator.reverse(second)).to.include({ kind: 'accepted' });
        const told = world.operator.parseReversalResult(await world.reversalResult(second.callbackToken));
        expect(told).to.include({ reversedBefore: true });
        expect(told?.evidence).to.include({ outcome: 'unproven' });
        expect(told?.evidence).to.not.have.any.keys('receipt', 'amount');
      });

      for (const fate of ['lost-answer', 'http-500'] as const) {
        it(`is unknown after ${fate}`, async () => {
          const request = reversal(await paid());
          await world.arrange(fate);
          expect((await world.operator.reverse(request)).kind).to.equal('unknown');
          await world.arrange('paid');
        });
      }

      it('is rejected by a busy operator, and by one that cannot be reached', async () => {
        const request = reversal(await paid());
        await world.arrange('busy');
        expect(await world.operator.reverse(request)).to.include({ kind: 'rejected', cause: 'busy' });
        await world.arrange('paid');
        const operator = await world.unreachable();
        expect(await operator.reverse(request)).to.include({ kind: 'rejected', cause: 'busy' });
      });
    });

    it('registers its paybill addresses', async () => {
      expect(await world.operator.registerPaybill()).to.deep.equal({ kind: 'accepted' });
    });

    it('never throws on what an outsider sends', () => {
      fc.assert(
        fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withObjectString: true }), (body) => {
          expect(world.operator.parseCollectCallback(body)).to.equal(undefined);
          expect(world.operator.parsePaybillConfirmation(body)).to.equal(undefined);
          expect(world.operator.parsePaybillValidation(body)).to.equal(undefined);
          expect(world.operator.parseStatusResult(body)).to.equal(undefined);
          expect(world.operator.parseReversalResult(body)).to.equal(undefined);
        }),
        { numRuns: 500 },
      );
    });
  });
}

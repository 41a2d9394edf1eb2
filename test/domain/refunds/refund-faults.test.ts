import { expect } from 'chai';
import { type Refund, refundEvents, withdrawRefund } from '../../../src/domain/refunds/index.ts';
import type { Transfer } from '../../../src/money/transfers/index.ts';
import type { Handler } from '../../../src/platform/outbox/index.ts';
import { statusResult } from '../../support/daraja-bodies.ts';
import { type Domain, newMsisdn, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { kes, reverseIdsOf } from '../../support/fake-providers.ts';
import { actorOf, giveBack, propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import {
  current,
  masked,
  type Prompted,
  payAtPaybill,
  payByCallback,
  prompt,
  refusalOf,
} from '../../support/stories.ts';

describeOnStores('refunds, when things go wrong', (stores) => {
  let domain: Domain;
  let steps: Map<string, Handler>;
  before(async () => {
    domain = await openDomain(stores());
    steps = new Map(domain.handlers);
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    for (const [topic, step] of steps) domain.handlers.set(topic, step);
  });
  staysSound(() => domain);

  const pay = async (request: Parameters<typeof prompt>[1] = {}): Promise<Prompted> => {
    const story = await prompt(domain, request);
    await payByCallback(domain, story);
    await domain.runOutbox();
    return current(domain, story.payment.id);
  };
  const stateOf = async (refund: Refund) => (await refundNow(domain, refund)).state;
  const reversalOf = async (refund: Refund): Promise<Transfer> =>
    domain.transfer({ id: (await refundNow(domain, refund)).reversalId ?? '' });
  const granted = async ({ payment }: Prompted): Promise<Refund> => {
    const refund = await propose(domain.deps, payment.id);
    await vote(domain.deps, refund);
    await domain.runOutbox();
    return refund;
  };
  const failed = (asked: Transfer, code = '21') => giveBack(domain, asked, { code, receipt: undefined as never });
  const breakTypes = async () => (await domain.breaks()).map(({ breakType }) => breakType);
  /** Nothing of the money is left anywhere, and it went once. */
  const expectPaidBack = async (story: Prompted) => {
    expect((await current(domain, story.payment.id)).payment.state).to.equal('refunded');
    for (const account of [
      'owed-to-customers',
      'float:mpesa',
      'taken-back',
      'collected-unposted',
      'payable:maji-water',
    ]) {
      expect(await domain.balanceOf(account), account).to.equal(0n);
    }
  };

  it('does every step twice as if the process had died after it, and pays once', async () => {
    for (const [topic, step] of steps) {
      const handle: Handler['handle'] = async (payload, row) => {
        await step.handle(payload, row);
        return step.handle(payload, row);
      };
      domain.handlers.set(topic, { ...step, handle });
    }
    const story = await pay();
    const refund = await granted(story);
    await giveBack(domain, await reversalOf(refund));
    await domain.runFor(24 * 3_600_000);
    expect(domain.failures).to.deep.equal([]);
    expect(domain.operator.reversals).to.have.length(1);
    expect(await stateOf(refund)).to.equal('paid');
    await expectPaidBack(story);
    const told = domain.sms.to(story.payer);
    expect(told.length, 'receipt, granted, given back').to.equal(3);
    expect(new Set(told).size).to.equal(3);
  });

  it('never sends it again when the process dies with a byte sent; it asks, and the answer decides', async () => {
    domain.operator.reverseScript.push(() => {
      throw new Error('the process died');
    });
    const story = await pay();
    const refund = await granted(story);
    expect(await reversalOf(refund)).to.include({ state: 'submitted', checkoutRequestId: null });
    await domain.runFor(80_000);
    expect(domain.operator.reversals).to.have.length(1);
    const { statusConversationId, callbackToken, state } = await reversalOf(refund);
    expect(state).to.equal('unknown');
    const { receipt } = story.transfer;
    expect(domain.operator.statusQuestions).to.deep.equal([{ receipt, token: callbackToken }]);
    const about = { conversationId: statusConversationId ?? '', receipt: receipt ?? '', payer: story.payer };
    await domain.arrive('status', statusResult({ ...about, status: 'Reversed' }), callbackToken);
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    await expectPaidBack(story);
  });

  it('asks the biller again when the process dies after its yes, and goes on', async () => {
    domain.water.cancelScript.push((reference) => {
      domain.water.booked.delete(reference);
      throw new Error('the process died');
    });
    const story = await pay();
    const refund = await granted(story);
    expect(await stateOf(refund)).to.equal('agreed');
    expect(await domain.balanceOf('payable:maji-water')).to.equal(-50_000n);
    await domain.runFor(10_000);
    expect(domain.water.cancels).to.deep.equal([story.payment.reference, story.payment.reference]);
    expect(await stateOf(refund)).to.equal('granted');
    await giveBack(domain, await reversalOf(refund));
    await domain.runOutbox();
    await expectPaidBack(story);
  });

  it('believes a result that is faster than the acknowledgement, and one whose acknowledgement was lost', async () => {
    domain.operator.reverseScript.push(async ({ receipt, callbackToken }) => {
      await giveBack(domain, await domain.transfer({ callbackToken }));
      await domain.runOutbox();
      return { kind: 'accepted', ids: reverseIdsOf(receipt) };
    });
    domain.operator.reverseScript.push({ kind: 'unknown', code: 'timeout', description: '' });
    for (const isFaster of [true, false]) {
      const story = await pay();
      const refund = await granted(story);
      if (!isFaster) await giveBack(domain, await reversalOf(refund));
      await domain.runOutbox();
      expect(await stateOf(refund)).to.equal('paid');
      await expectPaidBack(story);
    }
    await domain.runFor(3 * 3_600_000);
    expect(domain.operator.statusQuestions).to.deep.equal([]);
  });

  it('believes a failure only of the request that it knows', async () => {
    domain.operator.reverseScript.push({ kind: 'unknown', code: 'timeout', description: '' });
    const refund = await granted(await pay());
    await failed(await reversalOf(refund));
    await domain.runFor(5_000);
    expect(await stateOf(refund)).to.equal('granted');
    await domain.runFor(20 * 60_000);
    expect(await stateOf(refund)).to.equal('granted');
    expect(await breakTypes()).to.include('callback-unmatched');
  });

  it('takes a result once that comes ten times at once', async () => {
    const story = await pay();
    const refund = await granted(story);
    const asked = await reversalOf(refund);
    const receipt = newReceipt();
    await Promise.all(Array.from({ length: 10 }, () => giveBack(domain, asked, { receipt })));
    // Another body of the same: its time is written otherwise.
    await giveBack(domain, asked, { receipt, atMs: domain.clock.now() + 1_000 });
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    await expectPaidBack(story);
    expect(domain.sms.to(story.payer)).to.have.length(3);
    expect(await breakTypes()).to.deep.equal([]);
  });

  it('undoes nothing when a failure follows the success: a person looks', async () => {
    const story = await pay();
    const refund = await granted(story);
    const asked = await reversalOf(refund);
    await giveBack(domain, asked);
    await failed(asked);
    await domain.runOutbox();
    expect(await reversalOf(refund)).to.include({ state: 'succeeded' });
    await expectPaidBack(story);
    expect(await breakTypes()).to.deep.equal(['contradiction']);
  });

  it('takes a second receipt for money that went twice: a person looks', async () => {
    const story = await pay();
    const refund = await granted(story);
    const asked = await reversalOf(refund);
    await giveBack(domain, asked);
    await giveBack(domain, asked);
    await domain.runOutbox();
    await expectPaidBack(story);
    expect(await breakTypes()).to.deep.equal(['contradiction']);
  });

  it('pays after all on proof that comes after the failure', async () => {
    const story = await pay();
    const refund = await granted(story);
    const asked = await reversalOf(refund);
    await failed(asked);
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('failed');
    await giveBack(domain, asked);
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    await expectPaidBack(story);
  });

  for (const order of ['while the second is under way', 'after the second was confirmed without a receipt'] as const) {
    it(`books the money once when proof of a first request comes ${order}`, async () => {
      const story = await pay();
      const first = await granted(story);
      const lost = await reversalOf(first);
      await failed(lost);
      await domain.runOutbox();
      const second = await granted(story);
      const asked = await reversalOf(second);
      const ids = { conversationId: 'AG_R_second', requestId: 'rr-second' };
      await domain.deps.database.transaction((tx) =>
        tx.manager.update('transfer', { id: asked.id }, { checkoutRequestId: ids.conversationId }),
      );
      const alreadyReversed = () => giveBack(domain, asked, { ...ids, code: 'R000001', receipt: undefined as never });
      if (order === 'while the second is under way') {
        await giveBack(domain, lost);
        await domain.runOutbox();
        expect(await stateOf(first)).to.equal('paid');
        await alreadyReversed();
        await domain.runOutbox();
        expect(await stateOf(second), 'it moved nothing').to.equal('failed');
      } else {
        await alreadyReversed();
        await domain.runOutbox();
        const { statusConversationId, callbackToken } = await reversalOf(second);
        const about = { conversationId: statusConversationId ?? '', receipt: story.transfer.receipt ?? '' };
        const said = statusResult({ ...about, payer: story.payer, status: 'Reversed' });
        await domain.arrive('status', said, callbackToken);
        await domain.runOutbox();
        expect(await stateOf(second)).to.equal('paid');
        await giveBack(domain, lost);
        await domain.runOutbox();
        expect(await stateOf(first)).to.equal('failed');
      }
      await expectPaidBack(story);
      const told = domain.sms.to(story.payer).filter((text) => text.includes('We still owe it to you'));
      expect(told, 'of the first failure alone').to.have.length(1);
      expect((await breakTypes()).filter((type) => type === 'refund-failed')).to.have.length(1);
    });
  }

  it('asks sooner when the operator says that it ran out of time', async () => {
    const story = await pay();
    const refund = await granted(story);
    const { callbackToken } = await reversalOf(refund);
    await domain.arrive('reversal-timeout', '{"Initiator":"i","TransactionID":"SG1"}', callbackToken);
    await domain.runOutbox();
    const { requestId } = reverseIdsOf(story.transfer.receipt ?? '');
    expect(domain.operator.statusQuestions).to.deep.equal([{ requestId, token: callbackToken }]);
    const asked = await reversalOf(refund);
    expect(asked.state).to.equal('unknown');
    const about = { conversationId: asked.statusConversationId ?? '', receipt: newReceipt(), payer: story.payer };
    await domain.arrive('status', statusResult({ ...about, amount: kes(400) }), callbackToken);
    await domain.runOutbox();
    expect((await reversalOf(refund)).state, 'of another amount').to.equal('unknown');
    await domain.arrive('status', statusResult(about), callbackToken);
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    expect(domain.operator.reversals).to.have.length(1);
    await expectPaidBack(story);
  });

  for (const when of ['while it is under way', 'when it is paid back'] as const) {
    it(`tells a payer at the paybill who becomes known ${when}, and sends him no receipt`, async () => {
      const payer = newMsisdn();
      const receipt = await payAtPaybill(domain, { msisdn: masked(payer) });
      await domain.runOutbox();
      const payment = await domain.payment({ operatorReceipt: receipt });
      expect(payment).to.include({ state: 'posted', payer: null });
      const refund = await propose(domain.deps, payment.id);
      await vote(domain.deps, refund);
      await domain.runOutbox();
      if (when === 'when it is paid back') {
        await giveBack(domain, await reversalOf(refund), { payer });
        await domain.runOutbox();
        expect(await stateOf(refund)).to.equal('paid');
      }
      expect(domain.sms.sent).to.deep.equal([]);
      const { statusConversationId, callbackToken } = await domain.transfer({ receipt });
      const status = when === 'when it is paid back' ? 'Reversed' : 'Completed';
      const about = { conversationId: statusConversationId ?? '', receipt, payer, status };
      await domain.arrive('status', statusResult(about), callbackToken);
      await domain.runOutbox();
      const told =
        when === 'when it is paid back' ? 'back to the number that paid' : 'goes back to the number that paid';
      expect(domain.sms.to(payer)).to.have.length(1);
      expect(domain.sms.to(payer)[0]).to.include(told).and.not.include('could not take');
    });
  }

  it('goes on once when two people agree at the same moment, and says to the second what the first did', async () => {
    const refund = await propose(domain.deps, (await pay()).payment.id);
    const votes = ['lucy', 'moses', 'zoe'].map((by) => vote(domain.deps, refund, { by }));
    const settled = await Promise.allSettled(votes);
    expect(settled.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    for (const one of settled) {
      if (one.status === 'rejected') expect(one.reason).to.include({ code: 'approval.decided' });
    }
    await domain.runOutbox();
    expect(domain.operator.reversals).to.have.length(1);
  });

  it('asks for one reversal when two workers release one refund', async () => {
    const story = await pay();
    const refund = await propose(domain.deps, story.payment.id);
    await vote(domain.deps, refund);
    let released: Promise<unknown> | undefined;
    domain.water.cancelScript.push(async () => {
      // A worker whose lease ran out while the biller was thinking, and the one that took over.
      released ??= steps.get('refund.release')?.handle({ refundId: refund.id }, {} as never) as Promise<unknown>;
      await released;
      return { kind: 'cancelled' };
    });
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('granted');
    expect((await domain.transfers()).filter(({ route }) => route === 'reversal')).to.have.length(1);
    expect(domain.operator.reversals).to.have.length(1);
    expect(domain.failures).to.deep.equal([]);
  });

  it('can be withdrawn by who proposed it, and by nobody else, until it is decided', async () => {
    const story = await pay();
    const refund = await propose(domain.deps, story.payment.id);
    const { approvalId } = refund;
    const withdraw = (by: string) =>
      withdrawRefund(domain.deps, actorOf(by), { approvalId, makerId: by, reason: 'the wrong customer' });
    expect((await refusalOf(withdraw('lucy'))).code).to.equal('approval.not-own');
    await withdraw('amina');
    expect(await stateOf(refund)).to.equal('withdrawn');
    expect((await refusalOf(withdraw('amina'))).code).to.equal('approval.decided');
    expect((await refusalOf(vote(domain.deps, refund))).code).to.equal('approval.decided');
    await domain.runOutbox();
    expect(domain.water.cancels).to.deep.equal([]);
    const events = await refundEvents(domain.deps.database, [refund]);
    expect(events.map(({ toState, actor }) => `${toState} ${actor}`)).to.deep.equal([
      'proposed staff:amina',
      'withdrawn staff:amina',
    ]);
    const again = await granted(story);
    expect((await refusalOf(withdraw('amina'))).code).to.equal('approval.decided');
    expect(await stateOf(again)).to.equal('granted');
  });

  for (const [language, goes, failure, gave] of [
    ['sw', 'zitarudishwa kwa namba iliyolipa', 'Bado ni deni letu kwako', 'imerudisha KES 500.00'],
    ['fr', 'seront rendus au numéro qui a payé', 'Nous vous les devons toujours', 'a rendu 500,00 KES'],
  ] as const) {
    it(`tells whoever paid and whoever dialled in ${language}`, async () => {
      const [payer, dialler] = [newMsisdn(), newMsisdn()];
      const story = await pay({ dialler, payer, language });
      const refund = await granted(story);
      for (const number of [payer, dialler]) {
        expect(domain.sms.to(number).at(-1)).to.include(goes);
      }
      const asked = await reversalOf(refund);
      await failed(asked);
      await domain.runOutbox();
      expect(domain.sms.to(payer).at(-1)).to.include(failure);
      await giveBack(domain, asked);
      await domain.runOutbox();
      expect(
        domain.sms
          .to(payer)
          .at(-1)
          ?.replaceAll(/[ {2}]/g, ' '),
      ).to.include(gave);
    });
  }
});

import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import type { Refund } from '../../../src/domain/refunds/index.ts';
import { applyReversal, type Transfer } from '../../../src/money/transfers/index.ts';
import { statusResult } from '../../support/daraja-bodies.ts';
import { type Domain, METER, newMsisdn, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { kes, reverseIdsOf } from '../../support/fake-providers.ts';
import { giveBack, propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, type Prompted, payAtPaybill, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

const PREPAID = { billerId: 'jua-power', account: METER, holder: 'O*** O***' };
const HOUR_MS = 3_600_000;

describeOnStores('refunds', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const pay = async (request: Parameters<typeof prompt>[1] = {}): Promise<Prompted> => {
    const story = await prompt(domain, request);
    await payByCallback(domain, story);
    await domain.runOutbox();
    return current(domain, story.payment.id);
  };
  const reversal = (): Promise<Transfer> => domain.transfer({ route: 'reversal' });
  const stateOf = async (refund: Refund) => (await refundNow(domain, refund)).state;
  /** Proposed and granted; the operator has acknowledged. */
  const granted = async ({ payment }: Prompted): Promise<Refund> => {
    const refund = await propose(domain.deps, payment.id);
    await vote(domain.deps, refund);
    await domain.runOutbox();
    return refund;
  };

  it('gives a booked payment back: the biller first, then the operator, once, and tells whoever paid', async () => {
    const story = await pay();
    const refund = await granted(story);
    expect(domain.water.cancels).to.deep.equal([story.payment.reference]);
    expect(await stateOf(refund)).to.equal('granted');
    expect((await current(domain, story.payment.id)).payment.state).to.equal('refund-due');
    expect(await domain.balanceOf('payable:maji-water')).to.equal(0n);
    expect(await domain.balanceOf('owed-to-customers')).to.equal(-50_000n);
    const asked = await reversal();
    expect(domain.operator.reversals).to.deep.equal([
      {
        ...{ receipt: story.transfer.receipt, amount: kes(500), callbackToken: asked.callbackToken },
        remarks: `Refund ${asked.reference}`,
      },
    ]);
    expect(asked).to.include({ state: 'submitted', purpose: 'refund', purposeId: story.transfer.id });

    const receipt = await giveBack(domain, asked);
    await domain.runOutbox();
    expect(await reversal()).to.include({ state: 'succeeded', receipt, evidenceRank: 'query' });
    expect(await stateOf(refund)).to.equal('paid');
    expect((await current(domain, story.payment.id)).payment.state).to.equal('refunded');
    for (const account of ['owed-to-customers', 'float:mpesa', 'taken-back', 'collected-unposted']) {
      expect(await domain.balanceOf(account), account).to.equal(0n);
    }
    const told = domain.sms.to(story.payer);
    expect(told.filter((text) => text.includes('goes back to the number that paid'))).to.have.length(1);
    expect(told.at(-1)).to.include('KES 500.00').and.include('back to the number that paid');
    await domain.runFor(24 * HOUR_MS);
    expect(domain.operator.reversals).to.have.length(1);
    expect(domain.water.cancels, 'the biller is not asked again').to.have.length(1);
  });

  it('keeps who proposed and who granted it', async () => {
    const refund = await granted(await pay());
    const entries = await domain.deps.database.reader.findBy(AuditEntrySchema, { subjectId: refund.id });
    expect(entries.map(({ act, actorId }) => `${actorId} ${act}`)).to.have.members([
      'amina refund.proposed',
      'lucy refund.vote-grant',
    ]);
  });

  it('asks no biller for money that it never had: suspense, and what is owed already', async () => {
    const receipt = await payAtPaybill(domain, { account: 'NOBODY', msisdn: newMsisdn() });
    await domain.runOutbox();
    const lost = await domain.payment({ operatorReceipt: receipt });
    expect(lost.state).to.equal('suspense');
    domain.water.postScript.push({ kind: 'rejected', why: 'account-closed', description: 'closed' });
    const owed = await pay();
    expect(owed.payment.state).to.equal('refund-due');
    for (const { id } of [lost, owed.payment]) {
      const refund = await propose(domain.deps, id);
      await vote(domain.deps, refund);
      await domain.runOutbox();
      const asked = await domain.transfer({ id: (await refundNow(domain, refund)).reversalId ?? '' });
      await giveBack(domain, asked);
      await domain.runOutbox();
      expect((await domain.payment({ id })).state).to.equal('refunded');
    }
    expect(domain.water.cancels).to.deep.equal([]);
    for (const account of ['suspense', 'owed-to-customers', 'float:mpesa']) {
      expect(await domain.balanceOf(account), account).to.equal(0n);
    }
  });

  it('leaves a token that was used with the biller, and the money where it is', async () => {
    domain.power.cancelScript.push({ kind: 'refused', description: 'the token was used' });
    const story = await pay(PREPAID);
    const refund = await granted(story);
    expect(await stateOf(refund)).to.equal('refused');
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
    expect(domain.operator.reversals).to.deep.equal([]);
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.include('cancel-refused');
    await propose(domain.deps, story.payment.id);
  });

  it('takes an unused token back, and says that it is not valid any more', async () => {
    const story = await pay(PREPAID);
    const refund = await granted(story);
    expect(await stateOf(refund)).to.equal('granted');
    expect(domain.sms.to(story.payer).at(-1)).to.include('Its token is not valid any more');
  });

  it('waits for a biller that is silent, however long, and never pays before it has answered', async () => {
    domain.water.cancelScript.push(...Array.from({ length: 9 }, () => ({ kind: 'unknown' as const, description: '' })));
    const refund = await granted(await pay());
    expect(await stateOf(refund)).to.equal('agreed');
    expect(domain.operator.reversals).to.deep.equal([]);
    await domain.runFor(2 * HOUR_MS);
    expect(await stateOf(refund)).to.equal('granted');
    expect(domain.operator.reversals).to.have.length(1);
  });

  it('has the biller cancel what it may have booked, also when its answer came only afterwards', async () => {
    domain.water.postScript.push({ kind: 'unknown', description: 'silent' });
    const story = await pay();
    expect(story.payment).to.include({ state: 'collected' });
    const refund = await granted(story);
    expect(domain.water.cancels).to.have.length(1);
    expect(await stateOf(refund)).to.equal('granted');
    await domain.runFor(HOUR_MS);
    expect((await current(domain, story.payment.id)).payment.state).to.equal('refund-due');
    expect(
      domain.sms.to(story.payer).filter((text) => text.includes('paid KES')),
      'no receipt',
    ).to.deep.equal([]);
  });

  it('refuses what cannot be given back, a part, too much, and a second time', async () => {
    const { payment: asking } = await prompt(domain);
    expect((await refusalOf(propose(domain.deps, asking.id))).code).to.equal('refund.not-refundable');
    expect((await refusalOf(propose(domain.deps, 'nothing'))).code).to.equal('payment.not-found');
    const { payment } = await pay();
    const part = propose(domain.deps, payment.id, { amount: kes(100) });
    expect((await refusalOf(part)).code).to.equal('refund.part-with-biller');
    const more = propose(domain.deps, payment.id, { amount: kes(501) });
    expect((await refusalOf(more)).code).to.equal('refund.too-much');
    const both = await Promise.allSettled([propose(domain.deps, payment.id), propose(domain.deps, payment.id)]);
    expect(both.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    expect((await refusalOf(propose(domain.deps, payment.id))).code).to.equal('refund.already');
  });

  it('asks for more eyes the more money it is', async () => {
    const receipt = await payAtPaybill(domain, { msisdn: newMsisdn(), amount: kes(150_000) });
    await domain.runOutbox();
    const { id } = await domain.payment({ operatorReceipt: receipt });
    const refund = await propose(domain.deps, id, { by: 'daniel' });
    const finance = { by: 'daniel', roles: ['finance'] };
    expect((await refusalOf(vote(domain.deps, refund, finance))).code).to.equal('approval.own');
    await vote(domain.deps, refund, { by: 'grace', roles: ['finance'] });
    expect((await refusalOf(vote(domain.deps, refund, { by: 'zoe', roles: ['finance'] }))).code).to.equal(
      'approval.role',
    );
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('proposed');
    await vote(domain.deps, refund, { by: 'lucy', roles: ['administrator'] });
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('granted');
  });

  it('does nothing after a no, and lets it be proposed again', async () => {
    const story = await pay();
    const refund = await propose(domain.deps, story.payment.id);
    await vote(domain.deps, refund, { verdict: 'reject' });
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('declined');
    expect(domain.water.cancels).to.deep.equal([]);
    await propose(domain.deps, story.payment.id);
  });

  describe('when the operator’s answers are lost', () => {
    it('asks about it by its own id, and never sends it again', async () => {
      const story = await pay();
      const refund = await granted(story);
      await domain.runFor(80_000);
      const asked = await reversal();
      expect(asked.state).to.equal('unknown');
      expect(domain.operator.statusQuestions).to.deep.equal([
        { requestId: reverseIdsOf(story.transfer.receipt ?? '').requestId, token: asked.callbackToken },
      ]);
      const receipt = newReceipt();
      const about = { conversationId: asked.statusConversationId ?? '', receipt, payer: story.payer };
      await domain.arrive('status', statusResult(about), asked.callbackToken);
      await domain.runOutbox();
      expect(await reversal()).to.include({ state: 'succeeded', receipt });
      expect(await stateOf(refund)).to.equal('paid');
      expect(domain.operator.reversals).to.have.length(1);
    });

    it('asks by the receipt where the acknowledgement was lost, and believes only that it was taken back', async () => {
      domain.operator.reverseScript.push({ kind: 'unknown', code: 'http-500', description: '' });
      const story = await pay();
      const refund = await granted(story);
      expect((await reversal()).state).to.equal('unknown');
      const answer = async (status: string) => {
        const { statusConversationId, callbackToken } = await reversal();
        const receipt = story.transfer.receipt ?? '';
        const about = { conversationId: statusConversationId ?? '', receipt, payer: story.payer, status };
        await domain.arrive('status', statusResult(about), callbackToken);
        await domain.runOutbox();
      };
      await domain.runFor(80_000);
      expect(domain.operator.statusQuestions.at(-1)).to.include({ receipt: story.transfer.receipt });
      await answer('Completed');
      expect(await stateOf(refund)).to.equal('granted');
      await domain.runFor(120_000);
      await answer('Reversed');
      expect(await stateOf(refund)).to.equal('paid');
      expect(domain.operator.reversals).to.have.length(1);
    });

    it('takes “already reversed” for what must be confirmed, and “unknown” for nothing', async () => {
      const story = await pay();
      const refund = await granted(story);
      const asked = await reversal();
      for (const code of ['R000002', 'R000001', 'R000001']) {
        await giveBack(domain, asked, { receipt: undefined as never, code });
        await domain.runOutbox();
        expect((await reversal()).state, code).to.equal('unknown');
      }
      expect(domain.operator.statusQuestions.at(-1)).to.include({ receipt: story.transfer.receipt });
      expect(await stateOf(refund)).to.equal('granted');
    });

    it('gives it to a person after the last question; the statement then decides, and is the same one', async () => {
      const story = await pay();
      const refund = await granted(story);
      await domain.runFor(3 * HOUR_MS);
      expect(await reversal()).to.include({ state: 'unknown' });
      expect((await domain.breaks()).map(({ breakType }) => breakType)).to.include('unknown-transfer');
      const line = {
        ...{ receipt: newReceipt(), ofReceipt: story.transfer.receipt ?? '', amount: kes(500) },
        completedAtMs: domain.clock.now(),
      };
      for (let count = 0; count < 2; count += 1) {
        await domain.deps.database.transaction((tx) => applyReversal(domain.deps, tx, 'mpesa', line, 'statement'));
        await domain.runOutbox();
      }
      expect(await reversal()).to.include({ state: 'succeeded', receipt: line.receipt, evidenceRank: 'statement' });
      expect(await stateOf(refund)).to.equal('paid');
      expect(await domain.balanceOf('float:mpesa')).to.equal(0n);
    });

    it('sends it again only when it is proven that the operator did not take it', async () => {
      const busy = { kind: 'rejected' as const, cause: 'busy' as const, code: '500.003.02', description: 'busy' };
      domain.operator.reverseScript.push(busy, busy);
      const refund = await granted(await pay());
      expect((await reversal()).state).to.equal('submitted');
      await domain.runFor(5 * 60_000);
      expect(domain.operator.reversals).to.have.length(3);
      expect(new Set(domain.operator.reversals.map(({ callbackToken }) => callbackToken)).size).to.equal(1);
      await giveBack(domain, await reversal());
      await domain.runOutbox();
      expect(await stateOf(refund)).to.equal('paid');
    });
  });

  it('tells the customer of a failure, owes it on, and lets it be proposed again; late proof still counts', async () => {
    const story = await pay();
    const refund = await granted(story);
    const first = await reversal();
    await giveBack(domain, first, { receipt: undefined as never, code: '21' });
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('failed');
    expect((await current(domain, story.payment.id)).payment.state).to.equal('refund-due');
    expect(domain.sms.to(story.payer).at(-1)).to.include('We still owe it to you');
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.include('refund-failed');

    const second = await granted(story);
    expect(await stateOf(second)).to.equal('granted');
    expect(domain.operator.reversals, 'a new one after a proven failure').to.have.length(2);
    expect(domain.water.cancels, 'the biller gave it up before').to.have.length(1);
    const asked = await domain.transfer({ id: (await refundNow(domain, second)).reversalId ?? '' });
    await giveBack(domain, asked);
    await domain.runOutbox();
    expect(await stateOf(second)).to.equal('paid');
    expect(await domain.balanceOf('owed-to-customers')).to.equal(0n);
  });

  it('believes no result that is about another receipt, number or conversation', async () => {
    const story = await pay();
    await granted(story);
    const asked = await reversal();
    for (const change of [{ ofReceipt: 'SG99999999' }, { payer: '+254799999999' }, { conversationId: 'AG_other' }]) {
      await giveBack(domain, asked, change);
      await domain.runOutbox();
      expect((await reversal()).state).to.equal('submitted');
    }
    await giveBack(domain, asked, { amount: kes(400) });
    await domain.runOutbox();
    expect((await reversal()).state).to.equal('submitted');
  });

  it('is overtaken when the operator takes the money back by itself', async () => {
    const story = await pay();
    const refund = await propose(domain.deps, story.payment.id);
    const line = {
      ...{ receipt: newReceipt(), ofReceipt: story.transfer.receipt ?? '', amount: kes(500) },
      completedAtMs: domain.clock.now(),
    };
    await domain.deps.database.transaction((tx) => applyReversal(domain.deps, tx, 'mpesa', line, 'statement'));
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('overtaken');
    expect((await refusalOf(vote(domain.deps, refund))).code).to.equal('approval.decided');
    expect((await refusalOf(propose(domain.deps, story.payment.id))).code).to.equal('refund.already');
    expect(await domain.balanceOf('float:mpesa')).to.equal(0n);
  });

  it('gives money back that came a second time, and leaves the payment as it is', async () => {
    const story = await pay();
    await payByCallback(domain, story);
    await domain.runOutbox();
    const second = await domain.transfer({ purpose: 'second-money' });
    const refund = await propose(domain.deps, story.payment.id, { transferId: second.id });
    await vote(domain.deps, refund);
    await domain.runOutbox();
    expect(domain.water.cancels).to.deep.equal([]);
    await giveBack(domain, await reversal());
    await domain.runOutbox();
    expect(await stateOf(refund)).to.equal('paid');
    expect((await current(domain, story.payment.id)).payment.state).to.equal('posted');
    expect(await domain.balanceOf('owed-to-customers')).to.equal(0n);
    expect(await domain.balanceOf('float:mpesa')).to.equal(50_000n);
    await propose(domain.deps, story.payment.id);
  });
});

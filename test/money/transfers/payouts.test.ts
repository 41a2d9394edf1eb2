import { expect } from 'chai';
import { Refusal } from '../../../src/kernel/index.ts';
import { causeIsOurs, type Transfer, TransferEventSchema, TransferSchema } from '../../../src/money/transfers/index.ts';
import { InboxEventSchema } from '../../../src/platform/inbox/index.ts';
import { type Handler, OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import type { PayoutAnswer } from '../../../src/providers/operators/index.ts';
import { type Domain, inboxStates, newMsisdn, newReceipt, openDomain, staysSound } from '../../support/domain-deps.ts';
import { kes, payoutIdsOf } from '../../support/fake-providers.ts';
import { answer, ask, order, payout, reserve, tell } from '../../support/payout-stories.ts';
import { describeOnStores } from '../../support/stores.ts';

const DAY_MS = 86_400_000;

const intent = ({ id, purposeId }: Transfer) => ({ transferId: id, purposeId });

describeOnStores('a payout', (stores) => {
  let domain: Domain;
  let steps: Map<string, Handler>;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
    steps = new Map(domain.handlers);
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    for (const [topic, step] of steps) domain.handlers.set(topic, step);
  });
  staysSound(() => domain);

  const now = (transfer: Transfer) => domain.transfer({ id: transfer.id });
  /** What is told, which always says that it is of a payout. */
  const news = async (topic: string) =>
    (await domain.rows(topic)).map(({ payload }) => {
      const { route, ...told } = JSON.parse(payload);
      expect(route).to.equal('payout');
      return told;
    });
  const breaks = async () => (await domain.breaks()).map(({ breakType }) => breakType);
  const books = async () => [await domain.balanceOf('float:mpesa'), await domain.balanceOf('reserved:mpesa')];
  const PAID = [0n, 0n];
  const RESERVED = [50_000n, -50_000n];

  it('is committed before it goes out, sent once under our reference, and booked when the operator says so', async () => {
    const seen: string[] = [];
    domain.payouts.payScript.push(async ({ reference, callbackToken }) => {
      const [row] = await domain.deps.database.reader.find(TransferSchema, { where: { reference } });
      seen.push(`${row?.state} ${row?.callbackToken === callbackToken}`);
      return { kind: 'accepted', ids: payoutIdsOf(reference) };
    });
    const transfer = await payout(domain, { kind: 'salary' });
    expect(seen).to.deep.equal(['submitted true']);
    expect(domain.payouts.payouts).to.have.length(1);
    expect(domain.payouts.payouts[0]).to.deep.equal({
      ...{ reference: transfer.reference, callbackToken: transfer.callbackToken, amount: kes(500) },
      ...{ recipient: transfer.payer, purpose: 'salary', remarks: 'Pay of November' },
    });
    expect(await books()).to.deep.equal(RESERVED);
    const receipt = await tell(domain, transfer);
    await domain.runOutbox();
    expect(await now(transfer)).to.include({
      ...{ state: 'succeeded', receipt, evidenceRank: 'query', payerName: 'JANE WANJIKU', failureCause: null },
      ...{ route: 'payout', purpose: 'payout', checkoutRequestId: `AG_B2C_${transfer.reference}` },
    });
    expect(await books()).to.deep.equal(PAID);
    expect(await news('transfer.succeeded')).to.deep.equal([{ ...intent(transfer) }]);
    await domain.runFor(DAY_MS);
    expect(domain.payouts.statusQuestions, 'nothing is asked of what is known').to.deep.equal([]);
    const events = await domain.deps.database.reader.findBy(TransferEventSchema, { transferId: transfer.id });
    expect(events.map(({ toState, actor }) => `${toState} ${actor}`)).to.deep.equal([
      'requested service',
      'submitted service',
      'succeeded operator:query',
    ]);
  });

  it('is told once by a result whose work is done twice: a process died after its commit', async () => {
    const transfer = await payout(domain);
    await tell(domain, transfer);
    await domain.runOutbox();
    const [work] = (await domain.rows('inbox.mpesa.b2c')).slice(-1);
    const before = await domain.deps.database.reader.find(InboxEventSchema, {});
    await domain.handlers.get('inbox.mpesa.b2c')?.handle(JSON.parse(work?.payload ?? '{}'), work as never);
    expect(before.map(({ state }) => state)).to.deep.equal(['applied']);
    expect(await domain.deps.database.reader.find(InboxEventSchema, {})).to.deep.equal(before);
    expect(await books()).to.deep.equal(PAID);
  });

  it('is refused where no account pays', async () => {
    const payouts = domain.deps.payoutOperators;
    domain.deps.payoutOperators = new Map([['mpesa', { ...domain.payouts, shortCode: undefined }]]);
    const [refused] = await Promise.allSettled([ask(domain, order(domain))]);
    domain.deps.payoutOperators = payouts;
    const reason = (refused as PromiseRejectedResult).reason;
    expect(reason).to.be.instanceOf(Refusal).and.include({ code: 'payout.not-set-up' });
    const [other] = await Promise.allSettled([ask(domain, order(domain, { operator: 'airtel' }))]);
    expect((other as PromiseRejectedResult).reason).to.include({ code: 'payout.not-set-up' });
    for (const change of [{ amount: kes(0) }, { amount: kes(1.5) }, { remarks: '' }]) {
      const [bug] = await Promise.allSettled([ask(domain, order(domain, change))]);
      expect(bug.status, JSON.stringify(Object.keys(change))).to.equal('rejected');
    }
    expect(await domain.transfers()).to.deep.equal([]);
  });

  it('is made once of one intent, however many ask at once, and again only after a proven failure', async () => {
    const one = order(domain);
    await reserve(domain, kes(500));
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask(domain, one)));
    expect(asked.filter((transfer) => transfer !== undefined)).to.have.length(1);
    await domain.runOutbox();
    const [first] = (await domain.transfers()) as [Transfer];
    expect(await ask(domain, one), 'under way').to.equal(undefined);
    await tell(domain, first, { code: '2040' });
    await domain.runOutbox();
    expect(await now(first)).to.include({ state: 'failed', failureCause: 'not-registered' });
    const again = await Promise.all(Array.from({ length: 8 }, () => ask(domain, one)));
    const [second] = again.filter((transfer) => transfer !== undefined);
    expect(again.filter((transfer) => transfer !== undefined)).to.have.length(1);
    expect(second?.reference).to.not.equal(first.reference);
    await domain.runOutbox();
    await tell(domain, await now(second as Transfer));
    await domain.runOutbox();
    expect(await ask(domain, one), 'paid').to.equal(undefined);
    expect(domain.payouts.payouts).to.have.length(2);
    expect(await books()).to.deep.equal(PAID);
  });

  for (const [code, cause, isOurs] of [
    ['2040', 'not-registered', false],
    ['8', 'recipient-limit', false],
    ['2', 'amount-limit', false],
    ['SFC_IC0003', 'number-refused', false],
    ['1', 'float-short', true],
    ['2001', 'credential-refused', true],
    ['8006', 'credential-locked', true],
    ['21', 'not-permitted', true],
  ] as const) {
    it(`has failed by code ${code}, which is ${isOurs ? 'ours' : 'the recipient’s'}, and leaves the money reserved`, async () => {
      const transfer = await payout(domain);
      await tell(domain, transfer, { code });
      await domain.runOutbox();
      expect(await now(transfer)).to.include({ state: 'failed', failureCause: cause, receipt: null });
      expect(await news('transfer.failed')).to.deep.equal([{ ...intent(transfer), causeIsOurs: isOurs }]);
      expect(causeIsOurs(cause)).to.equal(isOurs);
      expect(await books()).to.deep.equal(RESERVED);
    });
  }

  it('is unknown by a code that proves nothing, however often it is said; it is asked about and never sent anew', async () => {
    const transfer = await payout(domain);
    for (const conversation of ['first', 'second']) {
      await tell(domain, transfer, { code: '17', atMs: conversation.length });
      await domain.runOutbox();
    }
    expect(await now(transfer)).to.include({ state: 'unknown' });
    expect(await news('transfer.unknown')).to.deep.equal([{ ...intent(transfer) }]);
    await domain.runFor(3 * 3_600_000);
    expect(await now(transfer)).to.include({ state: 'unknown', failureCause: 'other' });
    expect(domain.payouts.payouts).to.have.length(1);
    expect(await news('transfer.unknown')).to.have.length(1);
    expect(await breaks()).to.deep.equal(['unknown-transfer']);
    expect(await books()).to.deep.equal(RESERVED);
  });

  for (const lost of ['unknown', 'known-before', 'death'] as const) {
    it(`is asked about by our reference after ${lost}, and paid when the operator says so`, async () => {
      domain.payouts.payScript.push(() => {
        if (lost === 'death') throw new Error('the process died');
        return { kind: lost, code: 'x', description: 'no answer' };
      });
      if (lost === 'death')
        domain.payouts.payScript.push({ kind: 'known-before', code: 'x', description: 'duplicate' });
      const transfer = await payout(domain);
      await domain.runFor(80_000);
      const sent = domain.payouts.payouts.map(({ reference }) => reference);
      expect(sent).to.deep.equal(Array(lost === 'death' ? 2 : 1).fill(transfer.reference));
      expect(domain.payouts.statusQuestions[0]).to.deep.equal({
        ...{ token: transfer.callbackToken, requestId: transfer.reference },
      });
      expect(await now(transfer)).to.include({ state: 'unknown' });
      expect(await news('transfer.unknown')).to.have.length(1);
      await answer(domain, transfer, { status: 'Pending' });
      expect(await now(transfer), 'found, and not done').to.include({ state: 'unknown' });
      const receipt = newReceipt();
      await answer(domain, transfer, { receipt });
      expect(await now(transfer)).to.include({ state: 'succeeded', receipt, evidenceRank: 'query' });
      expect(await books()).to.deep.equal(PAID);
      expect(await breaks()).to.deep.equal([]);
    });
  }

  describe('whose sending was cut short by the death of its process', () => {
    const dies = () => {
      throw new Error('the process died');
    };
    const references = () => domain.payouts.payouts.map(({ reference }) => reference);
    const refused: PayoutAnswer = { kind: 'rejected', cause: 'number-refused', code: '400.002.02', description: 'no' };

    it('goes out under the same reference, of which the operator takes one, and is paid', async () => {
      domain.payouts.payScript.push(dies, dies);
      const transfer = await payout(domain);
      await domain.runFor(10_000);
      expect(references()).to.deep.equal(Array(3).fill(transfer.reference));
      await tell(domain, await now(transfer));
      await domain.runFor(DAY_MS);
      expect(await now(transfer)).to.include({ state: 'succeeded', evidenceRank: 'query' });
      expect(references()).to.have.length(3);
      expect(await books()).to.deep.equal(PAID);
      expect(await breaks()).to.deep.equal([]);
    });

    it('goes out also when it was asked about meanwhile, and nobody knew', async () => {
      domain.payouts.payScript.push(dies);
      const transfer = await payout(domain);
      await dueIn(transfer, 120_000);
      await domain.runFor(80_000);
      expect(await now(transfer)).to.include({ state: 'unknown' });
      await domain.runFor(41_000);
      expect(references()).to.deep.equal([transfer.reference, transfer.reference]);
      await tell(domain, await now(transfer));
      await domain.runOutbox();
      expect(await now(transfer)).to.include({ state: 'succeeded' });
      expect(await books()).to.deep.equal(PAID);
    });

    it('has not failed when the repeat is refused, at once or after it was not taken: the first may have paid', async () => {
      const busy = { kind: 'not-sent', why: 'pace', retryAfterMs: 2_000, code: 'x', description: '' } as const;
      for (const answers of [[refused], [busy, refused]]) {
        domain.payouts.payScript.push(dies, ...answers);
        const transfer = await payout(domain);
        await domain.runFor(10_000);
        expect(await now(transfer)).to.include({ state: 'unknown', resultCode: refused.code });
        await tell(domain, await now(transfer));
        await domain.runOutbox();
        expect(await now(transfer)).to.include({ state: 'succeeded', failureCause: null });
      }
      expect(await news('transfer.failed')).to.deep.equal([]);
      expect(await books()).to.deep.equal(PAID);
      expect(await breaks()).to.deep.equal([]);
    });

    it('has not failed by an answer that was held up until another process had asked', async () => {
      let answer = () => {};
      domain.payouts.payScript.push(async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return refused;
      });
      await reserve(domain, kes(500));
      const transfer = (await ask(domain, order(domain))) as Transfer;
      const [row] = await domain.rows('transfer.pay-out');
      const send = () => steps.get('transfer.pay-out')?.handle(JSON.parse(row?.payload ?? ''), row as never);
      const heldUp = send();
      while (domain.payouts.payouts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await domain.clock.advance(120_000);
      await send();
      expect(references()).to.deep.equal([transfer.reference, transfer.reference]);
      answer();
      await heldUp;
      expect(await now(transfer)).to.include({ state: 'unknown' });
      expect(await news('transfer.failed')).to.deep.equal([]);
      await tell(domain, await now(transfer));
      await domain.runOutbox();
      expect(await now(transfer)).to.include({ state: 'succeeded' });
    });

    it('is asked about and not sent when that was long ago: nobody says how long an operator knows a request', async () => {
      domain.payouts.payScript.push(dies);
      const transfer = await payout(domain);
      await dueIn(transfer, 16 * 60_000);
      await domain.runFor(3 * 3_600_000);
      expect(references()).to.deep.equal([transfer.reference]);
      expect(await now(transfer)).to.include({ state: 'unknown' });
      expect(await breaks()).to.deep.equal(['unknown-transfer']);
      expect(await books()).to.deep.equal(RESERVED);
    });

    /** As if the lease of its work ended so late. */
    async function dueIn({ id }: Transfer, ms: number): Promise<void> {
      const where = { workKey: `transfer.pay-out:${id}` };
      await domain.deps.database.transaction((tx) =>
        tx.update(OutboxRowSchema, where, { dueAtMs: domain.clock.now() + ms }),
      );
    }
  });

  it('is not decided by an answer about another, of another amount or to another number', async () => {
    domain.payouts.payScript.push({ kind: 'unknown', code: 'x', description: '' });
    const transfer = await payout(domain);
    await domain.runFor(80_000);
    await answer(domain, transfer, { amount: kes(400) });
    await answer(domain, transfer, { payer: newMsisdn() });
    await answer(domain, transfer, { status: 'Reversed' });
    await domain.arrive(
      'status',
      '{"Result":{"ResultCode":"2032","ConversationID":"AG_other"}}',
      transfer.callbackToken,
    );
    await domain.runOutbox();
    expect(await now(transfer)).to.include({ state: 'unknown' });
    expect(await inboxStates(domain)).to.deep.equal(['staff', 'staff', 'staff', 'unmatched']);
    expect(await books()).to.deep.equal(RESERVED);
  });

  it('asks sooner when the operator says that it ran out of time, and is paid by the late success', async () => {
    const transfer = await payout(domain);
    const timeout = (id: string) => JSON.stringify({ OriginatorConversationID: id, InitiatorName: 'p' });
    await domain.arrive('b2c-timeout', timeout('MZZZZZZZZZ'), transfer.callbackToken);
    await domain.runOutbox();
    expect(domain.payouts.statusQuestions).to.deep.equal([]);
    await domain.arrive('b2c-timeout', timeout(transfer.reference), transfer.callbackToken);
    await domain.runOutbox();
    expect(domain.payouts.statusQuestions).to.have.length(1);
    expect(await now(transfer)).to.include({ state: 'unknown' });
    expect(await inboxStates(domain)).to.deep.equal(['staff', 'repeated']);
    await tell(domain, transfer);
    await domain.runOutbox();
    expect(await now(transfer)).to.include({ state: 'succeeded' });
    expect(domain.payouts.payouts).to.have.length(1);
    expect(await books()).to.deep.equal(PAID);
  });

  it('asks about what is undecided of all that went out together, each by itself, and about nothing else', async () => {
    const sent: Transfer[] = [];
    for (let one = 0; one < 5; one += 1) {
      await reserve(domain, kes(500));
      sent.push((await ask(domain, order(domain))) as Transfer);
    }
    const send = domain.handlers.get('transfer.pay-out');
    const rows = await domain.rows('transfer.pay-out');
    await Promise.all(rows.map((row) => send?.handle(JSON.parse(row.payload), row)));
    await domain.runOutbox();
    expect(await domain.rows('transfer.inquire-payout')).to.deep.equal([]);
    const [planned, ...others] = await domain.rows('transfer.inquire-payouts');
    expect(others).to.deep.equal([]);
    expect(JSON.parse(planned?.payload ?? '{}').transferIds).to.have.members(sent.map(({ id }) => id));
    const [timedOut, silent, ...paid] = sent as [Transfer, Transfer, ...Transfer[]];
    for (const one of paid) await tell(domain, await now(one));
    const timeout = JSON.stringify({ OriginatorConversationID: timedOut.reference });
    await domain.arrive('b2c-timeout', timeout, timedOut.callbackToken);
    await domain.runOutbox();
    const asked = () => domain.payouts.statusQuestions.map(({ token }) => token);
    expect(asked(), 'sooner').to.deep.equal([timedOut.callbackToken]);
    await domain.runFor(75_000);
    expect(asked().slice(1), 'when the first question is due').to.deep.equal([silent.callbackToken]);
    await domain.runFor(DAY_MS);
    const wholeSchedule = [timedOut, silent].flatMap(({ callbackToken }) => Array<string>(5).fill(callbackToken));
    expect(asked().sort()).to.deep.equal(wholeSchedule.sort());
    expect((await Promise.all(sent.map(now))).map(({ state }) => state)).to.deep.equal([
      ...['unknown', 'unknown', 'succeeded', 'succeeded', 'succeeded'],
    ]);
    expect(domain.payouts.payouts).to.have.length(5);
  });

  it('believes a result that is faster than the acknowledgement, and one whose acknowledgement was lost', async () => {
    domain.payouts.payScript.push(async ({ reference, callbackToken }) => {
      await tell(domain, await domain.transfer({ callbackToken }));
      await domain.runOutbox();
      return { kind: 'accepted', ids: payoutIdsOf(reference) };
    });
    expect(await now(await payout(domain))).to.include({ state: 'succeeded', evidenceRank: 'callback' });
    for (const code of [undefined, '2040']) {
      domain.payouts.payScript.push({ kind: 'unknown', code: 'timeout', description: '' });
      const lost = await payout(domain);
      await tell(domain, lost, code ? { code } : {});
      await domain.runOutbox();
      const state = code ? 'failed' : 'succeeded';
      expect(await now(lost)).to.include({ state, checkoutRequestId: `AG_B2C_${lost.reference}` });
    }
    expect(await breaks()).to.deep.equal([]);
  });

  it('takes a result once that comes ten times at once', async () => {
    const transfer = await payout(domain);
    const receipt = newReceipt();
    await Promise.all(Array.from({ length: 10 }, () => tell(domain, transfer, { receipt })));
    // Another body of the same: its time is written otherwise.
    await tell(domain, transfer, { receipt, atMs: domain.clock.now() + 1_000 });
    await domain.runOutbox();
    expect(await inboxStates(domain)).to.deep.equal(['applied', 'repeated']);
    expect(await books()).to.deep.equal(PAID);
    expect(await breaks()).to.deep.equal([]);
  });

  for (const [what, said] of [
    ['another conversation', { conversationId: 'AG_forged' }],
    ['another reference', { requestId: 'MZZZZZZZZZ' }],
    ['another amount', { amount: kes(400) }],
    ['another number', { recipient: '+254722999999' }],
  ] as const) {
    it(`is not decided by a result of ${what}: a person looks`, async () => {
      const transfer = await payout(domain);
      await tell(domain, transfer, said);
      await domain.runOutbox();
      expect(await now(transfer)).to.include({ state: 'submitted' });
      expect(await inboxStates(domain)).to.deep.equal(['staff']);
      expect(await breaks()).to.deep.equal(['callback-unmatched']);
      expect(await books()).to.deep.equal(RESERVED);
    });
  }

  it('is not decided by a result at the address of another payout, or at none', async () => {
    const [one, other] = [await payout(domain), await payout(domain)];
    await tell(domain, one, { token: other.callbackToken });
    await tell(domain, one, { token: '0'.repeat(40) });
    await domain.runOutbox();
    for (const transfer of [one, other]) expect(await now(transfer)).to.include({ state: 'submitted' });
    expect(await inboxStates(domain)).to.deep.equal(['staff', 'unmatched']);
  });

  it('undoes nothing when a failure follows the success: a person looks', async () => {
    const transfer = await payout(domain);
    await tell(domain, transfer);
    await tell(domain, transfer, { code: '8' });
    await domain.runOutbox();
    expect(await now(transfer)).to.include({ state: 'succeeded' });
    expect(await books()).to.deep.equal(PAID);
    expect(await breaks()).to.deep.equal(['contradiction']);
  });

  it('books what was paid although its failure was proven, tells its owner so, and a person looks', async () => {
    const transfer = await payout(domain);
    await tell(domain, transfer, { code: '8' });
    await domain.runOutbox();
    await tell(domain, transfer);
    await domain.runOutbox();
    expect(await now(transfer)).to.include({ state: 'succeeded', failureCause: null });
    expect(await news('transfer.succeeded')).to.deep.equal([{ ...intent(transfer), wasFailed: true }]);
    expect(await books()).to.deep.equal(PAID);
    expect(await breaks()).to.deep.equal(['contradiction']);
  });

  it('does not send another attempt when proof of the first comes before it goes out', async () => {
    const one = order(domain);
    await reserve(domain, kes(500));
    await ask(domain, one);
    await domain.runOutbox();
    const [first] = (await domain.transfers()) as [Transfer];
    await tell(domain, first, { code: '8' });
    await domain.runOutbox();
    // Both are waiting for the worker: the proof is worked off first.
    await tell(domain, first);
    const second = (await ask(domain, one)) as Transfer;
    await domain.runOutbox();
    expect(await now(first)).to.include({ state: 'succeeded' });
    expect(await now(second)).to.include({ state: 'failed', resultCode: 'paid-before' });
    expect(domain.payouts.payouts).to.have.length(1);
    expect(await books()).to.deep.equal(PAID);
  });

  it('takes a second receipt for money that went twice: a person looks, and nothing is booked', async () => {
    const transfer = await payout(domain);
    const receipt = await tell(domain, transfer);
    await tell(domain, transfer);
    await domain.runOutbox();
    expect(await now(transfer)).to.include({ state: 'succeeded', receipt });
    expect(await books()).to.deep.equal(PAID);
    expect((await domain.breaks()).map(({ detail }) => detail)).to.match(/paid out twice/);
  });

  it('is refused by the operator at once, when the request is not one that it takes', async () => {
    domain.payouts.payScript.push({
      kind: 'rejected',
      cause: 'request-refused',
      code: '400.002.02',
      description: 'no',
    });
    const transfer = await payout(domain);
    expect(await now(transfer)).to.include({ state: 'failed', failureCause: 'request-refused' });
    expect(await news('transfer.failed')).to.deep.equal([{ ...intent(transfer), causeIsOurs: true }]);
  });

  it('goes out again under the same reference after a proof that it was not taken, ever more slowly; a person hears of it', async () => {
    const slow = { kind: 'not-sent', why: 'pace', retryAfterMs: 2_000, code: '500.003.02', description: '' } as const;
    domain.payouts.payScript.push(slow, slow);
    const transfer = await payout(domain);
    await domain.runFor(10_000);
    expect(domain.payouts.payouts.map(({ reference }) => reference)).to.deep.equal(
      Array.from({ length: 3 }, () => transfer.reference),
    );
    expect(await now(transfer)).to.include({ state: 'submitted', resultCode: null });
    domain.payouts.payScript.push(...Array.from({ length: 30 }, () => slow));
    const stuck = await payout(domain);
    await domain.runFor(15 * 60_000);
    expect(await now(stuck), 'nobody has it').to.include({ state: 'submitted', resultCode: 'not-sent' });
    const [found, ...more] = (await domain.breaks()).filter(({ subjectId }) => subjectId === stuck.id);
    expect(found).to.include({ breakType: 'unknown-transfer' });
    expect(found?.detail).to.match(/^not sent in 12 tries, and tried on/);
    expect(more).to.deep.equal([]);
    await domain.runFor(3_600_000);
    expect(domain.payouts.payouts.filter(({ reference }) => reference === stuck.reference)).to.have.length(31);
    await tell(domain, await now(stuck));
    await domain.runOutbox();
    expect(await now(stuck)).to.include({ state: 'succeeded' });
  });

  it('goes out again when the store of the pace is lost just as the operator asks for less', async () => {
    const { pace } = domain.deps;
    domain.deps.pace = { ...pace, slowDown: () => Promise.reject(new Error('out of reach')) };
    domain.payouts.payScript.push({ kind: 'not-sent', why: 'pace', retryAfterMs: 2_000, code: 'x', description: '' });
    const transfer = await payout(domain);
    domain.deps.pace = pace;
    await domain.runFor(10_000);
    expect(domain.payouts.payouts.map(({ reference }) => reference)).to.deep.equal([
      transfer.reference,
      transfer.reference,
    ]);
    expect(await now(transfer)).to.include({ state: 'submitted', resultCode: null });
  });

  it('does every step twice as if the process had died after it, and pays once', async () => {
    for (const [topic, step] of steps) {
      const handle: Handler['handle'] = async (payload, row) => {
        await step.handle(payload, row);
        return step.handle(payload, row);
      };
      domain.handlers.set(topic, { ...step, handle });
    }
    const transfer = await payout(domain);
    await tell(domain, transfer);
    await domain.runFor(DAY_MS);
    expect(domain.failures).to.deep.equal([]);
    expect(domain.payouts.payouts).to.have.length(1);
    expect(await books()).to.deep.equal(PAID);
  });

  it('keeps to the pace of the operator, and lets a refund pass a salary run', async () => {
    domain.deps.transferSettings.payoutPace = { perSecond: 1, burst: 1 };
    const salaries: string[] = [];
    for (let row = 0; row < 5; row += 1) {
      const transfer = await ask(domain, order(domain, { remarks: 'Salary' }));
      salaries.push(transfer?.reference ?? '');
    }
    await domain.runOutbox();
    await ask(domain, order(domain, { remarks: 'Refund', kind: 'business', turn: 'first' }));
    await domain.runOutbox();
    expect(domain.payouts.payouts).to.have.length(1);
    await domain.runFor(1_900);
    expect(domain.payouts.payouts.map(({ remarks }) => remarks)).to.deep.equal(['Salary', 'Refund']);
    await domain.runFor(60_000);
    const sent = domain.payouts.payouts.map(({ remarks }) => remarks);
    expect(sent.slice(0, 2)).to.deep.equal(['Salary', 'Refund']);
    expect(sent).to.have.length(6);
    expect(domain.payouts.payouts.map(({ reference }) => reference)).to.include.members(salaries);
  });
});

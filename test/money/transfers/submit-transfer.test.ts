import { expect } from 'chai';
import { sleep, systemClock } from '../../../src/kernel/index.ts';
import { promptNow, pullMovements, transferTopic } from '../../../src/money/transfers/index.ts';
import { type Domain, openDomain, staysSound } from '../../support/domain-deps.ts';
import { idsOf, query } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { confirm, current, payByCallback, prompt } from '../../support/stories.ts';

const submit = (domain: Domain, payload: { transferId: string; resend?: boolean }) =>
  domain.handlers.get(transferTopic.submit)?.handle(payload, {} as never);

describeOnStores('sending a prompt', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  it('waits until the session has closed, then asks once for what was confirmed', async () => {
    const { payment } = await confirm(domain);
    await domain.runFor(2_999);
    expect(domain.operator.collects).to.have.length(0);
    await domain.runFor(1);
    const { transfer } = await current(domain, payment.id);
    expect(domain.operator.collects).to.deep.equal([
      {
        reference: payment.reference,
        callbackToken: transfer.callbackToken,
        amount: { amountMinor: 50_000n, currency: 'KES' },
        payer: payment.payer,
        description: 'Bill payment',
      },
    ]);
    expect(transfer).to.include({ state: 'submitted', ...idsOf(payment.reference) });
  });

  it('goes out at once when the session has ended', async () => {
    const { transfer } = await confirm(domain);
    await domain.deps.database.transaction((tx) => promptNow(domain.deps, tx, transfer.id));
    await domain.runOutbox();
    expect(domain.operator.collects).to.have.length(1);
  });

  it('fails a prompt that the operator refused: busy, or our own fault', async () => {
    for (const [cause, told] of [
      ['busy', 'busy'],
      ['our-fault', 'other'],
      ['not-registered', 'not-registered'],
    ] as const) {
      domain.operator.collectScript.push({ kind: 'rejected', cause, code: '500.003.02', description: 'no' });
      const { payment, transfer } = await prompt(domain);
      expect(transfer).to.include({ state: 'failed', failureCause: told });
      expect(payment.state).to.equal('failed');
    }
    expect(domain.operator.collects).to.have.length(3);
    await domain.runFor(10_000_000);
    expect(domain.operator.collects).to.have.length(3);
  });

  it('sends once more, a minute later, what the operator says was not sent', async () => {
    domain.operator.collectScript.push({ kind: 'not-sent', retryAfterMs: 60_000, code: 'locked', description: 'no' });
    const { payment, payer } = await prompt(domain);
    await domain.runFor(59_000);
    expect(domain.operator.collects).to.have.length(1);
    await domain.runFor(1_000);
    expect(domain.operator.collects).to.have.length(2);
    const { transfer } = await current(domain, payment.id);
    expect(transfer).to.include({ state: 'submitted', ...idsOf(payment.reference) });
    await payByCallback(domain, { transfer, payer });
    await domain.runOutbox();
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
  });

  it('gives up when the second try was not sent either', async () => {
    for (let tries = 0; tries < 3; tries += 1) {
      domain.operator.collectScript.push({ kind: 'not-sent', retryAfterMs: 60_000, code: 'locked', description: 'no' });
    }
    const { payment } = await prompt(domain);
    await domain.runFor(600_000);
    expect(domain.operator.collects).to.have.length(2);
    expect((await current(domain, payment.id)).payment).to.include({ state: 'failed', reason: 'reasons.busy' });
  });

  it("does not hurry the second try when the session's end is told late", async () => {
    domain.operator.collectScript.push({ kind: 'not-sent', retryAfterMs: 60_000, code: 'locked', description: 'no' });
    const { transfer } = await prompt(domain);
    await domain.deps.database.transaction((tx) => promptNow(domain.deps, tx, transfer.id));
    await domain.runFor(10_000);
    expect(domain.operator.collects).to.have.length(1);
  });

  it('never sends again what may have left, whatever comes after', async () => {
    domain.operator.collectScript.push({ kind: 'unknown', code: 'timeout', description: 'no answer' });
    const { payment, transfer } = await prompt(domain);
    expect(transfer).to.include({ state: 'unknown', checkoutRequestId: null });
    await domain.deps.database.transaction((tx) => promptNow(domain.deps, tx, transfer.id));
    await domain.runFor(8_000_000);
    expect(domain.operator.collects).to.have.length(1);
    // Without the acknowledgement's id only the list can tell.
    expect(domain.operator.queries).to.have.length(0);
    expect(domain.operator.pulls.length).to.be.greaterThan(3);
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.deep.equal(['unknown-transfer']);
    expect((await current(domain, payment.id)).payment.state).to.equal('prompting');
  });

  it('is not sent twice when the process dies after the commit and before the call', async () => {
    const { payment, transfer } = await confirm(domain);
    const neverAnswers = new Promise<never>(() => {});
    domain.operator.collectScript.push(() => neverAnswers);
    // The dead process: it committed, called, and is gone.
    void submit(domain, { transferId: transfer.id });
    while (domain.operator.collects.length === 0) await sleep(systemClock, 5);
    await domain.runFor(3_000);
    expect(domain.operator.collects).to.have.length(1);
    expect((await current(domain, payment.id)).transfer.state).to.equal('submitted');
    // What became of it is asked about.
    await domain.runFor(75_000);
    expect((await current(domain, payment.id)).transfer.state).to.equal('unknown');
    expect(domain.operator.collects).to.have.length(1);
  });

  it('is not sent a third time when the process dies in the second try', async () => {
    domain.operator.collectScript.push({ kind: 'not-sent', retryAfterMs: 60_000, code: 'locked', description: 'no' });
    const { transfer } = await prompt(domain);
    const neverAnswers = new Promise<never>(() => {});
    domain.operator.collectScript.push(() => neverAnswers);
    void submit(domain, { transferId: transfer.id, resend: true });
    while (domain.operator.collects.length === 1) await sleep(systemClock, 5);
    // Its lease ends, and another worker finds the same work.
    await domain.runFor(120_000);
    expect(domain.operator.collects, 'a byte of the second prompt may have left').to.have.length(2);
  });

  it('is sent by one of two workers that take the same work', async () => {
    const { transfer } = await confirm(domain);
    await Promise.all([1, 2, 3, 4].map(() => submit(domain, { transferId: transfer.id })));
    expect(domain.operator.collects).to.have.length(1);
  });

  it('takes the callback that is faster than the acknowledgement', async () => {
    const { payment, transfer, payer } = await confirm(domain);
    domain.operator.collectScript.push(async ({ reference }) => {
      await payByCallback(domain, { transfer, payer });
      await domain.runOutbox();
      expect((await current(domain, payment.id)).transfer.state).to.equal('succeeded');
      return { kind: 'accepted', ids: idsOf(reference) };
    });
    await domain.runFor(3_000);
    const after = await current(domain, payment.id);
    expect(after.transfer).to.include({ state: 'succeeded', ...idsOf(payment.reference) });
    expect(after.payment.state).to.equal('posted');
    expect(await domain.balanceOf('float:mpesa')).to.equal(50_000n);
  });

  it('keeps a success that the answer to the prompt contradicts', async () => {
    const { payment, transfer, payer } = await confirm(domain);
    domain.operator.collectScript.push(async () => {
      await payByCallback(domain, { transfer, payer });
      await domain.runOutbox();
      return { kind: 'rejected', cause: 'busy', code: '500.003.02', description: 'busy' };
    });
    await domain.runFor(3_000);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
    expect((await domain.breaks()).map(({ breakType }) => breakType)).to.deep.equal(['contradiction']);
  });

  it('does not frighten anybody with a prompt that is long out of date', async () => {
    const { payment } = await confirm(domain);
    await domain.clock.advance(300_001);
    await domain.runOutbox();
    expect(domain.operator.collects).to.have.length(0);
    expect((await current(domain, payment.id)).payment).to.include({ state: 'failed', reason: 'reasons.busy' });
  });

  it('does not frighten anybody with a second try that is long out of date', async () => {
    domain.operator.collectScript.push({ kind: 'not-sent', retryAfterMs: 60_000, code: 'locked', description: 'no' });
    const { payment } = await prompt(domain);
    await domain.clock.advance(3_600_000);
    await domain.runOutbox();
    expect(domain.operator.collects).to.have.length(1);
    expect((await current(domain, payment.id)).payment.state).to.equal('failed');
  });

  it('asks nobody when the money came to the paybill before the prompt went out', async () => {
    const { payment, transfer, payer } = await confirm(domain);
    domain.operator.movements.push({
      receipt: 'SGEARLY001',
      amount: { amountMinor: 50_000n, currency: 'KES' },
      account: payment.reference.toLowerCase(),
      shortCode: domain.operator.shortCode,
      completedAtMs: domain.clock.now(),
      payer,
    });
    await pullMovements(domain.deps, 'mpesa', 0, domain.clock.now());
    await domain.runFor(5_000);
    expect(domain.operator.collects).to.have.length(0);
    expect((await current(domain, payment.id)).payment.state).to.equal('posted');
    expect(await domain.transfer({ id: transfer.id })).to.include({ receipt: 'SGEARLY001' });
  });

  it('tells its query the ids that the acknowledgement brought', async () => {
    const { payment } = await prompt(domain);
    domain.operator.queryScript.push(query('failed', '1032'));
    await domain.runFor(75_000);
    expect(domain.operator.queries).to.deep.equal([idsOf(payment.reference)]);
  });
});

import { expect } from 'chai';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { type Domain, newMsisdn, openDomain, staysSound, WATER_ACCOUNT } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('messages of customers', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  let ids = 0;
  const write = (from: Msisdn, text: string) => {
    ids += 1;
    const body = JSON.stringify({ id: `in${ids}`, from, to: '20384', text, date: '2026-11-20 12:00:00' });
    return domain.deps.inbox.keep({ provider: 'africastalking', kind: 'incoming', body });
  };

  it('are answered so often a day and no more, and still obeyed', async () => {
    const jane = newMsisdn();
    for (let turn = 0; turn < 25; turn += 1) await write(jane, 'HELP');
    await write(jane, 'STOP');
    await domain.runOutbox();
    expect(domain.sms.to(jane)).to.have.length(20);
    const [row] = await domain.deps.database.reader.query(
      'SELECT reminders_stopped_at AS at FROM customer WHERE msisdn = ?',
      [jane],
    );
    expect(Number(row.at)).to.be.greaterThan(0);
    await domain.clock.advance(24 * 3_600_000);
    await write(jane, 'HELP');
    await domain.runOutbox();
    expect(domain.sms.to(jane)).to.have.length(21);
  });

  it('that come to be read long after they were written ask nobody for money', async () => {
    const jane = newMsisdn();
    await write(jane, `PAY ${WATER_ACCOUNT} 500`);
    await domain.clock.advance(11 * 60_000);
    await domain.runFor(10_000);
    expect(domain.sms.to(jane)).to.deep.equal([
      'Your message reached us late. Nothing was charged. Write again if you still want to pay.',
    ]);
    expect(domain.operator.collects).to.deep.equal([]);
  });

  it('are done once when the process dies between the payment and the answer', async () => {
    const jane = newMsisdn();
    await write(jane, `PAY ${WATER_ACCOUNT} 500`);
    const { outbox, inbox } = domain.deps;
    const mark = inbox.mark;
    inbox.mark = async () => {
      throw new Error('died');
    };
    try {
      const [row] = await outbox.claim('a dead process', 1, 0);
      const handler = domain.handlers.get(row?.topic ?? '');
      const [first] = await Promise.allSettled([handler?.handle(JSON.parse(row?.payload ?? '{}'), row as never)]);
      expect(first?.status).to.equal('rejected');
    } finally {
      inbox.mark = mark;
    }
    await domain.clock.advance(1);
    await domain.runOutbox();
    expect(domain.sms.to(jane)).to.have.length(1);
    expect(domain.sms.to(jane)[0]).to.include('Enter your M-PESA PIN').and.include('Ref M');
    await domain.runFor(5_000);
    expect(domain.operator.collects).to.have.length(1);
  });

  it('help again when an hour has passed', async () => {
    const jane = newMsisdn();
    await write(jane, 'hm');
    await domain.runOutbox();
    await domain.clock.advance(3_599_000);
    await write(jane, 'hm?');
    await domain.runOutbox();
    expect(domain.sms.to(jane)).to.have.length(1);
    await domain.clock.advance(2_000);
    await write(jane, 'hm!');
    await domain.runOutbox();
    expect(domain.sms.to(jane)).to.have.length(2);
  });
});

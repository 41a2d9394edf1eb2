import { expect } from 'chai';
import { MailSchema } from '../../../src/domain/mails/index.ts';
import { OrganisationSchema } from '../../../src/domain/organisations/index.ts';
import { lookAtWaiting, PayoutBatchSchema } from '../../../src/domain/payout-batches/index.ts';
import { payoutNewsHandlers } from '../../../src/domain/payout-news/index.ts';
import { StaffMemberSchema } from '../../../src/domain/staff/index.ts';
import { answerAll, approved, batchOf, employer, fund, payAll, people, ready } from '../../support/batch-stories.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { type MailDomain, openMailDomain } from '../../support/mail-domain.ts';
import { describeOnStores } from '../../support/stores.ts';

const MINUTE_MS = 60_000;

describeOnStores('whoever makes or approves batches hears that one waits for a person', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
    const news = payoutNewsHandlers({
      ...{ ...domain.deps, mail: { send: async () => ({ kind: 'sent' }) } as never, defaultLanguage: 'en' },
      ...{ publicUrl: 'https://malipo.example', answering: { number: '', dial: '' } },
    });
    for (const [topic, handler] of news) domain.handlers.set(topic, handler);
  });
  beforeEach(() => domain.reset());
  after(() => domain.close());

  const told = async () => {
    const mails = await domain.deps.database.reader.find(MailSchema, { order: { id: 'ASC' } });
    return mails.map(({ factKey }) => factKey.split(':')[2]).filter((why) => mails.length > 0 && why !== undefined);
  };

  it('once when some were not paid, and never when all were', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const whole = await ready(domain, own, people(1));
    await approved(domain, own, whole);
    await payAll(domain, whole.id);
    expect(await told()).to.deep.equal([]);
    const rows = people(3);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map([[rows[2]?.msisdn ?? '', '2040']]));
    await domain.runFor(60 * MINUTE_MS);
    expect((await batchOf(domain, batch.id)).state).to.equal('partly-paid');
    expect(await told(), 'one initiator and two approvers').to.deep.equal(['failed', 'failed', 'failed']);
  });

  it('once when its money is missing for more than minutes', async () => {
    const own = await employer(domain);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    await domain.runFor(MINUTE_MS);
    await fund(domain, own, 50_000);
    await lookAtWaiting(domain.deps);
    await domain.runFor(10 * MINUTE_MS);
    expect(await told(), 'the money came in a minute').to.deep.equal([]);
    const other = await ready(domain, own, people(60));
    await approved(domain, own, other);
    await domain.runFor(10 * MINUTE_MS);
    await fund(domain, own, 1);
    await lookAtWaiting(domain.deps);
    await domain.runFor(10 * MINUTE_MS);
    expect(await told()).to.deep.equal(['float', 'float', 'float']);
  });

  it('once when the operator refuses us, whatever waits for it', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const [one, two] = [await ready(domain, own, people(3)), await ready(domain, own, people(3, 2_000))];
    for (const batch of [one, two]) await approved(domain, own, batch);
    await domain.runOutbox();
    await answerAll(domain, new Map((await domain.transfers()).map(({ payer }) => [payer ?? '', '2001'])));
    await domain.runFor(20 * MINUTE_MS);
    const { haltReason } = await domain.deps.database.reader.findOneByOrFail(OrganisationSchema, {
      id: own.organisation.id,
    });
    expect(haltReason).to.equal('operator-refuses-us');
    expect(await told()).to.deep.equal(['refused', 'refused', 'refused']);
  });

  it('when what is there is not what was approved, and when people are missing', async () => {
    const own = await employer(domain);
    await fund(domain, own, 50_000);
    const batch = await ready(domain, own, people(2));
    await approved(domain, own, batch);
    await domain.deps.database.transaction((tx) =>
      tx.update(PayoutBatchSchema, { id: batch.id }, { totalMinor: 100n }),
    );
    await domain.runFor(10 * MINUTE_MS);
    expect(await told()).to.deep.equal(['content', 'content', 'content']);
    const other = await ready(domain, own, people(2));
    await approved(domain, own, other);
    await domain.deps.database.transaction((tx) =>
      tx.update(StaffMemberSchema, { id: own.people.administrator }, { state: 'disabled' }),
    );
    await domain.runFor(10 * MINUTE_MS);
    expect((await told()).slice(3)).to.deep.equal(['people-missing', 'people-missing', 'people-missing']);
  });
});

describe('the mail that a batch waits, over SMTP', () => {
  let town: MailDomain;
  before(async function () {
    this.timeout(60_000);
    town = await openMailDomain();
  });
  beforeEach(async () => {
    await town.domain.reset();
    await town.simulator.core.reset();
  });
  after(() => town?.close());

  for (const [language, words] of [
    ['en', /1 person was not paid: .*1.001.00/],
    ['sw', /mtu 1 hakulipwa: .*1.001.00/],
    ['fr', /1 personne n'a pas été payée : .*1.001,00/],
  ] as const) {
    it(`speaks ${language}, as each of them chose`, async () => {
      const { domain } = town;
      const own = await employer(domain);
      await domain.deps.database.transaction((tx) =>
        tx.update(StaffMemberSchema, { id: own.people.second }, { language, email: 'wafula@kilimo.example' }),
      );
      await fund(domain, own, 10_000);
      const rows = people(2);
      const batch = await ready(domain, own, rows);
      await approved(domain, own, batch);
      await payAll(domain, batch.id, new Map([[rows[1]?.msisdn ?? '', '2040']]));
      await domain.runFor(MINUTE_MS);
      const mine = town.inbox().filter(({ to }) => to === 'wafula@kilimo.example');
      expect(mine).to.have.length(1);
      expect(mine[0]?.text).to.match(words).and.include(batch.number).and.not.include('{');
      expect(mine[0]?.text, 'nobody is named').not.to.match(/\+?2547\d|Person 1/);
    });
  }
});

import { expect } from 'chai';
import { MailSchema } from '../../../src/domain/mails/index.ts';
import { closeBatch } from '../../../src/domain/payout-batches/index.ts';
import {
  approved,
  batchOf,
  employer,
  fund,
  payAll,
  people,
  ready,
  staff,
  stoppedAfterOne,
} from '../../support/batch-stories.ts';
import type { Domain } from '../../support/domain-deps.ts';
import { type MailDomain, openMailDomain } from '../../support/mail-domain.ts';

describe('the mail of a batch that is closed, over SMTP', () => {
  let town: MailDomain;
  let domain: Domain;
  before(async function () {
    this.timeout(60_000);
    town = await openMailDomain();
    domain = town.domain;
  });
  beforeEach(() => domain.reset());
  after(() => town?.close());

  /** Of the contact: whoever makes or approves batches has heard before that one of them waits. */
  const inbox = () => town.inbox().filter(({ to }) => !/-[0-9a-f]{8}-/.test(to));

  /** Two are paid, one fails by proof, and somebody of the organisation closes it. */
  async function closed(language: string) {
    const own = await employer(domain, { language, contactEmail: `${language}@kilimo.example` });
    await fund(domain, own, 10_000);
    const rows = people(3);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map([[rows[2]?.msisdn ?? '', '2040']]));
    const which = { batchId: batch.id, organisationId: own.organisation.id, reason: 'the third has no account' };
    await closeBatch(domain.deps, staff(own.people.initiator, own.organisation.id), which);
    return batchOf(domain, batch.id);
  }

  it('comes once to the contact, with the totals and the way to the report, in the language of the organisation', async () => {
    const batch = await closed('fr');
    // The server is busy at first, and the news comes a second time.
    town.simulator.core.faults.apply({ seed: 1, mail: { busy: 1 } });
    await domain.runOutbox();
    expect(inbox()).to.deep.equal([]);
    await domain.deps.database.transaction((tx) =>
      domain.deps.outbox.emit(tx, { topic: 'payout-batch.closed', key: 'again', payload: { batchId: batch.id } }),
    );
    town.simulator.core.faults.apply({ seed: 1, mail: {} });
    await domain.runFor(10_000);
    const [only, ...more] = inbox();
    expect(more).to.deep.equal([]);
    expect(only).to.include({
      to: 'fr@kilimo.example',
      subject: `Kilimo Distributors : le lot ${batch.number} est clos`,
    });
    expect(only?.text).to.match(/Payés : 2 personnes, .*2.001,00.*\nNon payés : 1 personne, .*1.002,00/);
    const report = `https://malipo.example/console/organisations/${batch.organisationId}/batches/${batch.id}`;
    expect(only?.text).to.include(report);
    expect(only?.text, 'nobody is named').not.to.match(/\+?2547\d|Person 1/);
    const rows = await domain.deps.database.reader.find(MailSchema, { where: { recipient: 'fr@kilimo.example' } });
    expect(rows.map(({ state, attempts }) => `${state} ${attempts}`)).to.deep.equal(['sent 2']);
  });

  for (const [language, words] of [
    ['en', /Paid: 2 people, .*\nNot paid: 1 person, /],
    ['sw', /Waliolipwa: watu 2, .*\nWasiolipwa: mtu 1, /],
  ] as const) {
    it(`speaks ${language}`, async () => {
      await town.simulator.core.reset();
      await closed(language);
      await domain.runOutbox();
      expect(inbox().map(({ to }) => to)).to.deep.equal([`${language}@kilimo.example`]);
      expect(inbox()[0]?.text).to.match(words).and.not.include('{');
    });
  }

  for (const [language, words] of [
    ['en', /stopped for good: the wrong list\n.*: 2 people, .*2.003.00\. .*3.003.00\./],
    ['fr', /arrêté pour de bon : the wrong list\n.* : 2 personnes, .*2.003,00.* 3.003,00/],
    ['sw', /Lilisimamishwa kabisa: the wrong list\n.*: watu 2, .*2.003.00\. .*3.003.00\./],
  ] as const) {
    it(`says in ${language} how much was left out of one that was stopped`, async () => {
      await town.simulator.core.reset();
      const own = await employer(domain, { language });
      await fund(domain, own, 10_000);
      await stoppedAfterOne(domain, own, people(3));
      expect(inbox()).to.have.length(1);
      expect(inbox()[0]?.text).to.match(words).and.not.include('{');
    });
  }
});

import { expect } from 'chai';
import { createSchedule, runDueSchedules } from '../../../src/domain/payout-batches/index.ts';
import { StaffMemberSchema } from '../../../src/domain/staff/index.ts';
import { approved, type Employer, employer, fund, payAll, people, ready, staff } from '../../support/batch-stories.ts';
import type { Domain } from '../../support/domain-deps.ts';
import { type MailDomain, openMailDomain } from '../../support/mail-domain.ts';

const DAY_MS = 86_400_000;

describe('the mail of a run that waits for people, over SMTP', () => {
  let town: MailDomain;
  let domain: Domain;
  before(async function () {
    this.timeout(60_000);
    town = await openMailDomain();
    domain = town.domain;
  });
  beforeEach(() => domain.reset());
  after(() => town?.close());

  /** Its batch was paid, its schedule is due, and nobody has agreed beforehand. */
  async function due(own: Employer): Promise<string> {
    await fund(domain, own, 10_000);
    const source = await ready(
      domain,
      own,
      people(2).map((row) => ({ ...row, name: 'Jane Wanjiku' })),
    );
    await approved(domain, own, source);
    await payAll(domain, source.id);
    // The pay of these days would be a repeat of it.
    await domain.runFor(8 * DAY_MS);
    const { id } = own.organisation;
    const maker = { id: own.people.initiator };
    const schedule = await createSchedule(domain.deps, staff(maker.id, id), own.organisation, maker, {
      ...{ name: 'Salaries', rule: { every: 'month', day: 25, at: '09:00' }, sourceBatchId: source.id },
      ...{ amounts: 'last', hours: 'at-once' },
    });
    await town.simulator.core.reset();
    await domain.runFor((schedule.nextAtMs ?? 0) - domain.deps.runtime.clock.now());
    await runDueSchedules(domain.deps);
    await domain.runFor(10_000);
    return `https://malipo.example/console/organisations/${id}/schedules/${schedule.id}`;
  }

  it('comes once to each who makes or approves batches, in his language, with why and where', async () => {
    const own = await employer(domain);
    const { initiator, approver, second } = own.people;
    await domain.deps.database.transaction(async (tx) => {
      await tx.update(StaffMemberSchema, { id: initiator }, { email: 'grace@kilimo.example', language: 'fr' });
      await tx.update(StaffMemberSchema, { id: approver }, { email: 'hassan@kilimo.example', language: 'sw' });
      await tx.update(StaffMemberSchema, { id: second }, { email: 'wafula@kilimo.example', state: 'disabled' });
    });
    const link = await due(own);
    await runDueSchedules(domain.deps);
    await domain.runFor(10_000);
    const told = new Map(town.inbox().map((one) => [one.to, one]));
    expect(town.inbox()).to.have.length(2);
    expect([...told.keys()]).to.have.members(['grace@kilimo.example', 'hassan@kilimo.example']);
    expect(told.get('grace@kilimo.example')?.text).to.include('attendent une approbation');
    expect(told.get('hassan@kilimo.example')?.text).to.include('yanasubiri idhini');
    for (const { subject, text } of told.values()) {
      expect(subject).to.match(/^Kilimo Distributors.*Salaries .*20\d\d-\d\d-25/);
      expect(text).to.include(link).and.not.include('{');
      expect(text, 'nobody who is paid is named').not.to.match(/\+?2547\d|Wanjiku/);
    }
  });

  it('comes to the contact when nobody is left who could make or approve', async () => {
    const own = await employer(domain, { contactEmail: 'pay@kilimo.example' });
    const all = Object.values(own.people);
    await due(own);
    expect(town.inbox().every(({ to }) => to !== 'pay@kilimo.example')).to.equal(true);
    await domain.deps.database.transaction(async (tx) => {
      for (const id of all) await tx.update(StaffMemberSchema, { id }, { state: 'disabled' });
    });
    await town.simulator.core.reset();
    await domain.runFor(32 * DAY_MS);
    await runDueSchedules(domain.deps);
    await domain.runFor(10_000);
    expect(town.inbox().map(({ to }) => to)).to.deep.equal(['pay@kilimo.example']);
    expect(town.inbox()[0]?.text).to.match(/Salaries/);
  });
});

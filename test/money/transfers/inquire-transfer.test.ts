import { expect } from 'chai';
import { transferTopic } from '../../../src/money/transfers/index.ts';
import { OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { type Domain, openDomain, staysSound } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, prompt } from '../../support/stories.ts';

describeOnStores('asking what became of a prompt', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  it('is done at once when a person wants to know, and the schedule goes on as it was', async () => {
    const { payment, transfer } = await prompt(domain);
    const planned = () =>
      domain.deps.database.reader.findOneByOrFail(OutboxRowSchema, { topic: transferTopic.inquire, state: 'ready' });
    const { dueAtMs, payload } = await planned();
    const hasten = (told?: object) =>
      domain.deps.database.transaction((tx) =>
        domain.deps.outbox.expedite(tx, transferTopic.inquire, transfer.id, told),
      );
    await hasten();
    await domain.runOutbox();
    expect(domain.operator.queries, 'work that is only hastened waits for its time').to.have.length(0);
    await hasten({ isEarly: true });
    await domain.runOutbox();
    expect(domain.operator.pulls, 'the list was read').to.have.length(1);
    expect(domain.operator.queries).to.have.length(1);
    expect(await planned(), 'the same step, at its time').to.include({ dueAtMs, payload });
    expect((await current(domain, payment.id)).transfer.state, 'nobody is told yet').to.equal('submitted');
    await domain.runFor(dueAtMs - domain.clock.now());
    expect(domain.operator.queries).to.have.length(2);
    expect((await current(domain, payment.id)).transfer.state).to.equal('unknown');
  });
});

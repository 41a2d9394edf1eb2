import { expect } from 'chai';
import { EVENTS } from '../../../src/channels/api/event-shapes.ts';
import { CustomerSchema } from '../../../src/domain/customers/index.ts';
import {
  batchHistory,
  type PayoutBatch,
  PayoutRowSchema,
  planTelling,
} from '../../../src/domain/payout-batches/index.ts';
import {
  WebhookDeliverySchema,
  WebhookEndpointSchema,
  WebhookEventSchema,
} from '../../../src/domain/webhooks/index.ts';
import { countSmsSegments } from '../../../src/kernel/index.ts';
import {
  approved,
  type Employer,
  employer,
  fund,
  payAll,
  people,
  ready,
  rowsOf,
  stoppedAfterOne,
} from '../../support/batch-stories.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('news of payouts', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  beforeEach(() => domain.reset());
  afterEach(() => domain.expectSound());
  after(() => domain.close());

  async function listen({ organisation }: Employer): Promise<void> {
    const { ids, clock } = domain.deps.runtime;
    const at = clock.now();
    await domain.deps.database.transaction((tx) =>
      tx.insert(WebhookEndpointSchema, {
        ...{ id: ids.next(), ownerKind: 'organisation', ownerId: organisation.id, url: 'https://kilimo.example/hook' },
        ...{ eventTypes: '', state: 'enabled', reason: 'added', createdAtMs: at, changedAtMs: at },
      }),
    );
  }

  /** Two are paid, one fails by proof. */
  async function paid(own: Employer): Promise<PayoutBatch> {
    await fund(domain, own, 10_000);
    const rows = people(3);
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id, new Map([[rows[2]?.msisdn ?? '', '2040']]));
    await domain.runFor(60_000);
    return batch;
  }

  const events = async () => {
    const all = await domain.deps.database.reader.find(WebhookEventSchema, { order: { id: 'ASC' } });
    return all.map(({ eventType, body }) => ({ eventType, data: JSON.parse(body).data, body }));
  };

  it('go to the organisation’s system, each row once, with no whole number in them', async () => {
    const own = await employer(domain);
    await listen(own);
    const batch = await paid(own);
    const told = await events();
    expect(told.map(({ data }) => data.state).sort()).to.deep.equal(['failed', 'paid', 'paid']);
    const rows = await rowsOf(domain, batch.id);
    for (const { msisdn } of rows) expect(told.map(({ body }) => body).join()).not.to.contain(msisdn.slice(1));
    const first = told.find(({ data }) => data.row === 1);
    expect(first?.data).to.include({
      batch: batch.number,
      amount: '1000.00',
      currency: 'KES',
      receipt: rows[0]?.receipt,
    });
    expect(await domain.deps.database.reader.count(WebhookDeliverySchema)).to.equal(3);

    // Another who tells of the same batch at the same time finds everything told.
    await domain.deps.database.transaction((tx) => planTelling(domain.deps, tx, batch.id));
    await domain.deps.database.transaction((tx) => planTelling(domain.deps, tx, batch.id));
    await domain.runFor(10_000);
    expect(await events()).to.have.length(3);
  });

  it('are what the document of the interface says of them, no more and no less', async () => {
    const own = await employer(domain);
    await listen(own);
    await paid(own);
    await fund(domain, own, 10_000);
    const whole = await ready(domain, own, people(1));
    await approved(domain, own, whole);
    await payAll(domain, whole.id);
    await domain.runFor(60_000);
    const told = await events();
    const types = told.map(({ eventType }) => eventType).sort();
    expect(types).to.deep.equal(['batch.closed', ...new Array(4).fill('payout.settled')]);
    for (const { eventType, body } of told) {
      const given = JSON.parse(body);
      // What a shape does not have falls away in it.
      expect(EVENTS[eventType as keyof typeof EVENTS].shape.parse(given)).to.deep.equal(given);
    }
  });

  it('say of a batch that was stopped how much of it was left out, when it has closed itself', async () => {
    const own = await employer(domain);
    await listen(own);
    await fund(domain, own, 10_000);
    const batch = await stoppedAfterOne(domain, own, people(3));
    expect(batch).to.include({ state: 'closed', rows: 1, leftOutRows: 2 });
    const reasons = (await batchHistory(domain.deps, batch.id)).map(({ toState, reason }) => `${toState} ${reason}`);
    expect(reasons).to.include.members(['partly-paid stopped: the wrong list', 'closed stopped: the wrong list']);
    expect(reasons.join()).not.to.include('every row was paid');
    const closed = (await events()).find(({ eventType }) => eventType === 'batch.closed');
    expect(closed?.data).to.include({
      ...{ rows: 1, total: '1000.00', paidRows: 1, paidTotal: '1000.00', failedRows: 0, approvedTotal: '3003.00' },
      ...{ stopped: 'the wrong list', leftOutRows: 2, leftOutTotal: '2003.00' },
    });
    const given = JSON.parse(closed?.body ?? '');
    expect(EVENTS['batch.closed'].shape.parse(given)).to.deep.equal(given);
    const other = await stoppedAfterOne(domain, own, people(2), '2040');
    expect(other, 'somebody looks at what failed').to.include({ state: 'partly-paid', leftOutRows: 1 });
  });

  it('tell two at once only one of each', async () => {
    const own = await employer(domain);
    await listen(own);
    const batch = await paid(own);
    const { database, runtime } = domain.deps;
    await database.transaction(async (tx) => {
      await tx.manager.createQueryBuilder().delete().from(WebhookEventSchema).execute();
      await tx.manager.createQueryBuilder().delete().from(WebhookDeliverySchema).execute();
      await tx.update(PayoutRowSchema, { batchId: batch.id }, { untoldAtMs: runtime.clock.now() });
    });
    const tell = domain.handlers.get('payout-batch.deciding');
    const both = await Promise.allSettled(
      [1, 2, 3].map(() => tell?.handle({ batchId: batch.id }, {} as Parameters<NonNullable<typeof tell>['handle']>[1])),
    );
    expect(both.map(({ status }) => status)).to.deep.equal(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(await events()).to.have.length(3);
  });

  it('go to who was paid, in his own language where it is known, and to nobody else', async () => {
    const own = await employer(domain, { recipientNews: 'told', language: 'fr' });
    await fund(domain, own, 10_000);
    const rows = people(2);
    const { ids, clock } = domain.deps.runtime;
    await domain.deps.database.transaction((tx) =>
      tx.insert(CustomerSchema, {
        ...{ id: ids.next(), msisdn: rows[0]?.msisdn as never, language: 'sw', pinHash: null, pinFailures: 0 },
        ...{ pinLockedUntilMs: null, pinTurnKey: null, pinTurnResult: null, promptsBlockedAtMs: null },
        ...{ remindersStoppedAtMs: null, lastSeenAtMs: clock.now(), createdAtMs: clock.now(), ownerSinceMs: 0 },
      }),
    );
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id);
    await domain.runFor(60_000);
    const messages = await domain.messages();
    expect(messages).to.have.length(2);
    const textTo = (at: number) => messages.find(({ recipient }) => recipient === rows[at]?.msisdn)?.text;
    expect(textTo(0)).to.match(
      /^Kilimo Distributors imekutumia .*1,000\.00 kwa M-PESA\. Risiti SG\d+\. Kumb M\w{9}\.$/,
    );
    expect(textTo(1)).to.match(/^Kilimo Distributors vous a envoy.* par M-PESA\. Re.u SG\d+\. R.f M\w{9}\.$/);
  });

  it('fit one SMS in every language, however much it is', () => {
    const { texts } = domain.deps;
    const values = {
      ...{ organisation: 'W'.repeat(36), operator: 'M-PESA', receipt: 'SGH7A1B2C3D4', reference: 'MABCDEFGHJ' },
      ...{ number: '20384', hasNumber: 'yes', dial: '*384*12345*7#' },
      amount: { amountMinor: 99_999_999n, currency: 'KES' },
    };
    for (const language of texts.languages) {
      for (const kind of ['payout', 'payout-asked']) {
        const text = texts.format(language, `sms.${kind}`, values);
        expect(countSmsSegments(text).segments, `${language} ${kind}: ${text}`).to.equal(1);
      }
    }
  });
});

import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { STAFF_ROLES, type StaffRole } from '../../src/domain/staff/index.ts';
import {
  type WebhookDelivery,
  WebhookDeliverySchema,
  WebhookEndpointSchema,
  WebhookEventSchema,
} from '../../src/domain/webhooks/index.ts';
import { businessDay, systemRuntime } from '../../src/kernel/index.ts';
import { type ConsolePage, type StaffBrowser, signIn } from '../support/console-client.ts';
import { newAccount } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';
import { type Received, type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const LIST = '/console/webhooks';
const TODAY = businessDay(Date.now(), 'Africa/Nairobi');

describeOnStores('webhooks in the console', (stores) => {
  let town: TestService;
  let receiver: Receiver;
  const people = new Map<StaffRole, StaffBrowser>();
  before(async function () {
    this.timeout(120_000);
    receiver = await startReceiver();
    town = await startService(stores());
    for (const role of STAFF_ROLES) people.set(role, await signIn(town, role));
  });
  after(async () => {
    await town?.stop();
    await receiver?.stop();
  });

  const as = (role: StaffRole): StaffBrowser => {
    const browser = people.get(role);
    if (!browser) throw new Error(`nobody is signed in as ${role}`);
    return browser;
  };
  const act = async (role: StaffRole, path: string, fields: Record<string, string> = {}): Promise<ConsolePage> => {
    await as(role).get('/console/me');
    return as(role).post(path, { reason: 'as they asked', ...fields });
  };
  const reader = () => town.books.database.reader;
  const endpointOf = async (url: string): Promise<string> =>
    `${LIST}/${(await reader().findOneByOrFail(WebhookEndpointSchema, { url })).id}`;
  const idOf = (path: string) => path.split('/').at(-1) ?? '';
  const actsOf = async (path: string) => {
    const where = { subjectId: idOf(path) };
    return reader().find(AuditEntrySchema, { where, order: { position: 'ASC' } });
  };
  const secretOn = ({ html }: ConsolePage): string => /whsec_[A-Za-z0-9+/=]+/.exec(html)?.[0] ?? '';
  const isSignedBy = (secret: string, { body, headers }: Received): boolean => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };
  const last = () => receiver.received.at(-1) as Received;

  it('shows every endpoint with what it answered last, to those who only read without a form', async () => {
    const jane = await town.phone();
    const reference = await jane.pays({ biller: 2, account: newAccount(2), amount: 500 });
    await town.books.payment(reference, 'posted');
    await eventually('the biller was told', async () => {
      const page = await as('support').get(`${LIST}?biller=maji-water`);
      expect(page.html)
        .to.match(/Payment (booked|received).*: delivered/)
        .and.include('Answered 2');
    });
    const page = await as('auditor').get(LIST);
    expect(page.html).to.include('Jua Power').and.include('Maji Water').and.include('told nothing yet');
    expect(page.html).not.to.include('name="url"');
    expect((await as('support').get(`${LIST}?biller=maji-water`)).html).not.to.include('<h2>Jua Power');
    expect((await as('approver').get(LIST)).status).to.equal(403);
    expect((await act('finance', LIST, { biller: 'maji-water', url: receiver.url })).status).to.equal(403);
  });

  it('adds an address, tells its secret once, and tries it', async () => {
    for (const [url, words] of [
      ['https://10.0.0.1/hooks', 'a network that is not public'],
      ['https://user:secret@example.org/', 'a user name or password'],
      ['ftp://example.org', 'does not begin with https://'],
      ['somewhere', 'no address'],
    ] as const) {
      const page = await act('administrator', LIST, { biller: 'maji-water', url });
      expect([page.status, page.html.includes(words)], url).to.deep.equal([422, true]);
      expect(page.html, 'what was typed is not lost').to.include(`value="${url}"`);
    }
    const url = `${receiver.url}?key=theirs`;
    const fields = { biller: 'maji-water', url, 'event-payment.posted': 'yes', reason: 'their new system' };
    const made = await act('administrator', LIST, fields);
    const secret = secretOn(made);
    expect([made.status, secret.length > 40]).to.deep.equal([200, true]);
    const path = await endpointOf(url);
    const page = await as('administrator').get(path);
    expect(page.html).to.include('payment.posted').and.include('their new system').and.include('Lucy Mwende');
    expect(secretOn(page) + secretOn(await as('administrator').get(LIST))).to.equal('');
    expect((await act('administrator', LIST, fields)).html).to.include('has this address already');

    expect((await act('finance', `${path}/test`)).location).to.equal(`${path}?done=endpoint-tested`);
    expect(last().json.type).to.equal('endpoint.test');
    expect(isSignedBy(secret, last())).to.equal(true);
    expect((await as('support').get(path)).html)
      .to.include('endpoint.test')
      .and.include('Answered 200');
    const acts = await actsOf(path);
    expect(acts.map((one) => one.act)).to.deep.equal(['webhook.endpoint-added', 'webhook.endpoint-tested']);
    expect(JSON.stringify(acts.map(({ after }) => after)))
      .not.to.include('whsec_')
      .and.not.include('theirs');
  });

  it('makes a new secret, which ends the one before at once where that is wanted', async () => {
    const url = `${receiver.url}?rotated`;
    const first = secretOn(await act('administrator', LIST, { biller: 'maji-water', url }));
    const path = await endpointOf(url);
    expect((await act('finance', `${path}/rotate`, { hours: '1' })).status).to.equal(403);
    for (const hours of ['', '-1', '8761', 'x']) {
      expect((await act('administrator', `${path}/rotate`, { hours })).status, hours).to.equal(422);
    }
    const second = secretOn(await act('administrator', `${path}/rotate`, { hours: '1' }));
    await act('administrator', `${path}/test`);
    expect([first, second].map((secret) => isSignedBy(secret, last()))).to.deep.equal([true, true]);
    const third = secretOn(await act('administrator', `${path}/rotate`, { hours: '0' }));
    await act('administrator', `${path}/test`);
    expect([first, second, third].map((secret) => isSignedBy(secret, last()))).to.deep.equal([false, false, true]);
    expect((await as('administrator').get(path)).html).to.include('made a new secret');
  });

  it('is switched off by one of two, and is told afterwards what it missed', async function () {
    this.timeout(60_000);
    const url = `${receiver.url}?missed`;
    await act('administrator', LIST, { biller: 'maji-water', url });
    const path = await endpointOf(url);
    const both = await Promise.all([act('administrator', `${path}/disable`), act('administrator', `${path}/disable`)]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([303, 422]);
    expect(both.find(({ status }) => status === 422)?.html)
      .to.include('Somebody was faster')
      .and.include('as they asked');
    expect((await act('finance', `${path}/test`)).html).to.include('Its endpoint is disabled');
    const jane = await town.phone();
    const reference = await jane.pays({ biller: 2, account: newAccount(2), amount: 501 });
    await town.books.payment(reference, 'posted');
    await town.books.untilQuiet();
    const told = () =>
      receiver.received.filter(({ json }) => json.data.reference === reference && json.type === 'payment.posted')
        .length;
    expect((await act('finance', `${path}/since`, { since: TODAY })).status).to.equal(422);
    await act('administrator', `${path}/enable`);
    expect((await act('finance', `${path}/since`, { since: '2026-99-01' })).status).to.equal(422);
    const before = told();
    expect((await act('finance', `${path}/since`, { since: TODAY })).location).to.equal(`${path}?done=webhooks-resent`);
    await eventually('it was told', async () => expect(told()).to.equal(before + 1));
    expect((await actsOf(path)).map((one) => one.act)).to.deep.equal([
      ...['webhook.endpoint-added', 'webhook.endpoint-disabled', 'webhook.endpoint-enabled', 'webhook.resent-since'],
    ]);
  });

  it('shows deliveries a page at a time, and sends one again', async () => {
    const url = `${receiver.url}?many`;
    await act('administrator', LIST, { biller: 'jua-power', url });
    const path = await endpointOf(url);
    const deliveries = await plantFailed(idOf(path), 60);
    const seen: string[] = [];
    let page = await as('support').get(path);
    for (let count = 0; count < 5; count += 1) {
      seen.push(...[...page.html.matchAll(/webhook-id ([0-9a-f-]{36})/g)].map(([, id = '']) => id));
      const next = /href="([^"]*\?after=[^"]*)"/.exec(page.html)?.[1];
      if (!next) break;
      page = await as('support').get(next);
    }
    expect(seen).to.deep.equal(deliveries.map(({ eventId }) => eventId).reverse());
    const [failed] = deliveries;
    const queue = await as('finance').get('/console/queues/webhooks');
    expect(queue.html, 'the queue leads there').to.include(`href="${path}"`);
    expect((await as('support').get(path)).html).not.to.include(`${path}/resend`);
    expect((await act('support', `${path}/resend`, { delivery: failed?.id ?? '' })).status).to.equal(403);
    const again = await act('finance', `${path}/resend`, { delivery: failed?.id ?? '' });
    expect(again.location).to.equal(`${path}?done=webhook-resent`);
    await eventually('it arrived', async () => {
      const now = await reader().findOneByOrFail(WebhookDeliverySchema, { id: failed?.id ?? '' });
      expect(now.state).to.equal('delivered');
    });
    const nothing = await act('finance', `${path}/resend`, { delivery: 'x' });
    expect([nothing.status, nothing.html.includes('no such delivery')]).to.deep.equal([422, true]);
  });

  it('has a page that offers the search where there is none', async () => {
    for (const id of ['01900000-0000-7000-8000-000000000000', 'x', '%27']) {
      const page = await as('auditor').get(`${LIST}/${id}`);
      expect(page.status, id).to.equal(404);
      expect(page.html, id).to.include('action="/console/search"');
      expect((await act('administrator', `${LIST}/${id}/disable`)).status, id).to.equal(404);
    }
  });

  async function plantFailed(endpointId: string, count: number): Promise<WebhookDelivery[]> {
    const { ids } = systemRuntime;
    const from = Date.now() - count * 1_000;
    const events = Array.from({ length: count }, (_, at) => {
      const id = ids.next();
      const owner = { ownerKind: 'biller' as const, ownerId: 'jua-power' };
      return { ...owner, id, eventType: 'payment.posted', factKey: id, body: '{"data":{}}', createdAtMs: from + at };
    });
    const deliveries = events.map(({ id, createdAtMs }): WebhookDelivery => {
      const tried = { state: 'failed' as const, claimedBy: null, tries: 10, attempts: 10 };
      // Several are of one millisecond.
      const atMs = createdAtMs - (createdAtMs % 4);
      return {
        id: ids.next(),
        eventId: id,
        endpointId,
        ...tried,
        dueAtMs: atMs,
        createdAtMs: atMs,
        finishedAtMs: atMs,
      };
    });
    await town.books.database.transaction(async ({ manager }) => {
      await manager.insert(WebhookEventSchema, events);
      await manager.insert(WebhookDeliverySchema, deliveries);
    });
    return deliveries;
  }
});

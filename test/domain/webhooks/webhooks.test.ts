import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { schema } from '../../../ormconfig.ts';
import {
  addEndpoint,
  announce,
  EndpointChangeSchema,
  listAttempts,
  listDeliveries,
  listEndpoints,
  makeWebhookSender,
  onSettlementReady,
  RETRY_DELAYS_MS,
  resendDelivery,
  resendSince,
  rotateSecret,
  setEndpointState,
  testEndpoint,
  type WebhookDeps,
  type WebhookEndpoint,
  WebhookEventSchema,
  WebhookSecretSchema,
  type WebhookSender,
} from '../../../src/domain/webhooks/index.ts';
import { makeRuntime, Refusal, systemChance, systemClock, systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { dnsResolver, guardedHttpPort, makeHttpPort, makeNetworks } from '../../../src/platform/http/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { makeSealing } from '../../../src/platform/sealing/index.ts';
import { forget } from '../../support/forget.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { eventually } from '../../support/service-eventually.ts';
import { describeOnStores } from '../../support/stores.ts';
import { type Received, type Receiver, startReceiver } from '../../support/webhook-receiver.ts';

const POLL_MS = 1_000;
const ROTATION_MS = 60_000;
const HOUR_MS = 3_600_000;

describeOnStores('webhooks', (stores) => {
  let database: Database;
  let clock: ManualClock;
  let http: ReturnType<typeof makeHttpPort>;
  let deps: WebhookDeps;
  let sender: WebhookSender;
  let receiver: Receiver;
  const faults: unknown[] = [];
  let owners = 0;
  let owner: { ownerKind: 'biller'; ownerId: string };

  before(async function () {
    this.timeout(60_000);
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
    http = makeHttpPort({ clock: systemClock });
  });
  after(async () => {
    http?.close();
    await database?.close();
  });
  beforeEach(async () => {
    clock = manualClock();
    owners += 1;
    owner = { ownerKind: 'biller', ownerId: `biller-${owners}` };
    deps = {
      runtime: makeRuntime(clock, systemChance),
      database,
      sealing: makeSealing(Buffer.alloc(32, 7), systemChance),
      log: silentLog,
      webhookHttp: guardedHttpPort({
        clock: systemClock,
        http,
        resolve: dnsResolver(),
        allowed: makeNetworks(['127.0.0.0/8']),
      }),
      webhookSettings: { timeoutMs: 15_000, rotationMs: ROTATION_MS, perEndpoint: 2, atOnce: 3, pollMs: POLL_MS },
    };
    receiver = await startReceiver();
    sender = startSender();
  });
  afterEach(async () => {
    await receiver.stop();
    await stopSender();
    expect(faults.splice(0)).to.deep.equal([]);
    const endpoints = await listEndpoints(deps);
    for (const { id, state } of endpoints) {
      if (state === 'enabled') {
        await setEndpointState(deps, { endpointId: id, to: 'disabled', actor: 'test', reason: 'over' });
      }
    }
  });

  function startSender(): WebhookSender {
    const made = makeWebhookSender(deps, { attempted: () => {}, faulted: (error) => faults.push(error) });
    made.start();
    return made;
  }

  /** Its loop sleeps on the clock that stands still. */
  async function stopSender(): Promise<void> {
    const stopped = sender.stop();
    await clock.advance(POLL_MS);
    await stopped;
  }

  /** Lets the sender look for work until the attempt holds. */
  const soon = <T>(what: string, attempt: () => Promise<T> | T) =>
    eventually(what, async () => {
      await clock.advance(POLL_MS);
      return attempt();
    });

  let facts = 0;
  const tell = (
    data: Record<string, unknown> = {},
    eventType: 'payment.received' | 'payment.posted' = 'payment.posted',
  ) =>
    database.transaction((tx) => {
      facts += 1;
      return announce(deps, tx, { ...owner, eventType, factKey: `fact-${facts}`, data });
    });
  const add = (more: { url?: string; eventTypes?: string[] } = {}) =>
    addEndpoint(deps, { ...owner, url: receiver.url, actor: 'test', ...more });
  const arrived = (count: number, where = receiver) =>
    soon(`${count} arrived`, () => {
      expect(where.received.length).to.be.at.least(count);
      return where.received;
    });
  const deliveriesOf = ({ id }: WebhookEndpoint) => listDeliveries(deps, { endpointId: id, limit: 100 });
  const stateIs = (endpoint: WebhookEndpoint, state: string) =>
    soon(`it is ${state}`, async () => {
      const [delivery] = await deliveriesOf(endpoint);
      expect(delivery?.state).to.equal(state);
      return delivery;
    });
  const refusalOf = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      if (error instanceof Refusal) return { code: error.code, ...error.details };
      throw error;
    }
    return undefined;
  };
  /** What the published library makes of the same message at the same second. */
  const signatureBy = (secret: string, { headers, id, body }: Received) =>
    new Webhook(secret).sign(id, new Date(Number(headers['webhook-timestamp']) * 1_000), body);

  it('are signed as the published library signs, and say type, time and data', async () => {
    const { secret, endpoint } = await add();
    await tell({ amount: '500.00', currency: 'KES' });
    const [request] = (await arrived(1)) as [Received];
    expect(request.headers['webhook-signature']).to.equal(signatureBy(secret, request));
    expect(request.headers['content-type']).to.equal('application/json');
    expect(request.json.type).to.equal('payment.posted');
    expect(request.json.data).to.deep.equal({ amount: '500.00', currency: 'KES' });
    expect(Date.parse(request.json.timestamp)).to.be.closeTo(clock.now(), 5_000);
    const delivery = await stateIs(endpoint, 'delivered');
    expect(delivery?.eventId).to.equal(request.id);
    const [attempt] = await listAttempts(deps, [delivery?.id ?? '']);
    expect(attempt).to.include({ attempt: 1, status: 200, answer: 'ok' });
    const [sealed] = await database.reader.findBy(WebhookSecretSchema, { endpointId: endpoint.id });
    expect(sealed?.sealedSecret).not.to.include(secret.slice(6, 20));
  });

  it('tell a fact once, to the owner alone, and only what an endpoint asked for', async () => {
    const { endpoint } = await add({ eventTypes: ['payment.posted'] });
    const fact = { ...owner, eventType: 'payment.posted' as const, factKey: 'the-fact', data: {} };
    const told = [];
    for (let turn = 0; turn < 2; turn += 1) {
      told.push(await database.transaction((tx) => announce(deps, tx, fact)));
    }
    expect(told).to.deep.equal([true, false]);
    await tell({}, 'payment.received');
    const stranger = { ...fact, ownerId: 'nobody', factKey: 'other' };
    expect(await database.transaction((tx) => announce(deps, tx, stranger))).to.equal(false);
    expect(await database.reader.countBy(WebhookEventSchema, { ownerId: 'nobody' })).to.equal(0);
    await stateIs(endpoint, 'delivered');
    expect(receiver.received.map(({ json }) => json.type)).to.deep.equal(['payment.posted']);
  });

  it('leave nothing of a fact that was rolled back', async () => {
    const { endpoint } = await add();
    const work = database.transaction(async (tx) => {
      await announce(deps, tx, { ...owner, eventType: 'payment.posted', factKey: 'undone', data: {} });
      throw new Error('undone');
    });
    expect(await work.catch((error: Error) => error.message)).to.equal('undone');
    expect(await deliveriesOf(endpoint)).to.deep.equal([]);
  });

  it('are signed by the old and the new secret until the old one ends', async () => {
    const { endpoint, secret: old } = await add();
    const { secret: young, oldEndsAtMs } = await rotateSecret(deps, { endpointId: endpoint.id, actor: 'test' });
    expect(oldEndsAtMs).to.equal(clock.now() + ROTATION_MS);
    await tell();
    const [first] = (await arrived(1)) as [Received];
    expect(first.headers['webhook-signature']).to.equal(`${signatureBy(young, first)} ${signatureBy(old, first)}`);
    await clock.advance(oldEndsAtMs - clock.now());
    await tell();
    const second = (await arrived(2))[1] as Received;
    expect(second.headers['webhook-signature']).to.equal(signatureBy(young, second));
  });

  it('are tried again on the published schedule, then given up, and sent again when asked, under the same id', async function () {
    this.timeout(60_000);
    const { endpoint } = await add();
    receiver.answer = (response) => response.writeHead(500).end('broken');
    await tell();
    for (const [index, delayMs] of RETRY_DELAYS_MS.entries()) {
      const delivery = await soon('the attempt was kept', async () => {
        const [found] = await deliveriesOf(endpoint);
        expect(found).to.include({ attempts: index + 1, claimedBy: null, state: 'waiting' });
        return found;
      });
      const [last] = (await listAttempts(deps, [delivery?.id ?? ''])).slice(-1);
      expect(last).to.include({ status: 500, answer: 'broken' });
      const plannedMs = (delivery?.dueAtMs ?? 0) - (last?.startedAtMs ?? 0);
      expect(plannedMs).to.be.within(delayMs, delayMs + 30_000);
      // Not a moment before. (While it waits for hours the sender is away: it would look every second.)
      await stopSender();
      await clock.advance(Math.max(0, (delivery?.dueAtMs ?? 0) - clock.now() - 2 * POLL_MS));
      sender = startSender();
      await clock.advance(POLL_MS);
      expect(receiver.received).to.have.length(index + 1);
    }
    const failed = await stateIs(endpoint, 'failed');
    expect(receiver.received).to.have.length(10);
    receiver.answer = (response) => response.writeHead(204).end();
    await resendDelivery(deps, failed?.id ?? '');
    expect(await stateIs(endpoint, 'delivered')).to.include({ attempts: 11, tries: 1 });
    expect(new Set(receiver.received.map(({ id }) => id)).size).to.equal(1);
    await resendDelivery(deps, failed?.id ?? '');
    await arrived(12);
  });

  it('disable an endpoint that answers 410, say why, and send what it missed when it is back', async () => {
    const { endpoint } = await add();
    receiver.answer = (response) => response.writeHead(410).end();
    await tell({ number: 1 });
    await soon('it is disabled', async () => {
      const [found] = await listEndpoints(deps, owner);
      expect(found?.state).to.equal('disabled');
      expect(found?.reason).to.include('410');
    });
    await tell({ number: 2 });
    expect((await deliveriesOf(endpoint)).map(({ state }) => state)).to.deep.equal(['dropped']);
    expect(await refusalOf(resendSince(deps, endpoint.id, 0))).to.include({ code: 'webhook.endpoint-disabled' });
    receiver.answer = (response) => response.writeHead(200).end();
    const back = { endpointId: endpoint.id, actor: 'Amina', reason: 'the receiver is back' };
    await setEndpointState(deps, { ...back, to: 'enabled' });
    expect(await refusalOf(setEndpointState(deps, { ...back, to: 'enabled' }))).to.include({
      code: 'webhook.endpoint-unchanged',
    });
    expect(await resendSince(deps, endpoint.id, 0)).to.equal(2);
    const requests = await arrived(3);
    expect(requests.slice(1).map(({ json }) => json.data.number)).to.have.members([1, 2]);
    expect(await resendSince(deps, endpoint.id, 0)).to.equal(0);
    const changes = await database.reader.findBy(EndpointChangeSchema, { endpointId: endpoint.id });
    expect(changes.map(({ change, actor }) => `${change} by ${actor}`)).to.deep.equal([
      'added by test',
      'disabled by service',
      'enabled by Amina',
    ]);
  });

  it('to a slow endpoint do not delay those to another', async () => {
    const quick = await startReceiver();
    try {
      const held: (() => void)[] = [];
      receiver.answer = (response) => void held.push(() => response.writeHead(200).end());
      await add();
      for (let turn = 0; turn < 20; turn += 1) await tell();
      await arrived(2);
      await add({ url: quick.url });
      for (let turn = 0; turn < 5; turn += 1) await tell();
      await arrived(5, quick);
      // Every event of the slow one is still on its way, and only its own places are taken.
      expect(receiver.received).to.have.length(2);
      receiver.answer = (response) => response.writeHead(200).end();
      for (const release of held) release();
      await arrived(25);
      expect(receiver.mostAtOnce).to.equal(2);
    } finally {
      await quick.stop();
    }
  });

  it('keep why no answer came, follow no redirect, and keep no more than the start of an answer', async () => {
    const { endpoint } = await add();
    const outcomeOf = async (answer: Receiver['answer']) => {
      receiver.answer = answer;
      const attempt = await testEndpoint(deps, endpoint.id);
      return (
        attempt ??
        soon('it was tried', async () => {
          const [newest] = await deliveriesOf(endpoint);
          const [found] = (await listAttempts(deps, [newest?.id ?? ''])).slice(-1);
          expect(found?.durationMs).to.be.a('number');
          return found;
        })
      );
    };
    expect(await outcomeOf((response) => void response.destroy())).to.include({ status: null });
    const inside = await startReceiver();
    expect(await outcomeOf((response) => response.writeHead(307, { location: inside.url }).end())).to.include({
      status: 307,
    });
    expect(inside.received).to.deep.equal([]);
    await inside.stop();
    const long = await outcomeOf((response) => response.writeHead(200).end(`\0${'é'.repeat(2_000_000)}`));
    expect(long?.status).to.equal(200);
    expect(long?.answer?.length).to.be.within(500, 1_024);
    expect(long?.answer?.startsWith(' é')).to.equal(true);
  });

  it('refuse addresses, events, secrets and numbers of endpoints that cannot be', async () => {
    const at = (url: string) => refusalOf(add({ url }));
    expect(await at('https://169.254.169.254/latest')).to.include({ why: 'private-network' });
    expect(await at('http://8.8.8.8/')).to.include({ why: 'not-https' });
    expect(await at(`https://8.8.8.8/${'a'.repeat(500)}`)).to.include({ code: 'webhook.address-refused' });
    expect(await refusalOf(add({ eventTypes: ['payment.lost'] }))).to.include({ code: 'webhook.unknown-event' });
    for (const secret of ['whsec_', 'secret', `whsec_${Buffer.alloc(23).toString('base64')}`, 'whsec_!!!!']) {
      const work = addEndpoint(deps, { ...owner, url: receiver.url, actor: 'test', secret });
      expect(await refusalOf(work), secret).to.include({ code: 'webhook.bad-secret' });
    }
    await add();
    expect(await refusalOf(add())).to.include({ code: 'webhook.endpoint-exists' });
    for (let turn = 1; turn < 10; turn += 1) await add({ url: `${receiver.url}/${turn}` });
    expect(await refusalOf(add({ url: `${receiver.url}/10` }))).to.include({ code: 'webhook.too-many-endpoints' });
  });

  it('of a settlement name no other biller, and are forgotten after their time', async () => {
    const { endpoint } = await add();
    const news = { settlementId: 's1', billerId: owner.ownerId, day: '2026-11-20', payable: '480.00' };
    await onSettlementReady(deps, news);
    await onSettlementReady(deps, news);
    await stateIs(endpoint, 'delivered');
    const [request] = (await arrived(1)) as [Received];
    expect(request.json).to.deep.include({
      type: 'settlement.ready',
      data: { settlementId: 's1', day: '2026-11-20', payable: '480.00' },
    });
    expect(receiver.received).to.have.length(1);
    expect((await forget(deps, { webhookDays: 1 })).get('webhooks')).to.equal(undefined);
    const inTwoDays = { ...clock, now: () => clock.now() + 48 * HOUR_MS };
    const then = { ...deps, runtime: { ...deps.runtime, clock: inTwoDays } };
    expect((await forget(then, { webhookDays: 1 })).get('webhooks')?.forgotten).to.be.greaterThan(0);
    expect(await deliveriesOf(endpoint)).to.deep.equal([]);
  });
});

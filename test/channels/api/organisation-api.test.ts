import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { WebhookEndpointSchema } from '../../../src/domain/webhooks/index.ts';
import { plantExamples } from '../../support/api-examples.ts';
import { type ApiTown, exampleId, openApiTown } from '../../support/organisation-api.ts';
import { embeddedStores, type StorePair } from '../../support/stores.ts';

const OTHER_KEY = `mlp_00000002_${'2'.repeat(64)}`;
const READER_KEY = `mlp_00000003_${'3'.repeat(64)}`;
const ENDED_KEY = `mlp_00000004_${'4'.repeat(64)}`;
const HASTY_KEY = `mlp_00000005_${'5'.repeat(64)}`;
const own = `/v1/webhooks/${exampleId(3)}`;

describe('the interface for organisations', () => {
  let stores: StorePair;
  let town: ApiTown;
  before(async function () {
    this.timeout(60_000);
    stores = await embeddedStores();
    town = await openApiTown(stores, { API_REQUESTS_PER_MINUTE: '120' });
    await plantExamples(town);
    await town.addOrganisation(exampleId(100));
    await town.addKey(OTHER_KEY, { organisationId: exampleId(100) });
    await town.addKey(READER_KEY, { scopes: 'batches:read' });
    await town.addKey(ENDED_KEY, { endsAtMs: Date.now() - 1_000 });
    await town.addKey(HASTY_KEY);
  });
  after(async () => {
    await town?.stop();
    await stores?.drop();
  });

  const problem = async (answer: ReturnType<ApiTown['ask']>, status: number, code: string) => {
    const { status: given, json, headers, text } = await answer;
    expect(given, text).to.equal(status);
    expect(headers.get('content-type')).to.equal('application/problem+json');
    expect(json).to.include({ status, code });
    expect(String(json.type)).to.match(/\/docs#problem-[a-z-]+$/);
    return { json, headers };
  };

  it('lets in only who has a key that is known and not over, and keeps no key as it is', async () => {
    for (const key of [null, '', 'mlp_', 'mlp_guessed', `${town.key}x`, town.key.slice(4), ENDED_KEY, 'ü']) {
      const headers = key === 'ü' ? { authorization: 'Basic bWxwXw==' } : {};
      const { headers: answered } = await problem(
        town.ask('GET', '/v1/me', { key: key === 'ü' ? null : key, headers }),
        401,
        'request.unauthorised',
      );
      expect(answered.get('www-authenticate')).to.equal('Bearer realm="malipo"');
    }
    const { json } = await town.ask('GET', '/v1/me');
    expect(json).to.nested.include({ 'organisation.id': exampleId(1), 'key.id': exampleId(2) });
    expect(JSON.stringify(json)).not.to.include(town.key);
  });

  it('gives a key only what it has the scope for', async () => {
    await problem(town.ask('GET', '/v1/webhooks', { key: READER_KEY }), 403, 'request.no-scope');
    await problem(town.ask('POST', `${own}/rotate`, { key: READER_KEY, body: {} }), 403, 'request.no-scope');
    expect((await town.ask('GET', '/v1/me', { key: READER_KEY })).status).to.equal(200);
  });

  it('shows nobody what is another organisation’s, as if it were not there', async () => {
    const { json } = await town.ask('GET', '/v1/webhooks', { key: OTHER_KEY });
    expect(json).to.deep.equal({ data: [], next: null });
    const acts = ['rotate', 'disable', 'enable', `deliveries/${exampleId(5)}/resend`];
    for (const act of acts) {
      await problem(town.ask('POST', `${own}/${act}`, { key: OTHER_KEY, body: {} }), 404, 'request.not-found');
    }
    for (const path of [own, `${own}/deliveries`]) {
      await problem(town.ask('GET', path, { key: OTHER_KEY }), 404, 'request.not-found');
    }
    await problem(town.ask('POST', `${own}/deliveries/${exampleId(7)}/resend`, { body: {} }), 404, 'request.not-found');
  });

  it('does once what is asked for again, and gives the same answer, secret and all', async () => {
    const ask = { body: { url: 'https://pay.tumaini.example/once' }, idempotencyKey: 'once-1' };
    const answers = await Promise.all([0, 1, 2, 3].map(() => town.ask('POST', '/v1/webhooks', ask)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made, 'the first one').not.to.be.empty;
    for (const { status } of answers) expect([201, 409]).to.include(status);
    const again = await town.ask('POST', '/v1/webhooks', ask);
    expect(again.headers.get('idempotency-replayed')).to.equal('true');
    for (const { text } of made) expect(text).to.equal(again.text);
    expect(again.json.secret).to.match(/^whsec_/);
    const { database } = town.service.deps;
    const url = 'https://pay.tumaini.example/once';
    expect(await database.reader.countBy(WebhookEndpointSchema, { url })).to.equal(1);
    const heard = { act: 'webhook.endpoint-added', subjectId: String(again.json.id) };
    const [entry, ...more] = await database.reader.findBy(AuditEntrySchema, heard);
    expect(more).to.deep.equal([]);
    expect(entry).to.include({ actorKind: 'key', actorId: exampleId(2), scope: exampleId(1) });
    const [kept] = await database.reader.query("SELECT * FROM idempotent_request WHERE idempotency_key = 'once-1'");
    expect(JSON.stringify(kept), 'at rest').not.to.include('whsec_');
  });

  it('keeps a refusal as well, and names of requests apart by organisation', async () => {
    const ask = { body: { url: 'http://pay.tumaini.example/plain' }, idempotencyKey: 'refused-1' };
    const { json } = await problem(town.ask('POST', '/v1/webhooks', ask), 422, 'webhook.address-refused');
    expect(json.details).to.deep.equal({ why: 'not-https' });
    const again = await town.ask('POST', '/v1/webhooks', ask);
    expect(again.json).to.deep.equal(json);
    expect(again.headers.get('idempotency-replayed')).to.equal('true');
    const others = await town.ask('POST', '/v1/webhooks', {
      ...{ key: OTHER_KEY, idempotencyKey: 'refused-1', body: { url: 'https://pay.tumaini.example/of-others' } },
    });
    expect(others.status, others.text).to.equal(201);
  });

  it('refuses a POST without a name, and a name that was another request’s', async () => {
    const body = { overlapHours: 0 };
    for (const idempotencyKey of [null, '', 'x'.repeat(101), 'two words']) {
      await problem(town.ask('POST', `${own}/rotate`, { body, idempotencyKey }), 400, 'request.key-missing');
    }
    expect((await town.ask('POST', `${own}/rotate`, { body, idempotencyKey: '"quoted"' })).status).to.equal(200);
    const other = { body: { overlapHours: 1 }, idempotencyKey: 'quoted' };
    await problem(town.ask('POST', `${own}/rotate`, other), 422, 'request.key-reused');
    await problem(town.ask('POST', `${own}/disable`, { body, idempotencyKey: 'quoted' }), 422, 'request.invalid');
    await problem(
      town.ask('POST', `${own}/disable`, { body: {}, idempotencyKey: 'quoted' }),
      422,
      'request.key-reused',
    );
  });

  it('names every place of a request that does not fit', async () => {
    const body = { url: 7, events: ['batch.closed', 'payment.posted'], 'a/b~c': 1 };
    const { json } = await problem(town.ask('POST', '/v1/webhooks', { body }), 422, 'request.invalid');
    const pointers = (json.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).to.have.members(['#/url', '#/events/1', '#']);
    for (const query of [
      'limit=0',
      'limit=x',
      'limit=1&limit=2',
      'limit=201',
      'after=nonsense',
      'after=W10',
      'other=1',
    ]) {
      const answer = await problem(town.ask('GET', `${own}/deliveries?${query}`), 422, 'request.invalid');
      expect((answer.json.errors as { parameter: string }[])[0]?.parameter).to.equal(query.split('=')[0]);
    }
  });

  it('hands out a list in pages that meet', async () => {
    const first = await town.ask('GET', `${own}/deliveries?limit=1`);
    expect(first.json.next).to.equal(null);
    await town.ask('POST', `${own}/deliveries/${exampleId(5)}/resend`, { body: {} });
    const [one] = (await town.ask('GET', `${own}/deliveries`)).json.data as { state: string; attempts: number }[];
    expect(one).to.include({ state: 'waiting', attempts: 10 });
  });

  it('answers what nobody can read, and what is nowhere, as the sender’s fault', async () => {
    const add = (options: Parameters<ApiTown['ask']>[2]) => town.ask('POST', '/v1/webhooks', options);
    for (const raw of [
      '{',
      '[]]',
      '{"url":"\\u0000"}',
      '{"url":"\\ud800"}',
      `${'['.repeat(40)}${']'.repeat(40)}`,
      '1e999',
    ]) {
      await problem(add({ raw }), 400, 'request.malformed');
    }
    await problem(add({ raw: Uint8Array.from([0xff, 0xfe]) }), 400, 'request.malformed');
    await problem(add({ raw: `"${'x'.repeat(70_000)}"` }), 413, 'request.too-large');
    await problem(add({ raw: '{}', headers: { 'content-type': 'text/plain' } }), 415, 'request.not-json');
    await problem(add({ raw: '{}', headers: { 'content-encoding': 'gzip' } }), 415, 'request.not-json');
    for (const body of [[], null, 'text', 7]) await problem(add({ body }), 422, 'request.invalid');
    await problem(add({}), 422, 'request.invalid');
    await problem(town.ask('GET', '/v1/nowhere'), 404, 'request.not-found');
    await problem(town.ask('GET', '/v1'), 404, 'request.not-found');
    await problem(town.ask('GET', '/v1/webhooks/not-an-id'), 404, 'request.not-found');
    const { headers } = await problem(town.ask('DELETE', '/v1/webhooks'), 405, 'request.no-such-method');
    expect(headers.get('allow')).to.equal('GET, HEAD, POST');
    await problem(town.ask('GET', '/v1/webhooks/%ff'), 404, 'request.not-found');
  });

  it('slows down a key that asks too often, and no other', async () => {
    for (let asked = 0; asked < 120; asked += 1) await town.ask('GET', '/v1/me', { key: HASTY_KEY });
    const { headers } = await problem(town.ask('GET', '/v1/me', { key: HASTY_KEY }), 429, 'request.too-many');
    expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
    expect((await town.ask('GET', '/v1/me', { key: OTHER_KEY })).status).to.equal(200);
  });
});

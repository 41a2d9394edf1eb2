import { expect } from 'chai';
import { ApprovalSchema, makersOf } from '../../../src/domain/approvals/index.ts';
import { batchHandlers, batchTopic, PayoutBatchSchema } from '../../../src/domain/payout-batches/index.ts';
import { type ApiTown, exampleId, openApiTown } from '../../support/organisation-api.ts';
import { describeOnStores } from '../../support/stores.ts';

const OTHER_KEY = `mlp_00000002_${'2'.repeat(64)}`;
const READER_KEY = `mlp_00000003_${'3'.repeat(64)}`;

describeOnStores('batches by the interface for organisations', (stores) => {
  let town: ApiTown;
  before(async function () {
    this.timeout(60_000);
    town = await openApiTown(stores());
    await town.addPerson(exampleId(0x50), exampleId(0x51));
    await town.addOrganisation(exampleId(100));
    await town.addKey(OTHER_KEY, { organisationId: exampleId(100) });
    await town.addKey(READER_KEY, { scopes: 'batches:read' });
  });
  after(() => town?.stop());

  const named = (name: string, more: object = {}) => ({ name, purpose: 'salary', ...more });
  const person = (n: number, change: object = {}) => ({
    ...{ phone: `+2547110${String(n).padStart(5, '0')}`, amount: '100', name: `Person ${n}`, reference: `R${n}` },
    ...change,
  });
  const make = (body: unknown, options: object = {}) => town.ask('POST', '/v1/batches', { body, ...options });
  const countNamed = (name: string) => town.service.deps.database.reader.countBy(PayoutBatchSchema, { name });
  /** What the worker does when it comes to it. */
  const look = (batchId: string) =>
    batchHandlers(town.service.deps)
      .get(batchTopic.check)
      ?.handle({ batchId }, {} as never);

  it('goes from its rows to those who approve, and no further', async () => {
    const { json: made, status } = await make(
      named('Salaries', { rows: [person(1), person(2, { amount: '2500.00' })] }),
    );
    expect(status).to.equal(201);
    expect(made).to.include({ state: 'draft', rows: 2, total: '2600.00', currency: 'KES' });
    const path = `/v1/batches/${made.id}`;
    const add = { body: { fromRow: 3, rows: [person(3)] }, idempotencyKey: 'third' };
    const added = await Promise.all([town.ask('POST', `${path}/rows`, add), town.ask('POST', `${path}/rows`, add)]);
    for (const answer of added) expect([200, 409]).to.include(answer.status);
    expect((await town.ask('POST', `${path}/rows`, add)).json).to.include({ rows: 3, total: '2700.00' });
    const moved = await town.ask('POST', `${path}/rows`, { body: { fromRow: 3, rows: [person(4)] } });
    expect(moved.json).to.deep.include({ status: 409, code: 'batch.rows-moved', details: { next: 4 } });
    expect((await town.ask('POST', `${path}/submit`, { body: {} })).json).to.include({ code: 'batch.state' });
    expect((await town.ask('POST', `${path}/check`)).json).to.include({ state: 'checking' });
    await look(String(made.id));
    const ready = await town.ask('GET', path);
    expect(ready.json).to.nested.include({
      state: 'ready',
      'latest.reason': 'checked',
      'progress.states.ready.rows': 3,
    });
    expect(ready.json.fee).not.to.equal('0.00');
    const submitted = await town.ask('POST', `${path}/submit`, { body: { reason: 'November' } });
    expect(submitted.json, submitted.text).to.include({ state: 'submitted' });
    const { database } = town.service.deps;
    const row = await database.reader.findOneByOrFail(PayoutBatchSchema, { id: String(made.id) });
    const behind = [exampleId(0x51), `key:${exampleId(2)}`];
    expect(JSON.parse(row.makers), 'neither the key approves nor who made it').to.deep.equal(behind);
    const approval = await database.reader.findOneByOrFail(ApprovalSchema, { id: row.approvalId ?? '' });
    expect(makersOf(approval)).to.deep.equal(behind);
    for (const act of ['approve', 'vote', 'resume', 'pause']) {
      expect((await town.ask('POST', `${path}/${act}`, { body: {} })).status, `no key may ${act}`).to.equal(404);
    }
    expect((await town.ask('POST', `${path}/reopen`, { body: {} })).json).to.include({ state: 'draft', version: 2 });
    expect((await town.ask('POST', `${path}/cancel`, { body: {} })).json).to.include({ state: 'cancelled' });
  });

  it('names every row that cannot be paid, in words, and keeps nothing of the request', async () => {
    const rows = [
      person(1),
      person(2, { phone: '+2.547E+11' }),
      person(3, { amount: '1,250' }),
      person(4, { amount: '0' }),
      person(1),
      person(5, { reference: 'x'.repeat(65) }),
      person(6, { amount: '10.50' }),
      person(7, { purpose: 'sales-incentive' }),
      person(8, { purpose: 'salary' }),
    ];
    const { json, status } = await make(named('Faulty', { rows }));
    expect([status, json.code]).to.deep.equal([422, 'batch.rows-refused']);
    const errors = json.errors as { pointer: string; detail: string }[];
    expect(errors.map(({ pointer }) => pointer)).to.deep.equal([
      ...['#/rows/1/phone', '#/rows/2/amount', '#/rows/3/amount', '#/rows/4/phone', '#/rows/5/reference'],
      ...['#/rows/6/amount', '#/rows/7/purpose'],
    ]);
    for (const { detail } of errors) expect(detail).to.match(/\w+ \w+/);
    expect(await countNamed('Faulty')).to.equal(0);
    const shape = await make(named('Faulty', { rows: [{ phone: 254711000001, amount: 10 }] }));
    const places = (shape.json.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(places).to.have.members(['#/rows/0/phone', '#/rows/0/amount']);
  });

  it('warns, and asks whoever submits for a reason', async () => {
    const { json } = await make(named('Warned', { rows: [person(1, { name: '' }), person(2)] }));
    expect((json.warnings as { pointer: string }[]).map(({ pointer }) => pointer)).to.deep.equal(['#/rows/0/name']);
    const path = `/v1/batches/${json.id}`;
    await town.ask('POST', `${path}/check`);
    await look(String(json.id));
    const refused = await town.ask('POST', `${path}/submit`, { body: {} });
    expect(refused.json).to.deep.include({ status: 422, code: 'batch.reason-needed', details: { warnings: 1 } });
    expect((await town.ask('POST', `${path}/submit`, { body: { reason: 'known' } })).status).to.equal(200);
  });

  it('takes ten thousand rows at once, and hands them out in pages that meet', async function () {
    this.timeout(60_000);
    const rows = Array.from({ length: 10_000 }, (_, n) => person(n + 1));
    const made = await make(named('Many', { rows }));
    expect(made.status, made.text.slice(0, 300)).to.equal(201);
    const seen: number[] = [];
    for (let after = ''; ; ) {
      const { json } = await town.ask('GET', `/v1/batches/${made.json.id}/rows?limit=200${after}`);
      seen.push(...(json.data as { row: number }[]).map(({ row }) => row));
      if (json.next === null) break;
      after = `&after=${json.next}`;
    }
    expect(seen).to.deep.equal(rows.map((_, at) => at + 1));
    const { status, json } = await make(named('More', { rows: [...rows, person(10_001)] }));
    expect([status, json.code]).to.deep.equal([422, 'request.invalid']);
    const large = await make(undefined, {
      raw: JSON.stringify(named('Large', { rows: rows.map(() => person(1, { name: 'x'.repeat(240) })) })),
    });
    expect(large.status).to.equal(413);
  });

  it('makes one batch of one request, also when it comes several times at once, and none of one that is refused', async () => {
    const ask = { idempotencyKey: 'one-batch' };
    const body = named('Once', { rows: [person(1)] });
    const answers = await Promise.all([0, 1, 2].map(() => make(body, ask)));
    for (const { status } of answers) expect([201, 409]).to.include(status);
    const again = await make(body, ask);
    expect(again.status).to.equal(201);
    expect(await countNamed('Once')).to.equal(1);
    const refused = await make(named('Never', { purpose: 'dividend', rows: [person(1)] }));
    expect(refused.json).to.deep.include({ code: 'batch.purpose', details: { purpose: 'dividend' } });
    expect(await countNamed('Never')).to.equal(0);
  });

  it('shows nothing of another organisation, and writes nothing for a key that may only read', async () => {
    const { json } = await make(named('Mine', { rows: [person(1)] }));
    const path = `/v1/batches/${json.id}`;
    for (const place of [path, `${path}/rows`]) {
      expect((await town.ask('GET', place, { key: OTHER_KEY })).status).to.equal(404);
    }
    for (const act of ['check', 'submit', 'reopen', 'cancel']) {
      expect((await town.ask('POST', `${path}/${act}`, { key: OTHER_KEY, body: {} })).status, act).to.equal(404);
      expect((await town.ask('POST', `${path}/${act}`, { key: READER_KEY, body: {} })).status, act).to.equal(403);
    }
    expect((await town.ask('POST', `${path}/rows`, { key: OTHER_KEY, body: { rows: [person(2)] } })).status).to.equal(
      404,
    );
    expect((await town.ask('GET', '/v1/batches', { key: OTHER_KEY })).json).to.deep.equal({ data: [], next: null });
    expect((await town.ask('GET', path)).json).to.include({ state: 'draft', rows: 1 });
  });
});

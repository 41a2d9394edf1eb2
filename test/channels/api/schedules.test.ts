import { expect } from 'chai';
import { Not } from 'typeorm';
import { OrganisationSchema } from '../../../src/domain/organisations/index.ts';
import {
  PayoutBatchSchema,
  PayoutScheduleSchema,
  runDueSchedules,
  scheduleHistory,
} from '../../../src/domain/payout-batches/index.ts';
import { plantExamples, scheduleRow } from '../../support/api-examples.ts';
import { type ApiTown, exampleId, openApiTown } from '../../support/organisation-api.ts';
import { describeOnStores } from '../../support/stores.ts';

const OTHER_KEY = `mlp_00000002_${'2'.repeat(64)}`;
const READER_KEY = `mlp_00000003_${'3'.repeat(64)}`;
const BATCHES_KEY = `mlp_00000004_${'4'.repeat(64)}`;

describeOnStores('schedules by the interface for organisations', (stores) => {
  let town: ApiTown;
  before(async function () {
    this.timeout(60_000);
    town = await openApiTown(stores());
    await plantExamples(town);
    await town.addPerson(exampleId(0x50), exampleId(0x51));
    await town.addOrganisation(exampleId(100));
    await town.addKey(OTHER_KEY, { organisationId: exampleId(100) });
    await town.addKey(READER_KEY, { scopes: 'schedules:read' });
    await town.addKey(BATCHES_KEY, { scopes: 'batches:read batches:write' });
  });
  after(() => town?.stop());

  const paid = exampleId(0x13);
  const terms = (change: object = {}) => ({
    ...{ name: 'Wages', rule: { every: 'week', weekday: 5, at: '09:00' }, batchId: paid, ...change },
  });
  const make = (change: object = {}, options: object = {}) =>
    town.ask('POST', '/v1/schedules', { body: terms(change), ...options });
  const act = (id: unknown, verb: string, body: object = {}, options: object = {}) =>
    town.ask('POST', `/v1/schedules/${id}/${verb}`, { body, ...options });
  const scheduleOf = (id: unknown) =>
    town.service.deps.database.reader.findOneByOrFail(PayoutScheduleSchema, { id: String(id) });

  it('are made, held, gone on with, changed and ended by a key, who is a maker and stands for its person', async () => {
    const { status, json, text } = await make();
    expect(status, text).to.equal(201);
    expect(json).to.deep.include({ state: 'active', amounts: 'last', hours: 'at-once', standing: null, batchId: paid });
    expect(json.rule).to.deep.equal({ every: 'week', weekday: 5, at: '09:00' });
    expect(new Date(String(json.nextAt)).getUTCDay()).to.equal(5);
    const behind = [exampleId(0x51), `key:${exampleId(2)}`];
    expect(JSON.parse((await scheduleOf(json.id)).makers ?? '')).to.deep.equal(behind);

    expect((await act(json.id, 'pause', { reason: 'the list is wrong' })).json).to.include({
      ...{ state: 'paused', nextAt: null },
    });
    const twice = await act(json.id, 'pause');
    expect(twice.json).to.deep.include({ status: 409, code: 'schedule.state', details: { state: 'paused' } });
    expect(String(twice.json.detail)).to.include('no money moved');
    expect((await act(json.id, 'resume')).json).to.deep.include({ state: 'active', nextAt: json.nextAt });
    const changed = await act(json.id, 'change', { ...terms({ amounts: 'fixed' }), reason: 'fixed from now on' });
    expect(changed.json, changed.text).to.include({ amounts: 'fixed', state: 'active' });
    expect((await act(json.id, 'end')).json).to.include({ state: 'ended', nextAt: null });
    for (const verb of ['pause', 'resume', 'end']) {
      expect((await act(json.id, verb)).json, verb).to.include({ code: 'schedule.state' });
    }
    expect((await act(json.id, 'change', terms())).json).to.include({ code: 'schedule.state' });
    const history = await scheduleHistory(town.service.deps, String(json.id));
    expect(history.map(({ toState, actor }) => [toState, actor])).to.deep.equal(
      ['active', 'paused', 'active', 'active', 'ended'].map((state) => [state, `key:${exampleId(2)}`]),
    );
  });

  it('are due on the working day before a day off where that is wished', async () => {
    const rule = { every: 'week', weekday: 0, at: '09:00', dayOff: 'before' };
    const { json } = await make({ name: 'Before Sunday', rule });
    expect(json.rule).to.deep.equal(rule);
    expect(new Date(String(json.nextAt)).getUTCDay()).to.be.within(1, 5);
    const plain = await make({ name: 'On Sunday', rule: { ...rule, dayOff: undefined } });
    expect(new Date(String(plain.json.nextAt)).getUTCDay()).to.equal(0);
    const once = { every: 'once', day: '2099-01-04', at: '09:00', dayOff: 'before' };
    expect((await make({ rule: once })).json).to.include({ code: 'request.invalid' });
  });

  it('say what is wrong with them, and nothing is made', async () => {
    const { reader } = town.service.deps.database;
    const before = await reader.count(PayoutScheduleSchema);
    for (const [change, status, code] of [
      [{ name: '   ' }, 422, 'schedule.name'],
      [{ rule: { every: 'once', day: '2020-02-29', at: '10:00' } }, 409, 'schedule.over'],
      [{ batchId: exampleId(0x10) }, 409, 'schedule.source'],
      [{ batchId: exampleId(0xfff) }, 409, 'schedule.source'],
      [{ rule: { every: 'once', day: '2027-02-30', at: '10:00' } }, 422, 'request.invalid'],
      [{ rule: { every: 'week', weekday: 7, at: '10:00' } }, 422, 'request.invalid'],
      [{ rule: { every: 'month', day: 1, at: '24:00' } }, 422, 'request.invalid'],
      [{ rule: { every: 'year' } }, 422, 'request.invalid'],
      [{ rule: 'daily' }, 422, 'request.invalid'],
      [{ standing: { mostRows: 10 } }, 422, 'request.invalid'],
    ] as const) {
      const { json, text } = await make(change);
      expect(json, `${JSON.stringify(change)}: ${text}`).to.include({ status, code });
    }
    const invalid = await make({ rule: { every: 'month', day: 40, at: '9:00' } });
    const places = (invalid.json.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(places).to.have.members(['#/rule/day', '#/rule/at']);
    expect(await reader.count(PayoutScheduleSchema)).to.equal(before);
  });

  it('neither ask for a standing approval nor give one, whatever the key', async () => {
    for (const verb of ['standing', 'standing/end', 'approve', 'vote', 'grant']) {
      expect((await act(exampleId(0x41), verb)).status, verb).to.equal(404);
    }
    const { json } = await town.ask('GET', `/v1/schedules/${exampleId(0x41)}`);
    expect(json.standing).to.deep.include({ state: 'asked', mostTotal: '50000.00', mostRows: 10 });
  });

  it('make one of one request, also when it comes several times at once', async () => {
    const options = { idempotencyKey: 'one-schedule' };
    const answers = await Promise.all([0, 1, 2].map(() => make({ name: 'Once' }, options)));
    for (const { status } of answers) expect([201, 409]).to.include(status);
    const again = await make({ name: 'Once' }, options);
    expect([again.status, again.headers.get('idempotency-replayed')]).to.deep.equal([201, 'true']);
    const { reader } = town.service.deps.database;
    expect(await reader.countBy(PayoutScheduleSchema, { name: 'Once' })).to.equal(1);
    expect((await make({ name: 'Other' }, options)).json).to.include({ code: 'request.key-reused' });
    expect((await make({}, { idempotencyKey: null })).json).to.include({ code: 'request.key-missing' });
  });

  it('show the batches that they made, in pages that meet', async () => {
    const { json } = await make({ name: 'Runs' });
    const { database } = town.service.deps;
    for (const dueMs of [Date.UTC(2026, 9, 2, 6), Date.UTC(2026, 9, 9, 6)]) {
      const due = { nextAtMs: dueMs };
      await database.transaction((tx) => tx.update(PayoutScheduleSchema, { id: String(json.id) }, due));
      await runDueSchedules(town.service.deps);
    }
    const suspended = { state: 'suspended' } as const;
    await database.transaction((tx) => tx.update(OrganisationSchema, { id: exampleId(1) }, suspended));
    const due = { nextAtMs: Date.UTC(2026, 9, 16, 6) };
    await database.transaction((tx) => tx.update(PayoutScheduleSchema, { id: String(json.id) }, due));
    await runDueSchedules(town.service.deps);
    await database.transaction((tx) => tx.update(OrganisationSchema, { id: exampleId(1) }, { state: 'active' }));
    const seen: { dueDay: string; outcome: string; why: string | null; batch: { id: string; name: string } | null }[] =
      [];
    for (let after = ''; ; ) {
      const page = await town.ask('GET', `/v1/schedules/${json.id}/runs?limit=1${after}`);
      seen.push(...(page.json.data as typeof seen));
      if (page.json.next === null) break;
      after = `&after=${page.json.next}`;
    }
    expect(seen.map(({ dueDay, outcome, why, batch }) => [dueDay, outcome, why, batch?.name])).to.deep.equal([
      ['2026-10-16', 'not-made', 'organisation.not-active', undefined],
      ['2026-10-09', 'checking', null, 'Runs 2026-10-09'],
      ['2026-10-02', 'checking', null, 'Runs 2026-10-02'],
    ]);
    const made = await town.ask('GET', `/v1/batches/${seen[1]?.batch?.id}`);
    expect(made.json).to.include({ name: 'Runs 2026-10-09', state: 'checking', rows: 2, total: '43500.00' });
    const batch = await database.reader.findOneByOrFail(PayoutBatchSchema, { id: seen[1]?.batch?.id ?? '' });
    expect(JSON.parse(batch.makers), 'neither who made the key nor the key approves it').to.deep.equal([
      ...[exampleId(0x51), `key:${exampleId(2)}`],
    ]);
  });

  it('are listed in pages that meet, the newest first', async () => {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { json } = await town.ask('GET', `/v1/schedules?limit=2${after}`);
      seen.push(...(json.data as { id: string }[]).map(({ id }) => id));
      if (json.next === null) break;
      after = `&after=${json.next}`;
    }
    expect(seen).to.deep.equal([...new Set(seen)].sort().reverse());
    expect(seen).to.include.members([0x40, 0x41, 0x42].map(exampleId));
  });

  it('are a hundred of one organisation at most, also when many are made at once', async () => {
    const { database } = town.service.deps;
    const counted = () =>
      database.reader.countBy(PayoutScheduleSchema, { organisationId: exampleId(1), state: Not('ended') });
    for (let left = 99 - (await counted()); left > 0; left -= 1) {
      await database.transaction((tx) => tx.insert(PayoutScheduleSchema, scheduleRow(0x1000 + left, 'paused')));
    }
    const answers = await Promise.all([1, 2, 3, 4].map((n) => make({ name: `At once ${n}` })));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409, 409]);
    const [refused] = answers.filter(({ status }) => status === 409);
    expect(refused?.json).to.deep.include({ code: 'schedule.too-many', details: { most: 100 } });
    const one = answers.find(({ status }) => status === 201)?.json;
    await act(one?.id, 'end');
    expect((await make({ name: 'In its place' })).status).to.equal(201);
    await database.transaction((tx) =>
      tx.update(PayoutScheduleSchema, { organisationId: exampleId(1), name: 'Salaries' }, { state: 'ended' }),
    );
  });

  it('are nobody else’s, and nothing to a key without the scope', async () => {
    const path = `/v1/schedules/${exampleId(0x40)}`;
    const before = await scheduleOf(exampleId(0x40));
    const bodies = { change: terms(), pause: {}, resume: {}, end: {} };
    for (const place of [path, `${path}/runs`]) {
      expect((await town.ask('GET', place, { key: OTHER_KEY })).json).to.include({ code: 'request.not-found' });
      expect((await town.ask('GET', place, { key: BATCHES_KEY })).json).to.include({ code: 'request.no-scope' });
      expect((await town.ask('GET', place, { key: READER_KEY })).status).to.equal(200);
    }
    for (const [verb, body] of Object.entries(bodies)) {
      for (const [key, status] of [
        [OTHER_KEY, 404],
        [READER_KEY, 403],
        [BATCHES_KEY, 403],
      ] as const) {
        expect((await act(exampleId(0x40), verb, body, { key })).status, verb).to.equal(status);
      }
    }
    for (const key of [READER_KEY, BATCHES_KEY]) expect((await make({}, { key })).status).to.equal(403);
    expect((await make({}, { key: OTHER_KEY })).json, 'our batch is none of theirs').to.include({
      ...{ code: 'schedule.source' },
    });
    expect((await town.ask('GET', '/v1/schedules', { key: OTHER_KEY })).json).to.deep.equal({ data: [], next: null });
    expect(await scheduleOf(exampleId(0x40))).to.deep.equal(before);
  });
});

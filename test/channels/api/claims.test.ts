import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import {
  PayoutClaimSchema,
  PayoutRowSchema,
  proposeClaim,
  pursueClaim,
} from '../../../src/domain/payout-batches/index.ts';
import { plantExamples } from '../../support/api-examples.ts';
import { type ApiTown, exampleId, openApiTown } from '../../support/organisation-api.ts';
import { describeOnStores } from '../../support/stores.ts';

const OTHER_KEY = `mlp_00000002_${'2'.repeat(64)}`;
const READER_KEY = `mlp_00000003_${'3'.repeat(64)}`;
const BATCHES_KEY = `mlp_00000004_${'4'.repeat(64)}`;
const PAID = exampleId(0x13);
const DRAFT = exampleId(0x10);

describeOnStores('claims by the interface for organisations', (stores) => {
  let town: ApiTown;
  before(async function () {
    this.timeout(60_000);
    town = await openApiTown(stores());
    await town.addOrganisation(exampleId(100));
    await town.addKey(OTHER_KEY, { organisationId: exampleId(100) });
    await town.addKey(READER_KEY, { scopes: 'claims:read' });
    await town.addKey(BATCHES_KEY, { scopes: 'batches:read batches:write schedules:write' });
    await plantExamples(town);
  });
  after(() => town?.stop());

  const open = (row: unknown, options: object = {}, batchId = PAID) =>
    town.ask('POST', `/v1/batches/${batchId}/rows/${row}/claim`, { body: { reason: 'a wrong number' }, ...options });
  const rowOf = (rowNo: number) =>
    town.service.deps.database.reader.findOneByOrFail(PayoutRowSchema, { batchId: PAID, rowNo });
  const countAll = () => town.service.deps.database.reader.count(PayoutClaimSchema);

  it('are nobody else’s, and nothing to a key without the scope', async () => {
    const before = await countAll();
    expect((await open(1, { key: OTHER_KEY })).json).to.include({ status: 404, code: 'request.not-found' });
    for (const key of [READER_KEY, BATCHES_KEY]) {
      expect((await open(1, { key })).json).to.include({ status: 403, code: 'request.no-scope' });
    }
    const path = `/v1/claims/${exampleId(0x18)}`;
    expect((await town.ask('GET', path, { key: OTHER_KEY })).json).to.include({ code: 'request.not-found' });
    for (const query of ['', `?batchId=${PAID}`, '?state=open']) {
      const none = await town.ask('GET', `/v1/claims${query}`, { key: OTHER_KEY });
      expect(none.json).to.deep.equal({ data: [], next: null });
    }
    for (const place of [path, '/v1/claims']) {
      expect((await town.ask('GET', place, { key: BATCHES_KEY })).json).to.include({ code: 'request.no-scope' });
      expect((await town.ask('GET', place, { key: READER_KEY })).status).to.equal(200);
    }
    expect(await countAll()).to.equal(before);
  });

  it('are opened by a key once, on what was paid, and move no money', async () => {
    const before = await rowOf(1);
    const same = { idempotencyKey: 'one-claim' };
    const answers = await Promise.all([open(1, same), open(1, same), open(1), open(1)]);
    for (const { status } of answers) expect([201, 409]).to.include(status);
    expect(answers.some(({ status }) => status === 201)).to.equal(true);
    const claims = await town.service.deps.database.reader.findBy(PayoutClaimSchema, { rowId: before.id });
    expect(claims).to.have.length(1);
    const { id } = claims[0] ?? { id: '' };
    const { json, text } = await town.ask('GET', `/v1/claims/${id}`);
    expect(json, text).to.deep.include({
      ...{ state: 'opened', openedBy: 'key', caseNumber: null, batchId: PAID, row: 1, reason: 'a wrong number' },
      ...{ phone: before.msisdn, amount: '20000.00', receipt: before.receipt, returnReceipt: null },
    });
    expect((json.history as unknown[]).length).to.equal(1);
    const again = await open(1);
    expect(again.json).to.deep.include({ status: 409, code: 'claim.open', details: { state: 'opened' } });
    expect(String(again.json.detail)).to.include('no money moved');
    expect(await rowOf(1), 'the row stays as it is').to.deep.equal(before);
    const [said, ...more] = await town.service.deps.database.reader.findBy(AuditEntrySchema, { subjectId: id });
    expect(more).to.deep.equal([]);
    expect(said).to.include({ act: 'claim.opened', actorKind: 'key', actorId: exampleId(2), scope: exampleId(1) });
  });

  it('say why none can be opened, and open none', async () => {
    const before = await countAll();
    expect((await open(1, {}, DRAFT)).json, 'not paid').to.include({ status: 409, code: 'batch.row' });
    expect((await open(3)).json, 'no such row').to.include({ status: 409, code: 'batch.row' });
    for (const row of ['0', '-1', 'x', '1.5', '10000000']) {
      expect((await open(row)).json, row).to.include({ status: 404, code: 'request.not-found' });
    }
    expect((await open(1, {}, exampleId(0xfff))).json).to.include({ code: 'request.not-found' });
    for (const body of [
      {},
      { reason: ' ' },
      { reason: 'x'.repeat(201) },
      { reason: 'a wrong number', state: 'asked' },
    ]) {
      expect((await open(1, { body })).json).to.include({ status: 422, code: 'request.invalid' });
    }
    expect((await open(1, { idempotencyKey: null })).json).to.include({ code: 'request.key-missing' });
    expect(await countAll()).to.equal(before);
  });

  it('are pursued by people alone', async () => {
    for (const verb of ['ask', 'grant', 'refuse', 'dismiss', 'return', 'open']) {
      const answer = await town.ask('POST', `/v1/claims/${exampleId(0x18)}/${verb}`, { body: {} });
      expect(answer.status, `no key may ${verb}`).to.equal(404);
    }
  });

  it('show what people and the operator say of them, in pages that meet', async () => {
    const { deps } = town.service;
    const organisationId = exampleId(1);
    const row = { ...(await rowOf(1)), id: exampleId(0x990), rowNo: 3, msisdn: '+254711000199' as never };
    await deps.database.transaction(async (tx) => {
      await tx.insert(PayoutRowSchema, row);
      await proposeClaim(deps, tx, row, { id: PAID, organisationId });
    });
    const { json: page } = await town.ask('GET', '/v1/claims?state=open&limit=1');
    const [proposed] = page.data as { id: string; state: string; openedBy: string }[];
    expect(proposed).to.include({ state: 'proposed', openedBy: 'recipient' });
    const opened = await open(3);
    expect(opened.json, 'what its recipient proposed').to.include({
      id: proposed?.id,
      state: 'opened',
      openedBy: 'key',
    });
    const actor = { kind: 'staff', id: 'finance', address: '', scope: 'house' } as const;
    const claim = { claimId: String(proposed?.id), organisationId };
    await pursueClaim(deps, actor, { ...claim, to: 'asked', caseNumber: 'SR-77/2026', reason: 'a letter' });
    await pursueClaim(deps, actor, { ...claim, to: 'refused', reason: 'it was spent' });
    const { json } = await town.ask('GET', `/v1/claims/${proposed?.id}`);
    expect(json).to.include({ state: 'refused', caseNumber: 'SR-77/2026' });
    const states = (json.history as { state: string }[]).map(({ state }) => state);
    expect(states).to.deep.equal(['proposed', 'opened', 'asked', 'refused']);
    expect(JSON.stringify(json), 'nobody of ours by name').not.to.include('finance');
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { json: next } = await town.ask('GET', `/v1/claims?limit=1${after}`);
      seen.push(...(next.data as { id: string }[]).map(({ id }) => id));
      if (next.next === null) break;
      after = `&after=${next.next}`;
    }
    expect(seen).to.have.length(3);
    expect(seen).to.deep.equal([...new Set(seen)].sort().reverse());
    const stillOpen = (await town.ask('GET', `/v1/claims?state=open&batchId=${PAID}`)).json.data as { id: string }[];
    expect(stillOpen.map(({ id }) => id)).not.to.include(proposed?.id);
    expect(stillOpen).to.have.length(2);
    const elsewhere = await town.ask('GET', `/v1/claims?batchId=${DRAFT}`);
    expect(elsewhere.json).to.deep.equal({ data: [], next: null });
  });
});

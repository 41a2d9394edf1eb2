import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { type Actor, AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import {
  ApiKeySchema,
  activateOrganisation,
  addDocument,
  assertMayPay,
  changeApprovalBands,
  changeLimits,
  createKey,
  DocumentPartSchema,
  findKey,
  getOrganisation,
  initiatorOf,
  KEY_OVERLAP_MS,
  listDocuments,
  listKeys,
  listOrganisations,
  lockOrganisation,
  MOST_DOCUMENT_BYTES,
  moveApplication,
  type NewOrganisation,
  ORGANISATION_RELEASED,
  type Organisation,
  type OrganisationDeps,
  openApplication,
  organisationHistory,
  readDocument,
  registerOrganisation,
  resumePayouts,
  rotateKey,
  rulesOf,
  setCredential,
  stopPayouts,
  suspendOrganisation,
  withdrawDocument,
  withdrawKey,
} from '../../../src/domain/organisations/index.ts';
import { StaffMemberSchema, type StaffRole } from '../../../src/domain/staff/index.ts';
import { makeRuntime, systemChance } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeOutbox, OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { makeSealing, makeSigner } from '../../../src/platform/sealing/index.ts';
import { newMsisdn } from '../../support/domain-deps.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const clerk: Actor = { kind: 'staff', id: 'the-clerk', address: '192.0.2.7', scope: 'house' };
const reason = 'as they asked in writing';
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(70_000)]);

describeOnStores('organisations', (stores) => {
  let clock: ManualClock;
  let database: Database;
  let deps: OrganisationDeps;
  before(async () => {
    clock = manualClock(Date.UTC(2026, 10, 20, 9));
    const runtime = makeRuntime(clock, systemChance);
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
    deps = {
      ...{ runtime, database, outbox: makeOutbox(runtime, database), country: 'KE' },
      sealing: makeSealing(Buffer.alloc(32, 7), systemChance),
      auditSigner: makeSigner(Buffer.alloc(32, 9), 'audit log'),
    };
  });
  after(() => database?.close());

  let registered = 0;
  const draft = (change: Partial<NewOrganisation> = {}): NewOrganisation => {
    registered += 1;
    return {
      ...{ name: ' Kilimo   Distributors ', registrationNumber: `pvt-${registered}x`, currency: 'KES', country: 'KE' },
      ...{ language: 'en', operator: 'mpesa' },
      contact: { name: 'Mary Njeri', email: 'Mary@Kilimo.example', phone: '0711 999 001' },
      limits: {
        ...{ least: '10', most: '250,000', mostBatch: '5000000', mostDay: '10000000', mostRows: '100000' },
        purposes: ['sales-incentive', 'salary'],
      },
      ...change,
    };
  };
  const register = (change: Partial<NewOrganisation> = {}) => registerOrganisation(deps, clerk, draft(change));
  const actsOf = (scope: string) =>
    database.reader.find(AuditEntrySchema, { where: { scope }, order: { position: 'ASC' } });

  async function join({ id: scope }: Organisation, roles: StaffRole | string, personId?: string): Promise<string> {
    const id = deps.runtime.ids.next();
    await database.transaction((tx) =>
      tx.insert(StaffMemberSchema, {
        ...{ id, personId: personId ?? id, scope, email: `${id}@example.org`, name: 'Somebody', phone: newMsisdn() },
        ...{ language: 'en', state: 'active', roles, passwordHash: 'x', sealedSecret: null, lastTimeStep: 0 },
        ...{ failures: 0, lockedUntilMs: null, createdAtMs: clock.now() },
      }),
    );
    return id;
  }

  const mayPay = ({ id }: Organisation) =>
    database.transaction(async (tx) => assertMayPay(tx, await lockOrganisation(tx, id)));
  const pays = (one: Organisation) => refusalOf(mayPay(one));

  it('are registered once each, applying, with what was typed read as amounts and numbers', async () => {
    const { id } = await register({ registrationNumber: 'CPR/2020/1234' });
    expect(await getOrganisation(deps, id)).to.include({
      ...{ name: 'Kilimo Distributors', registrationNumber: 'CPR/2020/1234', state: 'applying' },
      ...{ contactEmail: 'mary@kilimo.example', contactPhone: '+254711999001', mostMinor: 25_000_000n },
      ...{ leastMinor: 1_000n, purposes: 'salary sales-incentive', shortCode: null, approvalBands: null },
    });
    const twice = await Promise.all([1, 2].map(() => refusalOf(register({ registrationNumber: ' cpr/2020/1234 ' }))));
    expect(twice.map((refusal) => refusal?.code)).to.deep.equal(['organisation.registered', 'organisation.registered']);
    const [entry] = await actsOf(id);
    expect(entry).to.include({ act: 'organisation.registered', actorId: clerk.id });
    expect((await organisationHistory(deps, id))[0]).to.include({ toState: 'applying', actor: 'staff:the-clerk' });
  });

  for (const [what, change, code] of [
    ['no name', { name: ' x ' }, 'organisation.malformed-name'],
    ['a number that is none', { registrationNumber: '<b>' }, 'organisation.malformed-registration'],
    ['an unknown currency', { currency: 'XXX' }, 'organisation.malformed-currency'],
    [
      'a phone that is none',
      { contact: { name: 'Mary', email: 'm@k.example', phone: '12' } },
      'organisation.malformed-contact',
    ],
    ['limits upside down', { limits: { ...draft().limits, most: '5' } }, 'organisation.malformed-limits'],
    [
      'more rows than a list has',
      { limits: { ...draft().limits, mostRows: '100001' } },
      'organisation.malformed-limits',
    ],
    ['an unknown purpose', { limits: { ...draft().limits, purposes: ['bribes'] } }, 'organisation.no-purpose'],
  ] as const) {
    it(`are not registered with ${what}`, async () => {
      expect((await refusalOf(register(change)))?.code).to.equal(code);
    });
  }

  it('pay nobody before three different people are there, and nobody while they are not active or are stopped', async () => {
    const one = await register();
    expect((await pays(one))?.code).to.equal('organisation.not-active');
    await activateOrganisation(deps, clerk, { organisationId: one.id, reason });
    const people = async () => (await pays(one))?.details.roles;
    expect(await people()).to.equal('administrator, initiator, approver');
    const first = await join(one, 'administrator initiator approver');
    expect(await people(), 'one person fills one role').to.equal('initiator, approver');
    await join(one, 'initiator approver', first);
    expect(await people(), 'a second login is no second person').to.equal('initiator, approver');
    await join(one, 'administrator');
    expect(await people()).to.equal('approver');
    await join(one, 'administrator');
    expect(await people(), 'three people, and two of them can only be one thing').to.equal('approver');
    await join(one, 'initiator');
    await mayPay(one);
    await stopPayouts(deps, clerk, { organisationId: one.id, reason });
    expect((await pays(one))?.code).to.equal('organisation.halted');
    expect((await refusalOf(stopPayouts(deps, clerk, { organisationId: one.id, reason })))?.code).to.equal(
      'organisation.halted',
    );
    await resumePayouts(deps, clerk, { organisationId: one.id, reason });
    await mayPay(one);
    const released = await database.reader.findBy(OutboxRowSchema, { topic: ORGANISATION_RELEASED });
    expect(
      released.map(({ payload }) => JSON.parse(payload).organisationId).filter((id) => id === one.id),
    ).to.have.length(2);
    await suspendOrganisation(deps, clerk, { organisationId: one.id, reason });
    expect((await pays(one))?.code).to.equal('organisation.not-active');
    const acts = (await actsOf(one.id)).map(({ act }) => act);
    expect(acts).to.deep.equal([
      ...['organisation.registered', 'organisation.activated', 'organisation.payouts-stopped'],
      ...['organisation.payouts-released', 'organisation.suspended'],
    ]);
  });

  it('are not active while they apply for a paybill of their own, and apply with every paper', async () => {
    const { id: organisationId } = await register();
    const note = 'sent to the operator';
    await openApplication(deps, clerk, { organisationId, appliedBy: 'house', dueAtMs: clock.now(), note });
    expect((await refusalOf(activateOrganisation(deps, clerk, { organisationId, reason })))?.code).to.equal(
      'organisation.no-paybill',
    );
    const submit = () => moveApplication(deps, clerk, { organisationId, to: 'submitted', dueAtMs: null, note });
    const give = (kind: string) =>
      addDocument(deps, clerk, { organisationId, kind, fileName: 'C:\\papers\\it.pdf', bytes: PDF, reason });
    for (const kind of ['registration', 'tax', 'signatories']) await give(kind);
    expect((await refusalOf(submit()))?.details.kinds).to.equal('bank-letter');
    const letter = await give('bank-letter');
    expect(letter).to.include({ fileName: 'it.pdf', contentType: 'application/pdf', sizeBytes: PDF.length });
    await withdrawDocument(deps, clerk, { organisationId, documentId: letter.id, reason });
    expect((await refusalOf(submit()))?.code).to.equal('application.documents-missing');
    await give('bank-letter');
    await submit();
    const decide = (to: 'approved' | 'documents-missing') =>
      moveApplication(deps, clerk, { organisationId, to, dueAtMs: null, note: 'their letter' });
    await decide('approved');
    expect((await refusalOf(decide('documents-missing')))?.code).to.equal('application.state');
    await activateOrganisation(deps, clerk, { organisationId, reason });
    const steps = (await organisationHistory(deps, organisationId)).filter(({ of }) => of === 'application');
    expect(steps.map(({ toState }) => toState).sort()).to.deep.equal(['approved', 'documents-missing', 'submitted']);
  });

  it('keep a paper sealed, whole, and replaced by the next of its kind', async () => {
    const { id: organisationId } = await register();
    const bytes = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(MOST_DOCUMENT_BYTES - 8)]);
    const given = { organisationId, kind: 'tax', fileName: '../../etc/tax.png', reason };
    const first = await addDocument(deps, clerk, { ...given, bytes });
    expect(first).to.include({ fileName: 'tax.png', contentType: 'image/png' });
    const read = await readDocument(deps, clerk, { organisationId, documentId: first.id });
    expect(read.bytes.equals(bytes)).to.equal(true);
    const parts = await database.reader.find(DocumentPartSchema, { where: { documentId: first.id } });
    expect(parts.every(({ sealedContent }) => sealedContent.length < 65_535)).to.equal(true);
    await Promise.all([1, 2].map(() => addDocument(deps, clerk, { ...given, bytes: PDF })));
    expect(await listDocuments(deps, organisationId), 'two at once leave one').to.have.length(1);
    const { id: other } = await register();
    const foreign = readDocument(deps, clerk, { organisationId: other, documentId: first.id });
    expect((await refusalOf(foreign))?.code).to.equal('document.not-found');
    expect((await actsOf(organisationId)).filter(({ act }) => act === 'organisation.document-seen')).to.have.length(1);
    const refused = async (change: { bytes: Buffer; kind?: string }) =>
      (await refusalOf(addDocument(deps, clerk, { ...given, ...change })))?.code;
    expect(await refused({ bytes: Buffer.from('MZ\x90\x00 a program') })).to.equal('document.type');
    expect(await refused({ bytes: Buffer.alloc(0) })).to.equal('document.empty');
    expect(await refused({ bytes: Buffer.concat([bytes, Buffer.alloc(1)]) })).to.equal('document.too-large');
    expect(await refused({ bytes: PDF, kind: 'selfie' })).to.equal('document.kind');
  });

  it('have keys that are shown once, replaced with a day between, and withdrawn at once', async () => {
    const { id: organisationId } = await register();
    const scopes = ['batches:write', 'batches:read'];
    const { key, secret } = await createKey(deps, clerk, { organisationId, name: 'payroll', scopes, reason });
    expect(secret).to.match(new RegExp(`^mlp_${key.hint}_[0-9a-f]{64}$`));
    expect((await findKey(deps, secret))?.id).to.equal(key.id);
    expect((await listKeys(deps, organisationId))[0]).to.include({
      lastUsedAtMs: clock.now(),
      scopes: 'batches:read batches:write',
    });
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;
    for (const none of [wrong, secret.toUpperCase(), '', `${secret} `, key.keyHash]) {
      expect(await findKey(deps, none), none).to.equal(undefined);
    }
    const kept = JSON.stringify([await database.reader.find(ApiKeySchema), await actsOf(organisationId)], (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(kept).not.to.include(secret.slice(-64));
    const again = { organisationId, keyId: key.id, reason };
    const both = await Promise.allSettled([rotateKey(deps, clerk, again), rotateKey(deps, clerk, again)]);
    const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(made, 'two at once make one').to.have.length(1);
    expect(await findKey(deps, secret), 'the old one goes on').not.to.equal(undefined);
    await clock.advance(KEY_OVERLAP_MS);
    expect(await findKey(deps, secret)).to.equal(undefined);
    const next = made[0]?.secret ?? '';
    expect((await findKey(deps, next))?.name).to.equal('payroll');
    await withdrawKey(deps, clerk, { organisationId, keyId: made[0]?.key.id ?? '', reason });
    expect(await findKey(deps, next)).to.equal(undefined);
    const { id: other } = await register();
    expect((await refusalOf(withdrawKey(deps, clerk, { ...again, organisationId: other })))?.code).to.equal(
      'key.not-found',
    );
    expect(
      (await refusalOf(createKey(deps, clerk, { organisationId, name: 'root', scopes: ['batches:approve'], reason })))
        ?.code,
    ).to.equal('key.no-scope');
  });

  it('have a credential that is sealed and in no log', async () => {
    const { id: organisationId } = await register();
    const initiator = { name: 'kilimo-api', credential: 'c2VjcmV0IGNyZWRlbnRpYWw=' };
    await setCredential(deps, clerk, { organisationId, reason, shortCode: '600123', initiator });
    const organisation = await getOrganisation(deps, organisationId);
    expect(organisation.shortCode).to.equal('600123');
    expect(organisation.sealedInitiator).not.to.include(initiator.credential);
    expect(initiatorOf(deps, organisation)).to.deep.equal(initiator);
    const acts = await actsOf(organisationId);
    expect(acts.map(({ after }) => after).join(' '))
      .to.include('600123')
      .and.not.include(initiator.credential);
    const wrong = setCredential(deps, clerk, { organisationId, reason, shortCode: 'abc', initiator });
    expect((await refusalOf(wrong))?.details.field).to.equal('shortCode');
  });

  it('have limits and bands of their own, which nothing passes unseen', async () => {
    const { id: organisationId } = await register();
    const limits = { ...draft().limits, most: '1000', purposes: ['dividend'] };
    await changeLimits(deps, clerk, { organisationId, reason, limits });
    const organisation = await getOrganisation(deps, organisationId);
    const operators = ['mpesa', 'other'].map((name) => ({ name, country: 'KE', hasWholeAmountsOnly: true }));
    expect(rulesOf(organisation, operators)).to.deep.include({
      ...{ mostMinor: 100_000n, mostTotalMinor: 500_000_000n, mostRows: 100_000, purposes: ['dividend'] },
      operators: [operators[0]],
    });
    const bands = (role: string) => ({ bands: [{ name: 'all', steps: [{ roles: [role], votes: 1 }] }] });
    const change = (written: unknown) => changeApprovalBands(deps, clerk, { organisationId, reason, bands: written });
    for (const wrong of [bands('finance'), { bands: [] }, { bands: [{ name: 'all', steps: [] }] }, 'everything']) {
      expect((await refusalOf(change(wrong)))?.code).to.equal('organisation.malformed-bands');
    }
    await change(bands('approver'));
    expect(JSON.parse((await getOrganisation(deps, organisationId)).approvalBands ?? '')).to.deep.equal({
      ...bands('approver'),
      ...{ kind: 'payout-batch', currency: 'KES' },
    });
    await change(null);
    expect((await getOrganisation(deps, organisationId)).approvalBands).to.equal(null);
  });

  it('are listed a page at a time, the last first', async () => {
    const last = await register();
    const { organisations, next } = await listOrganisations(deps);
    expect(organisations[0]?.id).to.equal(last.id);
    expect(next).to.equal(undefined);
    const rest = await listOrganisations(deps, { beforeId: last.id });
    expect(rest.organisations.map(({ id }) => id)).to.deep.equal(organisations.slice(1).map(({ id }) => id));
  });
});

import { expect } from 'chai';
import { OrganisationSchema } from '../../src/domain/organisations/index.ts';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import { DEMO_ORGANISATION } from '../../src/wiring/demo-organisation.ts';
import { openBrowser, type StaffBrowser, signIn } from '../support/console-client.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { plantBatches } from '../support/planted-batches.ts';
import { startService, type TestService } from '../support/service.ts';
import { embeddedStores } from '../support/stores.ts';

const REASON = { reason: 'as they asked in writing' };
const LIMITS = { least: '10', most: '250000', 'most-batch': '5000000', 'most-day': '10000000', 'most-rows': '5000' };
const DRAFT = {
  ...{ name: 'Maziwa Dairy', 'registration-number': 'pvt-2020/77', language: 'sw', operator: 'mpesa', ...LIMITS },
  ...{ 'contact-name': 'Mary <b>Njeri</b>', 'contact-email': 'mary@maziwa.example', 'contact-phone': '0711 999 001' },
  'purpose-salary': 'yes',
};

describe('organisations in the console', () => {
  let town: TestService;
  let ours: StaffBrowser;
  before(async function () {
    this.timeout(60_000);
    town = await startService(await embeddedStores());
    ours = await staff('administrator');
  });
  after(() => town?.stop());

  const staff = async (role: StaffRole) => browserOf(town, await memberOf(town, { scope: 'house', roles: role }));
  const theirs = async (scope: string, roles: string) => browserOf(town, await memberOf(town, { scope, roles }));
  const all = '/console/organisations';

  let registered = 0;
  async function register(): Promise<{ id: string; path: string }> {
    registered += 1;
    await ours.get(all);
    const done = await ours.post(all, { ...DRAFT, 'registration-number': `pvt-2020/77-${registered}` });
    const path = done.location.split('?')[0] ?? '';
    expect(path, done.html).to.match(/^\/console\/organisations\/[0-9a-f-]{36}$/);
    return { id: path.split('/').at(-1) ?? '', path };
  }

  it('are registered, and told what is wrong with what was typed', async () => {
    await ours.get(all);
    const wrong = await ours.post(all, { ...DRAFT, most: '1' });
    expect(wrong.status).to.equal(422);
    expect(wrong.html).to.include('role="alert"').and.include('value="Maziwa Dairy"');
    const { path } = await register();
    const page = await ours.get(path);
    expect(page.html).to.include('PVT-2020/77-').and.include('Nothing of it is paid for now');
    expect((await ours.get(all)).html)
      .to.include('Maziwa Dairy')
      .and.include(DEMO_ORGANISATION.name);
    expect((await ours.get(`${path}/settings`)).html).to.include('Mary &lt;b>Njeri&lt;/b>');
    expect((await (await staff('finance')).post(all, DRAFT)).status).to.equal(403);
  });

  it('are set up by us and their administrator until they may pay', async () => {
    const { id, path } = await register();
    await ours.get(`${path}/people`);
    const invited = await ours.post(`${path}/people`, {
      ...{ name: 'Wambui', email: `w-${id}@maziwa.example`, phone: '0711 999 002', language: 'sw' },
      'role-administrator': 'yes',
    });
    expect(invited.html).to.match(/\/console\/join\/[0-9a-f]{64}/);
    const wrong = await ours.post(`${path}/people`, {
      ...{ name: 'Otieno', email: `o-${id}@maziwa.example`, phone: '0711 999 003', language: 'sw' },
      'role-support': 'yes',
    });
    expect(wrong.status, 'a role of the house is none of theirs').to.equal(422);
    for (const roles of ['administrator', 'initiator', 'approver']) await theirs(id, roles);
    await ours.get(path);
    expect((await ours.post(`${path}/activate`, REASON)).location).to.equal(`${path}?done=activated`);
    expect((await ours.get(path)).html).to.include('It may pay: what its approvers grant goes out.');
    const again = await ours.post(`${path}/activate`, REASON);
    expect(again.status, 'whoever comes second is shown how it stands').to.equal(422);
  });

  it('apply for a paybill of their own, which is followed with dates', async () => {
    const { path } = await register();
    await ours.get(path);
    const opened = await ours.post(`${path}/application`, { ...REASON, 'applied-by': 'house', due: '2020-01-31' });
    expect(opened.location).to.equal(`${path}?done=application-opened`);
    const page = await ours.get(path);
    expect(page.html).to.include('The next step is overdue').and.include('Certificate of registration');
    const early = await ours.post(`${path}/application/move`, { ...REASON, to: 'submitted', due: '' });
    expect(early.status).to.equal(422);
    expect(early.html).to.include('Papers are missing');
    expect((await ours.get(all)).html).to.include('overdue');
    const paper = (bytes: string) => new File([bytes], 'paper.pdf', { type: 'application/pdf' });
    const bad = await ours.postFile(`${path}/documents`, { ...REASON, kind: 'tax' }, paper('no PDF at all'));
    expect(bad.status, bad.html).to.equal(422);
    const large = await ours.postFile(
      `${path}/documents`,
      { ...REASON, kind: 'tax' },
      paper('%PDF-'.padEnd(6_000_000)),
    );
    expect(large.status).to.equal(422);
    for (const kind of ['registration', 'tax', 'signatories', 'bank-letter']) {
      const given = await ours.postFile(`${path}/documents`, { ...REASON, kind }, paper(`%PDF-1.7 ${kind}`));
      expect(given.location, given.html).to.equal(`${path}?done=document-added`);
    }
    const moved = await ours.post(`${path}/application/move`, { ...REASON, to: 'submitted', due: '' });
    expect(moved.location, moved.html).to.equal(`${path}?done=application-moved`);
    const link = /href="([^"]+\/documents\/[0-9a-f-]{36})"/.exec((await ours.get(path)).html)?.[1] ?? '';
    expect((await ours.get(link)).html).to.match(/^%PDF-1\.7 /);
  });

  it('take the report of a batch along, each only its own', async () => {
    const { organisation, partlyPaid } = await plantBatches(town.books.database);
    const maker = await theirs(organisation.id, 'initiator');
    const report = await maker.get(`${partlyPaid}/report.csv`);
    expect(report.status, report.html).to.equal(200);
    expect(report.html).to.include('Payee 1').and.include('PL4NTED');
    expect((await maker.get(partlyPaid)).html).to.include('/report.xlsx');
    for (const format of ['xlsx', 'pdf'])
      expect((await ours.get(`${partlyPaid}/report.${format}`)).status).to.equal(200);
    const { id } = await register();
    expect((await (await theirs(id, 'initiator')).get(`${partlyPaid}/report.csv`)).status).to.equal(404);
    expect((await (await staff('support')).get(`${partlyPaid}/report.csv`)).status).to.equal(403);
  });

  it('are stopped by whoever sees something wrong, and go on by us', async () => {
    const { id, path } = await register();
    const approver = await theirs(id, 'approver');
    await approver.get(path);
    expect((await approver.post(`${path}/stop`, REASON)).location).to.equal(`${path}?done=payouts-stopped`);
    expect((await approver.get(path)).html).to.include('Somebody stopped all its payouts');
    expect((await approver.post(`${path}/resume`, REASON)).status).to.equal(403);
    await ours.get(path);
    expect((await ours.post(`${path}/resume`, REASON)).location).to.equal(`${path}?done=payouts-resumed`);
  });

  it('have limits, bands and a credential that only we set, and that is shown to nobody', async () => {
    const { id, path } = await register();
    const settings = `${path}/settings`;
    await ours.get(settings);
    await ours.post(`${path}/limits`, { ...REASON, ...LIMITS, most: '1,500', 'purpose-dividend': 'yes' });
    const bands = {
      ...{ 'own-bands': 'yes', 'band-1-up-to': '100000', 'band-1-step-1': 'approver-1' },
      ...{ 'band-2-step-1': 'approver-2', 'band-2-step-2': 'administrator-1' },
    };
    expect((await ours.post(`${path}/bands`, { ...REASON, ...bands })).location).to.equal(
      `${settings}?done=bands-changed`,
    );
    const unseen = await ours.post(`${path}/bands`, { ...REASON, 'own-bands': 'yes', 'band-1-up-to': '100000' });
    expect(unseen.status, 'a band without a step').to.equal(422);
    const secret = 'c2VjcmV0LWNyZWRlbnRpYWw=';
    const given = { ...REASON, 'short-code': '600123', initiator: 'maziwa-api', credential: secret };
    expect((await ours.post(`${path}/credential`, given)).status).to.equal(303);
    const wrong = await ours.post(`${path}/credential`, { ...given, 'short-code': 'x' });
    expect(wrong.status).to.equal(422);
    const page = await ours.get(settings);
    expect(page.html).to.include('600123').and.include('value="1500"').and.include('2 votes: Approver');
    for (const { html } of [wrong, page, await ours.get('/console/audit')]) expect(html).not.to.include(secret);
    const kept = await town.books.database.reader.findOneByOrFail(OrganisationSchema, { id });
    expect(kept.sealedInitiator).to.match(/^s1\./);
    const administrator = await theirs(id, 'administrator');
    await administrator.get(settings);
    expect((await administrator.post(`${path}/limits`, { ...REASON, ...LIMITS })).status).to.equal(403);
    const changed = await administrator.post(`${path}/contact`, { ...DRAFT, ...REASON, 'contact-name': 'Joyce' });
    expect(changed.location).to.equal(`${settings}?done=contact-changed`);
  });

  it('make keys of their own, which are shown once and which we can only withdraw', async () => {
    const { id, path } = await register();
    const settings = `${path}/settings`;
    const administrator = await theirs(id, 'administrator');
    await administrator.get(settings);
    const made = await administrator.post(`${path}/keys`, {
      ...{ ...REASON, 'key-name': 'payroll', 'scope-batches:write': 'yes' },
    });
    const secret = /mlp_[0-9a-f]{8}_[0-9a-f]{64}/.exec(made.html)?.[0] ?? '';
    expect(secret).not.to.equal('');
    const page = await administrator.get(settings);
    expect(page.html).to.include(secret.slice(0, 12)).and.not.include(secret);
    const keyPath = /[^"]+\/keys\/[^"]+\/rotate/.exec(page.html)?.[0] ?? '';
    const rotated = await administrator.post(keyPath, REASON);
    expect(rotated.html)
      .to.match(/mlp_[0-9a-f]{8}_[0-9a-f]{64}/)
      .and.not.include(secret);
    await ours.get(settings);
    expect((await ours.post(`${path}/keys`, { ...REASON, 'key-name': 'x', 'scope-webhooks': 'yes' })).status).to.equal(
      403,
    );
    const gone = await ours.post(keyPath.replace('rotate', 'withdraw'), REASON);
    expect(gone.location).to.equal(`${settings}?done=key-withdrawn`);
  });

  it('show their own people where they are, and nothing of another organisation', async () => {
    const { path } = await register();
    const kilimo = await signIn(town, 'administrator@kilimo.example');
    const own = `${all}/${DEMO_ORGANISATION.id}`;
    expect((await kilimo.get('/console')).location).to.equal(own);
    const page = await kilimo.get(own);
    expect(page.html).to.include('It may pay').and.include('Fatuma Hassan').and.include(`href="${own}/people"`);
    expect((await kilimo.get(`${own}/people`)).html)
      .to.include('Samuel Otieno')
      .and.not.include('Daniel Kiptoo');
    for (const other of [path, `${path}/settings`, `${path}/people`]) {
      expect((await kilimo.get(other)).status, other).to.equal(404);
    }
    expect((await kilimo.post(`${path}/contact`, { ...DRAFT, ...REASON })).status).to.equal(404);
    expect((await kilimo.get(all)).status).to.equal(403);
    expect((await openBrowser(town).get('/console/login')).html).to.include(DEMO_ORGANISATION.name);
  });
});

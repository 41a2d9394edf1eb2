import { expect } from 'chai';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { DialogPartSchema } from '../../src/domain/dialogs/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { openBrowser, type StaffBrowser, signIn } from '../support/console-client.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { dumpTexts } from '../support/dump.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const LOCAL = (phone: Phone) => `0${phone.msisdn.slice(4)}`;

describeOnStores('what a person may ask of us', (stores) => {
  let town: TestService;
  let jane: Phone;
  let support: StaffBrowser;
  let administrator: StaffBrowser;
  let auditor: StaffBrowser;
  before(async function () {
    this.timeout(120_000);
    town = await startService(stores());
    support = await signIn(town, 'support');
    administrator = await signIn(town, 'administrator');
    auditor = await signIn(town, 'auditor');
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });

  const pageOf = async (browser: StaffBrowser): Promise<string> =>
    (await browser.get(`/console/search?q=${encodeURIComponent(jane.msisdn)}`)).location;

  /** Somebody who has linked an account and owes nothing to anybody. */
  async function link(): Promise<string> {
    const account = newAccount();
    await jane.dial('*384*123*2*1*2#');
    await jane.choose(account).sees('Add to your accounts?', account);
    await jane.choose('1').ends('was added to your accounts');
    await town.books.untilQuiet();
    // What was seen of a session is written some seconds later.
    await eventually('her session is kept', async () => {
      const where = { msisdn: jane.msisdn as Msisdn };
      expect(await town.books.database.reader.countBy(DialogPartSchema, where)).to.be.above(0);
    });
    return account;
  }

  it('hands the file to an administrator who says why, and to nobody else', async () => {
    const account = await link();
    const path = await pageOf(administrator);
    const page = await administrator.get(path);
    expect(page.html).to.match(/action="\/console\/people\/[\w-]+\/export"/);
    expect((await administrator.post(`${path}/export`, { reason: ' ' })).status).to.equal(422);
    const file = await administrator.post(`${path}/export`, { reason: `she wrote to us from ${LOCAL(jane)}` });
    expect(file.status).to.equal(200);
    expect(file.headers.get('content-disposition')).to.match(
      /^attachment; filename="malipo-person-\d{4}-\d\d-\d\d\.json"$/,
    );
    const read = JSON.parse(file.html);
    expect(read).to.include({ format: 'malipo-person-1', number: jane.msisdn });
    expect(read.linkedAccounts[0]).to.include({ account, billerId: 'maji-water' });
    expect(read.sessions.length).to.be.above(0);
    await support.get(path);
    expect((await support.post(`${path}/export`, { reason: 'why not' })).status).to.equal(403);
    const entries = await town.books.database.reader.find(AuditEntrySchema, { order: { position: 'DESC' }, take: 1 });
    expect(entries[0]).to.include({ act: 'person.exported', actorKind: 'staff' });
    expect(entries[0]?.reason, 'a number that was typed is masked').to.match(/^she wrote to us from \+254\*+\d{3}$/);
  });

  it('forgets her when one proposes it and another agrees, and begins anew when she dials', async function () {
    this.timeout(60_000);
    await link();
    const path = await pageOf(support);
    await support.get(path);
    const proposed = await support.follow(await support.post(`${path}/erase`, { reason: 'she asked us in a letter' }));
    expect(proposed.html).to.include('It was proposed to forget this person').and.include('has to agree');
    const approval = /\/console\/approvals\/[0-9a-f-]{36}/.exec(proposed.html)?.[0] ?? '';
    expect((await auditor.get(approval)).html)
      .to.include('Forget a person')
      .and.include('+254');
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec((await administrator.get(approval)).html)?.[1] ?? '';
    const own = await support.post(`${approval}/vote`, { verdict: 'grant', seen, reason: 'it is mine' });
    expect(own.html).to.include('cannot agree to it');
    await administrator.get(approval);
    const voted = await administrator.post(`${approval}/vote`, {
      verdict: 'grant',
      seen,
      reason: 'her letter is here',
    });
    expect(voted.status, voted.html).to.equal(303);
    await eventually('her page says so', async () => {
      expect((await support.get(path)).html).to.include('This person was erased');
    });
    expect((await support.get(`${path}?lang=sw`)).html).to.include('Mtu huyu alifutwa');
    expect((await support.get(`${path}?lang=fr`)).html).to.include('Cette personne a été effacée');
    expect((await auditor.get(approval)).html)
      .to.include('This person was erased')
      .and.not.include('+254');
    const left = (await dumpTexts(town.books.database)).filter((text) => text.includes(jane.msisdn.slice(4)));
    expect(left).to.deep.equal([]);
    await jane.dial('*384*123*2#').sees('You have no accounts here yet');
  });

  it('does not forget her while a payment of hers is open, and names it', async () => {
    const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 500 });
    await town.books.payment(reference, 'posted');
    const path = await pageOf(support);
    await support.get(path);
    const refused = await support.post(`${path}/erase`, { reason: 'she asked' });
    expect(refused.status).to.equal(422);
    expect(refused.html).to.include(reference);
  });

  it('shows nothing of it to who is not signed in', async () => {
    await link();
    const path = await pageOf(support);
    for (const act of ['export', 'erase']) {
      const page = await openBrowser(town).post(`${path}/${act}`, { reason: 'let me see' });
      expect(page.location).to.match(/^\/console\/login/);
    }
  });
});

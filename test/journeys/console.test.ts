import { expect } from 'chai';
import { consoleRoutes } from '../../src/channels/console/index.ts';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { BreakSchema, openBreak } from '../../src/domain/reconciliation/index.ts';
import { STAFF_ROLES, type StaffRole } from '../../src/domain/staff/index.ts';
import { type Msisdn, maskMsisdn, newReference, systemRuntime } from '../../src/kernel/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { openBrowser, type StaffBrowser, signIn } from '../support/console-client.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { plantedPayment, plantPayments } from '../support/planted-payments.ts';
import { startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('the console', (stores) => {
  let town: TestService;
  let jane: Phone;
  const people = new Map<StaffRole, StaffBrowser>();
  before(async function () {
    this.timeout(120_000);
    town = await startService(stores());
    for (const role of STAFF_ROLES) people.set(role, await signIn(town, role));
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });

  const as = (role: StaffRole): StaffBrowser => {
    const browser = people.get(role);
    if (!browser) throw new Error(`nobody is signed in as ${role}`);
    return browser;
  };

  async function pay(biller: 1 | 2 = 2) {
    const reference = await jane.pays({ biller, account: newAccount(biller), amount: 500 });
    return town.books.payment(reference, 'posted');
  }

  it('opens a payment from every spelling that support gets to hear', async () => {
    const payment = await pay(1);
    await town.books.untilQuiet();
    const [receipt = ''] = await jane.messages();
    const support = as('support');
    for (const words of [payment.reference, payment.operatorReceipt ?? '', receipt, payment.id]) {
      const page = await support.get(`/console/search?q=${encodeURIComponent(words)}`);
      expect(page.location, words).to.equal(`/console/payments/${payment.id}`);
    }
    const person = await support.get(`/console/search?q=${encodeURIComponent(jane.msisdn)}`);
    const page = await support.follow(person);
    expect(page.html).to.include(payment.reference);
    expect(page.html, 'the number is masked').not.to.include(jane.msisdn);
    expect(person.location, 'also in the address').not.to.include(jane.msisdn.slice(1));
  });

  it('tells the whole story of a payment, and hides tokens until they are asked for', async () => {
    const payment = await pay(1);
    await town.books.untilQuiet();
    const path = `/console/payments/${payment.id}`;
    const page = await as('support').get(path);
    for (const part of [
      'KES\u00a0500.00',
      payment.reference,
      'float:mpesa',
      'payable:jua-power',
      'collected-unposted',
    ]) {
      expect(page.html).to.include(part);
    }
    const moments = page.html.match(/\d\d:\d\d:\d\d<\/time>/g) ?? [];
    expect(moments.length, 'to the second').to.be.above(5);
    const token = /\d{4}-\d{4}-\d{4}-\d{4}-\d{4}/;
    expect(page.html).not.to.match(token);
    const shown = await as('support').post(`${path}/tokens`, {});
    expect(shown.html).to.match(token);
    const seen = await town.books.database.reader.findBy(AuditEntrySchema, {
      act: 'tokens.seen',
      subjectId: payment.id,
    });
    expect(seen).to.have.length(1);
  });

  it('shows a queue a page at a time, narrowed by its address, and leads back there from an act', async () => {
    const deps = { runtime: systemRuntime, database: town.books.database, log: silentLog };
    const amount = { amountMinor: '5000', currency: 'KES' };
    for (let count = 0; count < 45; count += 1) {
      const party = count % 3 === 0 ? 'jua-power' : 'maji-water';
      const found = {
        breakType: 'not-ours',
        subjectId: `line-${count}`,
        detail: `line ${count}.`,
        amount,
        party,
      } as const;
      await openBreak(deps, found);
    }
    const finance = as('finance');
    const linesOf = (html: string) => [...html.matchAll(/line (\d+)\./g)].map(([, count]) => Number(count));
    const nextOf = (html: string) => /href="([^"]*after=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    const seen: number[] = [];
    let path: string | undefined = '/console/queues/breaks?type=not-ours';
    while (path) {
      const { html } = await finance.get(path);
      expect(Buffer.byteLength(html)).to.be.below(60 * 1024);
      expect(html).to.include('45 fit these filters.');
      seen.push(...linesOf(html));
      path = nextOf(html);
    }
    expect(seen).to.deep.equal(Array.from({ length: 45 }, (_, count) => count));

    const power = await finance.get('/console/queues/breaks?type=not-ours&party=jua-power&owner=nobody');
    expect(linesOf(power.html)).to.deep.equal([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42]);
    const [, item = ''] = /name="item" value="([^"]+)"/.exec(power.html) ?? [];
    const [, from = ''] = /name="from" value="([^"]+)"/.exec(power.html) ?? [];
    const [, owner = ''] = /name="owner" value="([^"]+)"/.exec(power.html) ?? [];
    const taken = await finance.post('/console/queues/breaks/assign', {
      item,
      owner,
      from: from.replaceAll('&amp;', '&'),
    });
    expect(taken.location).to.equal('/console/queues/breaks?type=not-ours&party=jua-power&owner=nobody&done=taken');
    expect(linesOf((await finance.follow(taken)).html)).to.have.length(14);
    const mine = await finance.get('/console/queues/breaks?type=not-ours&owner=mine');
    expect(linesOf(mine.html)).to.deep.equal([0]);
    expect(mine.html).to.include('/console/exports/queue-breaks?type=not-ours&amp;owner=mine');
    expect((await finance.get('/console/exports/queue-breaks?type=not-ours&owner=mine')).html).to.include('1 row');
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Africa/Nairobi' }).format(Date.now());
    expect((await finance.get(`/console/queues/breaks?type=not-ours&day=${today}`)).html).to.include('45 fit');
    const none = await finance.get('/console/queues/breaks?type=not-ours&day=2024-01-01');
    expect(none.html).to.include('Nothing fits these filters.');
    const odd = await finance.get('/console/queues/breaks?type=what&party=%27&day=x&owner=..&after=9');
    expect([odd.status, linesOf(odd.html).length]).to.deep.equal([200, 20]);
  });

  it('tells the second of two who answer a break what the first did, and keeps what he wrote', async () => {
    const deps = { runtime: systemRuntime, database: town.books.database, log: silentLog };
    await openBreak(deps, { breakType: 'contradiction', subjectId: 'two-at-once', detail: 'failed, then succeeded' });
    const { id } = await town.books.database.reader.findOneByOrFail(BreakSchema, { subjectId: 'two-at-once' });
    const path = `/console/breaks/${id}`;
    const [finance, administrator] = [as('finance'), as('administrator')];
    await administrator.get(path);
    await finance.get(path);
    const said = { resolution: 'explained', reason: 'they mended their list' };
    expect((await finance.post(`${path}/propose`, said)).location).to.equal(`${path}?done=proposed`);
    const second = await administrator.post(`${path}/propose`, { resolution: 'duplicate', reason: 'seen twice today' });
    expect(second.status).to.equal(422);
    expect(second.html)
      .to.match(/Daniel Kiptoo was faster: this break is proposed since \d+ \w+ \d\d:\d\d:\d\d/)
      .and.include('explained: they mended their list')
      .and.include('value="seen twice today"')
      .and.include(`action="${path}/confirm"`);
    const own = await finance.post(`${path}/confirm`, { reason: 'I am sure of it' });
    expect(own.html).to.include('Who proposed it cannot agree to it.').and.include('I am sure of it');
    await administrator.post(`${path}/confirm`, { reason: 'their list shows it' });
    const late = await finance.post(`${path}/reject?lang=sw`, { reason: 'wait for the bank' });
    expect(late.status).to.equal(422);
    expect(late.html)
      .to.include('Lucy Mwende amekutangulia: tofauti hii imetatuliwa')
      .and.include('their list shows it')
      .and.include('wait for the bank')
      .and.not.include('resolved');
  });

  it('names who paid on the web, where nobody dialled', async () => {
    const reference = newReference(systemRuntime.chance);
    const payer = '+254711000987' as Msisdn;
    await plantPayments(town.books.database, [
      plantedPayment({ reference, channel: 'web', dialler: null, payer, state: 'posted', createdAtMs: Date.now() }),
    ]);
    const { html } = await as('support').get('/console/payments');
    const row = html.split('<tr').find((one) => one.includes(reference)) ?? '';
    expect(row).to.include(maskMsisdn(payer)).and.not.include('not known yet');
  });

  it('sends a receipt again once, with a reason, and keeps who did it', async () => {
    const payment = await pay();
    await town.books.untilQuiet();
    const path = `/console/payments/${payment.id}`;
    const support = as('support');
    await support.get(path);
    expect((await support.post(`${path}/receipt`, { reason: '' })).status).to.equal(422);
    const once = payment.id;
    for (let count = 0; count < 2; count += 1) {
      const done = await support.post(`${path}/receipt`, { reason: 'he deleted it', once });
      expect(done.location).to.equal(`${path}?done=receipt`);
    }
    await town.books.untilQuiet();
    const receipts = (await jane.messages()).filter((text) => text.includes(payment.reference));
    expect(receipts, 'the receipt and one copy').to.have.length(2);
    const page = await support.get(path);
    expect(page.html).to.include('he deleted it').and.include('Amina Wanjiru');
  });

  it('keeps notes on a payment and on a person', async () => {
    const payment = await pay();
    const support = as('support');
    await support.get(`/console/payments/${payment.id}`);
    await support.post(`/console/payments/${payment.id}/note`, { body: 'Called twice. <b>Angry</b>' });
    const page = await support.get(`/console/payments/${payment.id}`);
    expect(page.html).to.include('Called twice. &lt;b>Angry&lt;/b>');
    const person = await support.get(`/console/search?q=${encodeURIComponent(jane.msisdn)}`);
    await support.follow(person);
    await support.post(`${person.location}/note`, { body: 'Speaks Swahili' });
    expect((await support.follow(person)).html).to.include('Speaks Swahili');
  });

  it('shows a whole number to who asks, and keeps that he asked', async () => {
    await pay();
    const support = as('support');
    const person = await support.get(`/console/search?q=${encodeURIComponent(jane.msisdn)}`);
    await support.follow(person);
    const shown = await support.post(`${person.location}/number`, {});
    expect(shown.html).to.include(jane.msisdn);
    expect((await as('auditor').post(`${person.location}/number`, {})).status).to.equal(403);
    const seen = await town.books.database.reader.findBy(AuditEntrySchema, { act: 'number.seen' });
    expect(seen.length).to.be.greaterThan(0);
    expect(JSON.stringify(seen, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.to.include(
      jane.msisdn.slice(1),
    );
  });

  it('leads to the login, and from there back to where one was', async () => {
    const payment = await pay();
    const stranger = openBrowser(town);
    const refused = await stranger.get(`/console/payments/${payment.id}`);
    expect(refused.location).to.equal(`/console/login?to=${encodeURIComponent(`/console/payments/${payment.id}`)}`);
    const login = await stranger.follow(refused);
    expect(login.html).to.include(`value="/console/payments/${payment.id}"`);
    for (const to of ['https://evil.example/', '//evil.example', '/pay', 'javascript:alert(1)', '/console/../pay']) {
      const page = await stranger.get(`/console/login?to=${encodeURIComponent(to)}`);
      expect(page.html, to).to.include('name="to" value="/console"');
    }
  });

  it('refuses a form without its token, with another session’s, and from another site', async () => {
    const payment = await pay();
    const path = `/console/payments/${payment.id}/note`;
    const support = as('support');
    expect((await support.postBare(path, { body: 'no token' })).status).to.equal(403);
    const other = await as('finance').get(`/console/payments/${payment.id}`);
    const theirs = /name="csrf" value="([^"]+)"/.exec(other.html)?.[1] ?? '';
    expect(theirs).not.to.equal('');
    expect((await support.postBare(path, { body: 'another', csrf: theirs })).status).to.equal(403);
    await support.get(`/console/payments/${payment.id}`);
    const own = await support.get(`/console/payments/${payment.id}`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(own.html)?.[1] ?? '';
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      const page = await support.postBare(path, { body: 'from elsewhere', csrf }, headers);
      expect(page.status).to.equal(403);
    }
    expect((await support.get(`/console/payments/${payment.id}`)).html).not.to.include('from elsewhere');
  });

  it('opens every route to the roles of its table, and to nobody else', async function () {
    this.timeout(240_000);
    const payment = await pay();
    const fill = (path: string) =>
      path.replace(':id', payment.id).replace(':key', 'x').replace(':organisation', 'x').replace(':token', 'x');
    for (const { method, path, allow } of consoleRoutes) {
      if (path === '/console/logout') continue;
      for (const role of STAFF_ROLES) {
        const browser = as(role);
        // For the token of a form; what a route did may have changed it.
        if (method === 'post') await browser.get('/console/me');
        const page = method === 'get' ? await browser.get(fill(path)) : await browser.post(fill(path), {});
        const may = allow === 'anyone' || allow === 'member' || (allow !== 'half' && allow.includes(role));
        expect(page.status === 403, `${method} ${path} as ${role}: ${page.status}`).to.equal(!may);
        expect(page.status, `${method} ${path} as ${role}`).to.be.below(500);
      }
      if (allow === 'anyone') continue;
      const stranger = await openBrowser(town)[method === 'get' ? 'get' : 'post'](fill(path), {});
      expect(stranger.location, `${method} ${path} as a stranger`).to.match(/^\/console\/login/);
    }
  });

  it('begins where somebody’s work is', async () => {
    const starts = { approver: 'approvals', initiator: 'me', auditor: 'payments', support: 'payments' } as const;
    for (const [role, place] of Object.entries(starts)) {
      expect((await as(role as StaffRole).get('/console')).location, role).to.equal(`/console/${place}`);
    }
  });

  it('has nothing at an address that no store can take', async () => {
    for (const path of [
      'payments/%00',
      'callbacks/a%00',
      'people/%00',
      'approvals/%00',
      'search?q=%00',
      'approvals?after=%00',
    ]) {
      expect((await as('support').get(`/console/${path}`)).status, path).to.equal(404);
    }
  });

  it('says on a page that there is nothing at an address, and to a stranger nothing at all', async () => {
    const page = await as('approver').get('/console/no/such/place');
    expect(page.status).to.equal(404);
    expect(page.html).to.include('There is nothing at this address');
    expect((await openBrowser(town).get('/console/no/such/place')).location).to.match(/^\/console\/login/);
  });

  it('sends every page under headers that let nothing else run, and keeps its cookie to itself', async () => {
    const page = await as('support').get('/console/payments');
    expect(page.headers.get('content-security-policy')).to.include("default-src 'none'").and.not.include('unsafe');
    expect(page.headers.get('x-frame-options')).to.equal('DENY');
    expect(page.headers.get('cache-control')).to.equal('no-store');
    expect(page.html)
      .not.to.match(/<script(?![^>]*src=)/)
      .and.not.to.match(/ style=| on\w+=/);
    const half = openBrowser(town);
    const login = await half.postBare('/console/login', {
      email: 'support@demo.example',
      password: 'malipo demo only',
    });
    expect(login.headers.get('set-cookie')).to.match(/Path=\/console; HttpOnly; SameSite=Strict$/);
    expect((await half.get('/console/payments')).location, 'half a login opens nothing').to.equal('/console/code');
  });

  it('keeps the language that somebody chooses for himself', async () => {
    const auditor = as('auditor');
    await auditor.get('/console/me');
    expect((await auditor.post('/console/me/language', { language: 'xx' })).status).to.equal(422);
    const done = await auditor.post('/console/me/language', { language: 'sw' });
    expect((await auditor.follow(done)).html).to.include('lang="sw"');
    expect((await auditor.get('/console/payments')).html).to.include('<html lang="sw"');
    expect((await as('support').get('/console/payments')).html).to.include('<html lang="en"');
    await auditor.post('/console/me/language', { language: 'en' });
  });

  it('speaks the language that is asked for', async () => {
    expect((await as('support').get('/console/payments?lang=sw')).html).to.include('lang="sw"');
    expect((await as('support').get('/console/payments?lang=fr')).html).to.include('lang="fr"');
  });
});

import { expect } from 'chai';
import type { Msisdn } from '../../src/kernel/index.ts';
import { newAccount, newNumber, type Phone } from '../support/dial.ts';
import { type PageAnswer, textOf, ticketOf, type Visitor, visitor } from '../support/pay-page.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores, embeddedStores, type StorePair } from '../support/stores.ts';

const POWER = 1;
const WATER = 2;

describeOnStores('a visitor pays on the page', (stores) => {
  let town: TestService;
  let web: Visitor;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), { RULE_NOT_FOUND_PER_ADDRESS_PER_DAY: '1000' });
    web = visitor(town.gateway);
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(120_000);
    if (this.currentTest?.state === 'passed') await town.expectSound();
  });

  const water = (fields = {}) => ({
    biller: 'maji-water',
    account: newAccount(WATER),
    amount: '500',
    phone: jane.msisdn,
    ...fields,
  });
  const reads = (page: PageAnswer, ...what: string[]) => {
    for (const words of what) expect(textOf(page.html)).to.include(words);
  };
  const paymentsOf = () => town.books.payments({ payer: jane.msisdn as Msisdn });
  const pathOf = (page: PageAnswer): string => {
    expect(page.status, textOf(page.html)).to.equal(303);
    return String(page.headers.location);
  };
  const shows = (path: string, ...what: string[]): Promise<PageAnswer> =>
    eventually(`the page shows ${what}`, async () => {
      const page = await web.get(path);
      reads(page, ...what);
      return page;
    });

  it('sees whose account it is and what is due, confirms, and watches until the receipt', async () => {
    const bill = water({ account: '100200300' });
    const confirmation = await web.review(bill);
    expect(confirmation.status).to.equal(200);
    reads(confirmation, 'Maji Water', bill.account, 'Due KES 1,250.00', 'You pay KES 500.00', jane.msisdn);
    expect(await paymentsOf(), 'nothing is kept before').to.have.length(0);
    const path = pathOf(await web.confirm(confirmation));
    expect(path).to.match(/^\/pay\/[\w-]{22}\?lang=en$/);
    const page = await shows(path, 'Paid: Maji Water has it', 'Money Charged');
    const [payment] = await paymentsOf();
    expect(payment).to.include({ channel: 'web', dialler: null, state: 'posted' });
    const [moved] = await town.control.operator.moved(jane.msisdn, '500.00');
    reads(page, payment?.reference ?? '?', moved?.receipt ?? '?');
    expect(page.html, 'the number only by its end').not.to.include(jane.msisdn);
    expect(path, 'the reference opens nothing').not.to.include(payment?.reference ?? '?');
    await jane.gets('paid KES 500.00', bill.account, moved?.receipt ?? '?');
  });

  it('gets a token by SMS alone', async () => {
    const account = newAccount(POWER);
    const confirmation = await web.review({ biller: 'jua-power', account, amount: '200', phone: jane.msisdn });
    reads(confirmation, 'A token is never shown on a page');
    const path = pathOf(await web.confirm(confirmation));
    const page = await shows(path, 'Paid: Jua Power has it', 'token and the receipt are on their way by SMS');
    const token = /\d{4}-\d{4}-\d{4}-\d{4}-\d{4}/.exec(await jane.gets('Token:', account))?.[0] ?? '?';
    expect(page.html).not.to.include(token).and.not.to.include(token.replaceAll('-', ''));
  });

  it('is asked for what the amount says in the way of his language', async () => {
    for (const amount of ['481,00', '481.00', 'KES 481', '481/=']) {
      reads(await web.review(water({ amount })), 'You pay KES 481.00');
    }
    reads(await web.review(water({ amount: '1 250,00' })), 'You pay KES 1,250.00');
  });

  it('pays all that is due when the amount is left empty', async () => {
    const text = textOf((await web.review(water({ amount: '' }))).html);
    const [, due, pays] = /Due KES ([\d,.]+) .*You pay KES ([\d,.]+)/.exec(text) ?? [];
    const shillings = (amount = '') => Number(amount.replace(',', ''));
    expect(shillings(due)).to.be.above(0);
    expect(shillings(pays), 'whole shillings').to.equal(Math.ceil(shillings(due)));
    const prepaid = { biller: 'jua-power', account: newAccount(POWER), amount: '', phone: jane.msisdn };
    const page = await web.review(prepaid);
    expect(page.status).to.equal(422);
    reads(page, 'Nothing is due on this account');
  });

  it('is asked once however often the form is sent, at once and later', async () => {
    const confirmation = await web.review(water());
    const answers = await Promise.all(Array.from({ length: 8 }, () => web.confirm(confirmation)));
    expect(new Set(answers.map(pathOf)).size).to.equal(1);
    await shows(pathOf(answers[0] as PageAnswer), 'Paid: Maji Water has it');
    await web.confirm(confirmation);
    await town.control.operator.moved(jane.msisdn, '500.00');
    expect(await paymentsOf()).to.have.length(1);
    const again = await web.confirm(await web.review(water()));
    expect(again.status, 'another form with the same amount, a moment later').to.equal(422);
    reads(again, 'being asked for this amount already', 'This step charged nothing');
  });

  it('reads that nothing was charged when the phone says no, and not why', async () => {
    await jane.handset({ answer: 'cancel', delayMs: 20 });
    const path = pathOf(await web.confirm(await web.review(water())));
    const page = await shows(path, 'Not paid', 'The number that was asked did not pay', 'Nothing was charged');
    expect(page.html).not.to.include('data-events');
  });

  it('reads that the number has no M-PESA, and that another may pay', async () => {
    await jane.handset({ answer: 'pay', hasWallet: false });
    const path = pathOf(await web.confirm(await web.review(water())));
    await shows(path, 'Not paid', 'The number that was asked has no M-PESA. Choose another payer.');
    reads(await web.get(path.replace('lang=en', 'lang=fr')), "n'a pas M-PESA");
    reads(await web.get(path.replace('lang=en', 'lang=sw')), 'haina M-PESA');
  });

  for (const [what, fields, field, says] of [
    ['an account that does not exist', { account: '9991234567' }, 'account', 'The company does not know this number'],
    ['an account of another shape', { account: '12' }, 'account', 'letters and digits only'],
    ["another company's account", { account: '04123456789' }, 'account', 'not a number of this company'],
    ['no account', { account: '' }, 'account', 'Please type the account'],
    ['an unknown company', { biller: 'x' }, 'biller', 'Please choose a company'],
    ['an amount that is none', { amount: '5OO' }, 'amount', 'We cannot read that amount'],
    ['an amount with two meanings', { amount: '10.000' }, 'amount', 'whole shillings, without commas'],
    ['cents behind a comma', { amount: '100,50' }, 'amount', 'Whole shillings only'],
    ['an amount with cents', { amount: '100.50' }, 'amount', 'Whole shillings only'],
    ['less than the company takes', { amount: '9' }, 'amount', 'The least that can be paid is KES 10.00'],
    ['more than the company takes', { amount: '70,001' }, 'amount', 'at once is KES 70,000.00'],
    ['no phone', { phone: '' }, 'phone', 'Please type the phone number'],
    ['a phone that is none', { phone: '12345' }, 'phone', 'This is not a phone number'],
    ['a phone of another country', { phone: '+255754000001' }, 'phone', 'We cannot ask this number'],
  ] as const) {
    it(`is told at the field about ${what}, and keeps what was typed`, async () => {
      const bill = water(fields);
      const page = await web.review(bill);
      expect(page.status).to.equal(422);
      reads(page, says, 'This step charged nothing');
      expect(page.html).to.match(new RegExp(`id="${field}"[^>]*aria-describedby="[^"]*${field}-wrong"`));
      if (field !== 'phone') expect(page.html).to.include(`value="${bill.phone}"`);
    });
  }

  it('asks a number that never paid here three times a day, and one that blocks it not at all', async () => {
    await jane.handset({ answer: 'ignore', delayMs: 20 });
    for (const amount of ['51', '52', '53']) pathOf(await web.confirm(await web.review(water({ amount }))));
    const fourth = await web.confirm(await web.review(water({ amount: '54' })));
    expect(fourth.status).to.equal(422);
    reads(fourth, 'was asked too often today', 'This step charged nothing');
    expect(await paymentsOf()).to.have.length(3);
    const other = await town.phone();
    await other.dial().sees('1 Pay a bill');
    await other.choose('6');
    await other.choose('3');
    await other.choose('1').ends('Done');
    const blocked = await web.review(water({ phone: other.msisdn }));
    expect(blocked.status).to.equal(422);
    reads(blocked, 'takes no requests from others');
    await jane.handset({ answer: 'cancel', delayMs: 0 });
  });

  it('reads all of it in French and in Swahili', async () => {
    const french = await web.review(water(), '/pay?lang=fr');
    reads(french, 'Vérifiez et confirmez', '500,00 KES', "Seul le PIN fait partir l'argent");
    expect(french.html).to.include('<html lang="fr">');
    const path = pathOf(await web.post('/pay/confirm?lang=fr', { ticket: ticketOf(french) }));
    await shows(path, "Payé : Maji Water l'a enregistré", 'Argent Débité');
    await jane.gets('payé');
    reads(await web.get(path.replace('fr', 'sw')), 'Yamelipwa: Maji Water imeyapokea');
    reads(await web.get('/pay', { 'accept-language': 'sw-TZ,sw;q=0.9,en;q=0.5' }), 'Lipa bili', 'Endelea');
  });

  it('is told live, until nothing more is to come', async () => {
    await jane.handset({ answer: 'pay', delayMs: 1_500 });
    const path = pathOf(await web.confirm(await web.review(water())));
    const stream = await web.get(path.replace('?', '/events?'), { 'accept-encoding': 'identity' });
    expect(stream.headers['content-type']).to.match(/^text\/event-stream/);
    const events = stream.html.split('\n\n').filter((event) => event.startsWith('event:'));
    expect(events[0]).to.include('Enter the M-PESA PIN on the phone');
    expect(events.at(-2)).to.include('Paid: Maji Water has it');
    expect(events.at(-1)).to.match(/^event: done/);
  }).timeout(30_000);
});

describe('the page to pay', function () {
  this.timeout(60_000);
  let stores: StorePair;
  let town: TestService;
  let web: Visitor;
  before(async () => {
    stores = await embeddedStores();
    town = await startService(stores, {
      RULE_NOT_FOUND_PER_ADDRESS_PER_DAY: '3',
      PAY_PAGE_PROMPTS_PER_HOUR: '2',
      TRUSTED_PROXIES: '127.0.0.0/8',
    });
    web = visitor(town.gateway);
  });
  after(async () => {
    await town?.stop();
    await stores?.drop();
  });

  const bill = (fields = {}) => ({
    biller: 'maji-water',
    account: newAccount(WATER),
    amount: '500',
    phone: newNumber(),
    ...fields,
  });
  /** A network of its own: what is counted by address starts anew. */
  let networks = 0;
  const fromElsewhere = () => {
    networks += 1;
    return { 'x-forwarded-for': `10.9.${networks}.1` };
  };

  it('is under 15 KB with everything that it needs, and is kept for good where it may be', async () => {
    const page = await web.get('/pay?lang=fr');
    let bytes = page.wireBytes;
    const files = [...page.html.matchAll(/"(\/static\/[^"]+)"/g)].map(([, address]) => address ?? '');
    expect(files).to.have.length(2);
    for (const address of files) {
      const file = await web.get(address);
      expect(file.status).to.equal(200);
      expect(file.headers['cache-control']).to.equal('public, max-age=31536000, immutable');
      bytes += file.wireBytes;
    }
    expect(bytes).to.be.below(15 * 1024);
    expect(page.headers['cache-control']).to.equal('no-store');
    expect(page.headers['set-cookie']).to.equal(undefined);
    expect((await web.get('/static/page.0000000000.css')).status).to.equal(404);
  });

  it('has the strict policy and no trace of a stranger, on every page', async () => {
    const answers = [
      await web.get('/pay'),
      await web.get('/pay/AAAAAAAAAAAAAAAAAAAAAA'),
      await web.get('/p/nothing'),
      await web.review(bill(), '/pay'),
      await web.review(bill({ account: '' }), '/pay'),
      await web.post('/pay', {}, { 'sec-fetch-site': 'cross-site' }),
      await web.post('/pay', {}, { 'content-type': 'text/plain' }),
      await web.post('/pay/confirm', { ticket: 'x' }),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 404, 410, 200, 422, 403, 415, 422]);
    for (const { headers, html } of answers) {
      expect(headers['content-security-policy']).to.match(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(headers['content-security-policy']).to.include("frame-ancestors 'none'").and.not.include('unsafe');
      expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
      expect(html).to.match(/^<!doctype html><html lang="en">/);
      expect(html).not.to.match(/<style|style=|<script>|\son\w+="/);
    }
  });

  it('shows hostile text as text, whatever the field', async () => {
    const hostile = `"'><img src=x onerror=alert(1)>`;
    for (const field of ['biller', 'account', 'amount', 'phone', 'edit']) {
      const { html } = await web.review(bill({ [field]: hostile, ...(field === 'edit' ? { account: hostile } : {}) }));
      expect(html).not.to.include('<img');
    }
    for (const path of [`/pay?lang=${encodeURIComponent(hostile)}`, `/p/${encodeURIComponent(hostile)}`]) {
      expect((await web.get(path)).html).not.to.include('<img');
    }
  });

  it('does nothing for a form of another site, and nothing for a ticket that is not ours', async () => {
    const phone = newNumber();
    const ticket = ticketOf(await web.review(bill({ phone }), '/pay'));
    const foreign = await web.post('/pay/confirm', { ticket }, { origin: 'https://evil.example' });
    expect(foreign.status).to.equal(403);
    expect(textOf(foreign.html)).to.include('not sent from our own page').and.include('Nothing was charged');
    const [body = '', signature = ''] = ticket.split('.');
    const dearer = Buffer.from(body, 'base64url').toString().replace('"50000"', '"5000000"');
    for (const forged of ['', `${Buffer.from(dearer).toString('base64url')}.${signature}`, `${ticket}x`]) {
      expect((await web.post('/pay/confirm', { ticket: forged })).status).to.equal(422);
    }
    expect(await town.books.payments({ payer: phone as Msisdn })).to.have.length(0);
  });

  it('counts accounts that do not exist and prompts by the address that asks', async () => {
    const here = fromElsewhere();
    const miss = () => web.post('/pay', bill({ account: '9991234567' }), here);
    expect([await miss(), await miss(), await miss()].map(({ status }) => status)).to.deep.equal([422, 422, 422]);
    const refused = await web.post('/pay', bill(), here);
    expect(refused.status).to.equal(422);
    expect(textOf(refused.html))
      .to.include('Too many numbers that do not exist')
      .and.include('This step charged nothing');
    const there = fromElsewhere();
    const confirm = async () =>
      (await web.post('/pay/confirm', { ticket: ticketOf(await web.post('/pay', bill(), there)) }, there)).status;
    expect([await confirm(), await confirm(), await confirm()]).to.deep.equal([303, 303, 429]);
  });

  it('says so when a company does not answer, and goes on when it does', async () => {
    await town.control.faults({ biller: { http500: 1 } });
    const page = await web.review(bill(), '/pay?lang=en');
    expect(page.status).to.equal(422);
    expect(textOf(page.html)).to.include('cannot be reached now').and.include('This step charged nothing');
    await town.control.faults({});
    expect((await web.review(bill())).status).to.equal(200);
  });
});

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { generate } from 'otplib';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { CustomerSchema } from '../../src/domain/customers/index.ts';
import { openBreak } from '../../src/domain/reconciliation/index.ts';
import { StaffMemberSchema, type StaffRole, StaffSessionSchema } from '../../src/domain/staff/index.ts';
import { type Msisdn, systemRuntime } from '../../src/kernel/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { demoLogins } from '../../src/wiring/demo-staff.ts';
import { openBrowser } from '../simulator/support/browser.ts';
import { newAccount, type Phone, referenceIn } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { type StaffDesk, sitDown } from '../support/staff-desk.ts';
import { keepPicture } from '../support/staff-pages.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

const ON_A_PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };
const WITHOUT_SCRIPTS: BrowserContextOptions = { javaScriptEnabled: false };
/** Nothing is asked by itself while a story goes on. */
const ASKED_BY_STAFF = { INQUIRY_DELAYS_S: '600,900' };

/** What staff does most, in a real browser: Amina is support, Daniel finance, Lucy administrator, Hassan approver, Peter auditor. */
describe('staff at the console', function () {
  this.timeout(90_000);
  let browser: Browser | undefined;
  let stores: StorePair;
  let town: TestService;
  let jane: Phone;
  let desks: StaffDesk[] = [];

  before(async function () {
    browser = await openBrowser();
    if (!browser) this.skip();
    stores = await embeddedStores();
    town = await startService(stores, ASKED_BY_STAFF);
  });
  after(async () => {
    await browser?.close();
    await town?.stop();
    await stores?.drop();
  });
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    const failed = this.currentTest?.state === 'failed' ? this.currentTest.title : undefined;
    for (const [at, { page }] of desks.entries()) if (failed) await keepPicture(page, 'failed', `${failed} ${at}`);
    await Promise.all(desks.map((one) => one.leaves()));
    desks = [];
    await town.control.faults({});
    if (this.currentTest?.state === 'passed') await town.expectSound();
  });

  async function desk(role: StaffRole | undefined, options?: BrowserContextOptions): Promise<StaffDesk> {
    const own = await sitDown(browser as Browser, town, role, options);
    desks.push(own);
    return own;
  }

  /** She has paid, and her receipt has come. */
  async function paid(biller: 1 | 2 = 2, account = newAccount(biller)) {
    const reference = await jane.pays({ biller, account, amount: 500 });
    const payment = await town.books.payment(reference, 'posted');
    await town.books.untilQuiet();
    return payment;
  }

  it('1. finds a payment by the SMS that a customer reads out, and sends the receipt again (by keyboard alone)', async () => {
    const { reference } = await paid();
    const [receipt = ''] = await jane.messages();
    const amina = await desk('support');
    await amina.opens('/console');
    await amina.types('/', receipt, 'Enter');
    await amina.sees(reference, 'paid');
    await amina.tabsTo('Send the receipt again');
    await amina.types('Enter');
    await amina.tabsTo('Why');
    await amina.types('she deleted it by mistake', 'Enter');
    await amina.sees('The receipt is on its way.', /Amina Wanjiru: sent the receipt again/);
    await town.books.untilQuiet();
    expect((await jane.messages()).filter((text) => text.includes(reference))).to.have.length(2);
    await amina.picture('01-receipt-again');
  });

  it('2. helps who has paid and has no token: the biller is asked again, and the token is there (on a phone)', async () => {
    await jane.dial(`*384*123*1*1*${newAccount(1)}*500#`).sees('Pay KES 500.00');
    await town.control.faults({ biller: { http500: 1 } });
    const reference = referenceIn(await jane.choose('1'));
    const { id } = await town.books.payment(reference, 'collected');
    await town.books.putOff('payment.post', id);
    const amina = await desk('support', ON_A_PHONE);
    await amina.opens('/console');
    await amina.searches(jane.msisdn);
    await amina.follows(reference);
    await amina.sees('the biller has not booked it yet', /tell the biller/);
    await amina.picture('02-no-token-yet');
    await town.control.faults({});
    await amina.does('Ask the biller now', 'she waits in the dark');
    // The page says so by itself once it is booked.
    await amina.sees('The biller booked it, and the receipt went out.');
    await amina.presses('Show the token');
    await amina.sees(/^\d{4}-\d{4}-\d{4}-\d{4}-\d{4}$/);
    await jane.gets('Token');
    await amina.picture('02-token');
  });

  it('2b. is told so when the answer came by itself while she wrote why', async () => {
    await jane.dial(`*384*123*1*1*${newAccount(1)}*500#`).sees('Pay KES 500.00');
    await town.control.faults({ biller: { http500: 1 } });
    const reference = referenceIn(await jane.choose('1'));
    const { id } = await town.books.payment(reference, 'collected');
    await town.books.putOff('payment.post', id);
    const [amina, noor] = [await desk('support'), await desk('finance')];
    for (const one of [amina, noor]) {
      await one.opens('/console');
      await one.searches(reference);
      await one.sees('the biller has not booked it yet');
    }
    // Her form is open, so that the page does not take it from under her hands.
    const form = await amina.writes('Ask the biller now', 'she waits in the dark');
    await town.control.faults({});
    await noor.does('Ask the biller now', 'he waits in the dark');
    await noor.sees('The biller booked it, and the receipt went out.');
    expect(await form.getByLabel('Why').inputValue()).to.equal('she waits in the dark');
    await form.getByRole('button').click();
    await amina.sees('It was answered by itself meanwhile.', 'The biller booked it, and the receipt went out.');
  });

  it('3. asks the operator about a payment of which nobody knows', async () => {
    await town.control.faults({ daraja: { lostCallback: 1 } });
    const reference = await jane.pays({ biller: 2, account: newAccount(), amount: 500 });
    await town.control.operator.moved(jane.msisdn, '500.00');
    const amina = await desk('support');
    await amina.opens('/console');
    await amina.searches(reference);
    await amina.sees('the operator has not said yet what became of it', /ask the operator what became of it: at/);
    await town.control.faults({});
    await amina.does('Ask the operator now', 'he has the SMS of the operator');
    await amina.sees('The biller booked it, and the receipt went out.', /had the operator asked/);
    await jane.gets('paid KES 500.00', reference);
    await amina.picture('03-asked-the-operator');
  });

  it('4. takes an account off that is not a customer’s any more (without JavaScript)', async () => {
    const account = newAccount();
    await jane.dial(`*384*123*2*1*2*${account}#`);
    await jane.choose('1').ends('was added');
    const amina = await desk('support', WITHOUT_SCRIPTS);
    await amina.opens('/console');
    await amina.searches(jane.msisdn);
    await amina.sees(account);
    await amina.does('Take the account off', 'she has moved to another house');
    await amina.sees('The account was taken off.', 'No accounts are linked.');
    await amina.picture('04-account-off');
    const screen = await jane.dial('*384*123*2#');
    expect(screen).not.to.include(account);
  });

  it('5. unlocks a service PIN (by keyboard alone)', async () => {
    await paid();
    const msisdn = jane.msisdn as Msisdn;
    const locked = { pinHash: 'x', pinLockedUntilMs: Date.now() + 3_600_000 };
    await town.books.database.transaction((tx) => tx.update(CustomerSchema, { msisdn }, locked));
    const amina = await desk('support');
    await amina.opens('/console');
    await amina.types('/', `0${jane.msisdn.slice(4)}`, 'Enter');
    await amina.sees(/^locked until/);
    await amina.tabsTo('Unlock the service PIN');
    await amina.types('Enter');
    await amina.tabsTo('Why');
    await amina.types('she remembers it now', 'Enter');
    await amina.sees('Unlocked.', /^set$/);
    await amina.picture('05-pin-unlocked');
  });

  it('6. finds where a session dropped, and leaves word for whoever takes the next call (on a phone)', async () => {
    await jane.dial('*384*123*1*2#').sees('account');
    await jane.hangUp();
    const amina = await desk('support', ON_A_PHONE);
    await amina.opens('/console');
    await amina.searches(jane.msisdn);
    for (
      let tries = 0;
      tries < 20 && (await amina.page.getByText('The session was cut off').count()) === 0;
      tries += 1
    ) {
      await amina.page.waitForTimeout(500);
      await amina.page.reload();
    }
    await amina.sees(/Dialled: \d screens?/, 'The session was cut off');
    await amina.fills({ 'Write a note': 'Does not find her account number. It is on the bill, below the name.' });
    await amina.presses('Keep the note');
    await amina.sees('The note is kept.');
    await amina.picture('06-dropped-session');
    const peter = await desk('auditor');
    await peter.opens('/console');
    await peter.searches(jane.msisdn);
    await peter.sees('Note by Amina Wanjiru', 'It is on the bill, below the name.');
  });

  it('7. proposes a refund, which a colleague grants, and the money is back', async () => {
    const { reference } = await paid();
    const amina = await desk('support');
    await amina.opens('/console');
    await amina.searches(reference);
    await amina.does('Propose a refund', 'she paid for her neighbour’s meter');
    await amina.sees('Somebody else has to agree.', 'proposed');
    const daniel = await desk('finance');
    await daniel.opens('/console/approvals');
    await daniel.sees('she paid for her neighbour’s meter', 'Amina Wanjiru');
    await daniel.picture('07-approvals');
    await daniel.does('Agree', 'she called, and the numbers are alike');
    await daniel.sees('Your agreement is kept.');
    await town.control.operator.moved(jane.msisdn, '500.00', '-500.00');
    await jane.gets('back to the number that paid', reference);
    await amina.opens('/console');
    await amina.searches(reference);
    await amina.sees('The money went back to whoever paid.', 'given back');
    await amina.picture('07-refunded');
  });

  it('8. shows to whoever comes second what the first did', async () => {
    const { reference } = await paid();
    const amina = await desk('support');
    await amina.opens('/console');
    await amina.searches(reference);
    await amina.does('Propose a refund', 'she says that she paid twice');
    const [daniel, lucy] = [await desk('finance'), await desk('administrator')];
    for (const one of [daniel, lucy]) {
      await one.opens('/console/approvals');
      await one.follows(/Refund of/);
    }
    await daniel.does('Say no', 'there is one payment only');
    await daniel.sees('Refused.');
    await lucy.does('Agree', 'go ahead');
    await lucy.sees(/^Somebody was faster/, /Daniel Kiptoo refused/, 'there is one payment only');
    await lucy.picture('08-second');
  });

  it('9. takes a break on, says what became of it, and a colleague agrees', async () => {
    const { id } = await paid();
    const deps = { runtime: systemRuntime, database: town.books.database, log: silentLog };
    const amount = { amountMinor: '5000', currency: 'KES' };
    const found = { breakType: 'differs-at-biller', subjectId: id, amount, party: 'maji-water' } as const;
    await openBreak(deps, { ...found, detail: 'KES 500.00 here, KES 450.00 there', suggestedAction: 'correct-amount' });
    const daniel = await desk('finance');
    await daniel.opens('/console/queues');
    await daniel.presses('Take it on');
    await daniel.sees('Taken on.', 'Daniel Kiptoo has taken it on.');
    await daniel.picture('09-queue');
    await daniel.follows('Booked differently on the biller');
    await daniel.sees('KES 500.00 here, KES 450.00 there', /have the biller correct its booking/);
    await daniel.does('Say what became of it', 'they booked it anew', { 'What became of it': 'corrected' });
    await daniel.sees('You proposed it, so somebody else must agree.');
    const lucy = await desk('administrator');
    await lucy.opens(daniel.page.url());
    await lucy.sees('they booked it anew');
    await lucy.does('Agree', 'their list shows it');
    await lucy.sees('Resolved.', /Lucy Mwende: resolved/);
    await lucy.picture('09-break');
  });

  it('10. hands something over to a colleague', async () => {
    const { id } = await paid();
    const deps = { runtime: systemRuntime, database: town.books.database, log: silentLog };
    await openBreak(deps, { breakType: 'contradiction', subjectId: id, detail: 'failed, then succeeded' });
    const daniel = await desk('finance', ON_A_PHONE);
    await daniel.opens('/console/queues/breaks');
    await daniel.page.getByText('Hand over', { exact: true }).first().click();
    await daniel.page.locator('.item select[name=owner]').first().selectOption({ label: 'Lucy Mwende' });
    await daniel.presses('Hand over');
    await daniel.sees('Lucy Mwende has taken it on.');
    await daniel.picture('10-handed-over');
    const lucy = await desk('administrator');
    await lucy.opens('/console/queues/breaks');
    await lucy.sees('Lucy Mwende has taken it on.');
  });

  it('11. looks at how the business does, and takes the figures along', async () => {
    await paid();
    const daniel = await desk('finance');
    await daniel.opens('/console/dashboard');
    await daniel.follows('Today');
    await daniel.sees('Success rate', 'Where sessions drop');
    const charts = 'Promise.all([...document.images].map((one) => one.decode().then(() => one.naturalWidth > 100)))';
    expect(await daniel.page.evaluate(charts)).to.deep.equal([true, true, true, true]);
    await daniel.picture('11-dashboard');
    await daniel.follows('Download');
    const file = daniel.page.waitForEvent('download');
    await daniel.presses('As CSV');
    const rows: string[][] = parse(readFileSync(await (await file).path()), { bom: true });
    expect(rows.flat()).to.include('Maji Water').and.to.include('500.00');
    await daniel.sees('complete');
    await daniel.picture('11-download');
  });

  it('12. invites a colleague, who chooses a password, sets up her app, and is in', async () => {
    const lucy = await desk('administrator');
    await lucy.opens('/console/staff');
    await lucy.fills({ Name: 'Mary Atieno', Email: 'mary@example.org', Phone: '0700 000 077' });
    await lucy.page.check('#new-support');
    await lucy.presses('Invite');
    const link = await lucy.page.locator('.note code').innerText();
    await lucy.picture('12-invited');
    const mary = await desk(undefined, ON_A_PHONE);
    await mary.opens(new URL(link).pathname);
    await mary.sees(/Mary Atieno, choose a password/);
    await mary.fills({ Password: 'the river is long today' });
    await mary.presses('Keep it');
    await mary.sees('Set up your authenticator app');
    const secret = (await mary.page.locator('code').innerText()).replaceAll(' ', '');
    await mary.fills({ Code: await generate({ secret }) });
    await mary.presses('Confirm');
    await mary.sees('Your recovery codes');
    await mary.picture('12-recovery-codes');
    await mary.follows('I have kept them');
    await mary.sees('Payments');
    await lucy.opens('/console/staff');
    await lucy.sees('mary@example.org', 'active');
  });

  it('13. comes back to where one was when a session has ended', async () => {
    const { id, reference } = await paid();
    const peter = await desk('auditor');
    await peter.opens(`/console/payments/${id}`);
    await peter.sees(reference);
    // Half an hour goes by without a click.
    const { database } = town.books;
    const member = await database.reader.findOneByOrFail(StaffMemberSchema, { roles: 'auditor' });
    await database.transaction(async (tx) => {
      await tx.update(StaffSessionSchema, { memberId: member.id }, { lastSeenAtMs: 0 });
      await tx.update(StaffMemberSchema, { id: member.id }, { lastTimeStep: 0 });
    });
    await peter.page.reload();
    await peter.sees('Sign in');
    const login = demoLogins(systemRuntime).find(({ role }) => role === 'auditor');
    await peter.fills({ Email: member.email, Password: login?.password ?? '' });
    await peter.picture('13-session-ended');
    await peter.presses('Sign in');
    await peter.fills({ Code: (await login?.code()) ?? '' });
    await peter.presses('Go on');
    await peter.sees(reference);
    expect(new URL(peter.page.url()).pathname).to.equal(`/console/payments/${id}`);
  });
});

import { expect } from 'chai';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from '../simulator/support/browser.ts';
import { findings } from '../support/axe.ts';
import { newAccount, newNumber, type Phone } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { keepPicture } from '../support/staff-pages.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

const PHONE = { width: 320, height: 568 };

/** What people do on the page, in a real browser. */
describe('the page to pay in the browser', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let stores: StorePair;
  let town: TestService;
  let jane: Phone;
  let context: BrowserContext | undefined;
  let complaints: string[];

  before(async function () {
    browser = await openBrowser();
    if (!browser) this.skip();
    stores = await embeddedStores();
    town = await startService(stores);
  });
  after(async () => {
    await browser?.close();
    await town?.stop();
    await stores?.drop();
  });
  beforeEach(async () => {
    jane = await town.phone();
    complaints = [];
  });
  afterEach(async function () {
    await context?.close();
    context = undefined;
    if (this.currentTest?.state === 'passed') await town.expectSound();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    context = await (browser as Browser).newContext({ viewport: PHONE, locale: 'en-GB', ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // The browser itself notes an answer of 422 or 404 so.
      if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
    });
    await page.goto(`${town.gateway}${path}`);
    return page;
  }

  async function fill(page: Page, fields: { account?: string; amount?: string; biller?: string } = {}): Promise<void> {
    await page.selectOption('#biller', fields.biller ?? 'maji-water');
    await page.fill('#account', fields.account ?? newAccount());
    await page.fill('#amount', fields.amount ?? '500');
    await page.fill('#phone', jane.msisdn);
  }

  const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 20_000 });
  const press = (page: Page) => page.locator('main form button').first().click();

  const expectAccessible = async (page: Page) => expect(await findings(page)).to.deep.equal([]);

  const picture = (page: Page, name: string) => keepPicture(page, 'pay', name);

  const JOURNEYS: readonly (readonly [string, BrowserContextOptions])[] = [
    ['light, with JavaScript', { colorScheme: 'light' }],
    ['dark, with JavaScript', { colorScheme: 'dark' }],
    ['without JavaScript', { javaScriptEnabled: false }],
  ];
  for (const [what, options] of JOURNEYS) {
    it(`leads from the form to the receipt (${what})`, async () => {
      const name = what.split(/\W/)[0];
      const hasScripts = options.javaScriptEnabled !== false;
      const page = await open('/pay', options);
      if (hasScripts) await expectAccessible(page);
      await picture(page, `${name}-form`);
      await fill(page);
      await press(page);
      await sees(page, 'Check and confirm');
      if (hasScripts) await expectAccessible(page);
      await picture(page, `${name}-confirm`);
      await jane.handset({ answer: 'pay', delayMs: 1_500 });
      await press(page);
      await sees(page, 'Enter the M-PESA PIN on the phone');
      await picture(page, `${name}-asking`);
      await sees(page, 'Paid: Maji Water has it');
      if (hasScripts) await expectAccessible(page);
      await picture(page, `${name}-paid`);
      const [moved] = await town.control.operator.moved(jane.msisdn, '500.00');
      await sees(page, moved?.receipt ?? '?');
      await jane.gets('paid KES 500.00');
      expect(await page.locator('h1').allTextContents()).to.deep.equal(['Paid: Maji Water has it']);
      expect(await page.locator('dl').count()).to.equal(1);
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect(wide, 'nothing is cut off on a small phone').to.equal(false);
      expect(complaints).to.deep.equal([]);
    });
  }

  it('asks once when the button is pressed twice and the page is reloaded', async () => {
    const page = await open('/pay');
    await fill(page);
    await press(page);
    await sees(page, 'Check and confirm');
    await page.locator('main form button').first().dblclick();
    await sees(page, /Paid: Maji Water|Enter the M-PESA PIN/);
    await page.reload();
    await sees(page, 'Paid: Maji Water has it');
    await town.control.operator.moved(jane.msisdn, '500.00');
  });

  it('says what is wrong at the field, keeps what was typed, and goes on from there', async () => {
    const page = await open('/pay', { colorScheme: 'dark' });
    await fill(page, { account: '9991234567' });
    await press(page);
    await sees(page, 'The company does not know this number');
    await expectAccessible(page);
    await picture(page, 'dark-wrong');
    expect(await page.inputValue('#phone')).to.equal(jane.msisdn);
    expect(await page.locator('#account').getAttribute('aria-invalid')).to.equal('true');
    await page.fill('#account', newAccount());
    await press(page);
    await sees(page, 'Check and confirm');
    await page.getByText('Change something').click();
    await sees(page, 'Pay a bill');
    expect(await page.inputValue('#amount')).to.equal('500');
  });

  it('is read and filled in with the keyboard alone', async () => {
    const page = await open('/pay');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).to.equal('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).to.equal('biller');
    await page.keyboard.type('Maji');
    for (const typed of [newAccount(), '300', jane.msisdn]) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(typed);
    }
    await page.keyboard.press('Enter');
    await sees(page, 'Check and confirm');
    await sees(page, 'KES 300.00');
  });

  it('speaks French to a French browser, and Swahili to who asks for it', async () => {
    const page = await open('/pay', { locale: 'fr-FR' });
    await sees(page, 'Payer une facture');
    await picture(page, 'french-form');
    await page.getByText('Kiswahili').click();
    await sees(page, 'Lipa bili');
    await fill(page, { biller: 'jua-power', account: newAccount(1) });
    await press(page);
    await sees(page, 'Hakiki kisha uthibitishe');
    await picture(page, 'swahili-confirm');
    await press(page);
    await sees(page, 'Yamelipwa: Jua Power imeyapokea');
    await jane.gets('Tokeni:');
  });

  it('shows that nothing was charged when the phone says no', async () => {
    await jane.handset({ answer: 'cancel', delayMs: 500 });
    const page = await open('/pay');
    await fill(page);
    await press(page);
    await sees(page, 'Check and confirm');
    await press(page);
    await sees(page, 'Not paid');
    await sees(page, 'Nothing was charged');
    await expectAccessible(page);
    await picture(page, 'light-failed');
    expect(await town.control.operator.transactions({ msisdn: jane.msisdn })).to.have.length(0);
  });

  it('offers the form where there is no payment', async () => {
    const page = await open(`/pay/${'A'.repeat(22)}`);
    await sees(page, 'There is no payment here');
    await expectAccessible(page);
    await page.getByText('Pay a bill').click();
    await page.fill('#phone', newNumber());
  });
});

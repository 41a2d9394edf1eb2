import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { darajaClient, PAYER } from './support/daraja-client.ts';
import { type Handset, type HandsetOptions, openHandset } from './support/handset-driver.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';

describe('the handset in a browser', function () {
  this.timeout(30_000);
  let browser: Browser | undefined;
  let simulator: SimulatorUnderTest;
  let daraja: ReturnType<typeof darajaClient>;
  const open: Handset[] = [];

  before(async function () {
    browser = await openBrowser();
    if (!browser) this.skip();
    simulator = await runSimulator();
  });
  after(async () => {
    await browser?.close();
    await simulator?.stop();
  });
  beforeEach(async () => {
    await simulator.call('POST', '/control/reset');
    simulator.gateway.received.length = 0;
    simulator.gateway.answer('/ussd/africastalking/demo', ({ fields }) => ({
      body: gatewayScreen(String(fields.text)),
    }));
    simulator.gateway.answer('/ussd/africastalking/demo/ended', () => ({ body: '' }));
    daraja = darajaClient(simulator);
    await daraja.signIn();
  });
  afterEach(async () => {
    for (const handset of open.splice(0)) {
      const { complaints } = handset;
      await handset.close();
      expect(complaints).to.deep.equal([]);
    }
  });

  const take = async (options?: HandsetOptions) => {
    if (!browser) throw new Error('no browser');
    const handset = await openHandset(browser, simulator.url, options);
    open.push(handset);
    return handset;
  };
  const texts = () => simulator.gateway.of('/ussd/africastalking/demo').map(({ fields }) => fields.text);
  const resultCode = async () => {
    const [callback] = await simulator.gateway.until('/stk/');
    if (!callback) throw new Error('no callback came');
    return (callback.fields as { Body: { stkCallback: { ResultCode: number } } }).Body.stkCallback.ResultCode;
  };
  const sms = (text: string) => {
    const form = new URLSearchParams({ username: 'x', to: PAYER, message: text, from: 'MALIPO' });
    return simulator.call('POST', '/africastalking/version1/messaging', form, { apikey: 'k' });
  };

  it('dials, walks the menu, enters the PIN and reads the receipt', async () => {
    const phone = await take();
    await phone.sees('Dial *384*123#');
    await phone.send('*384*123#');
    await phone.sees('1. Pay a bill');
    await phone.shows('session-state', 'open');
    await phone.shows('budget-text', '24 / 160');
    await phone.shows('idle-text', /^(29|30) s$/);
    await phone.send('1');
    await phone.sees('2. Maji Water');
    await phone.send('2');
    await phone.sees('M-PESA PIN in a moment');
    await phone.shows('session-state', 'closed');
    expect(texts()).to.deep.equal(['', '1', '1*2']);
    const [ended] = await simulator.gateway.until('/ussd/africastalking/demo/ended');
    expect(ended?.fields).to.include({ status: 'Success', hopsCount: '3' });
    await daraja.push();
    await phone.sees('Do you want to pay KES 500.00 to 174379, account MTEST00001?');
    await phone.shows('why', '1234 pays');
    await phone.page.keyboard.type('1234');
    await phone.sees('****');
    expect(await phone.page.locator('#lcd').textContent()).to.not.contain('1234');
    await phone.press('Enter');
    await phone.sees('Payment sent. You will get an SMS.');
    expect(await resultCode()).to.equal(0);
    await phone.shows('wallet', 'KES 999,500.00');
    await sms('Paid KES 500.00 to Maji Water, ref MTEST00001.');
    await phone.shows('unread', '1');
    await phone.press('Escape');
    await phone.sees('1 new message');
    await phone.press('ArrowLeft');
    await phone.sees('Paid KES 500.00 to Maji Water, ref MTEST00001.');
    await phone.page.locator('#envelope').waitFor({ state: 'hidden' });
  });

  it('works by its drawn keys alone, letters included', async () => {
    const phone = await take();
    await phone.click('*', '3', '8', '4', '*', '1', '2', '3', '#', 'call');
    await phone.sees('1. Pay a bill');
    await phone.click('1', 'clear', '4', 'soft-left');
    await phone.sees('Name of the account?');
    await phone.page.locator('#mode').click();
    await phone.click('6', '2', '2', '2', '2', '0');
    await phone.page.locator('#mode').click();
    await phone.click('7', 'call');
    await phone.sees('Saved');
    expect(texts().at(-1)).to.match(/^4\*m/);
    await phone.click('ok');
    await phone.sees('Redial');
  });

  it('tells the operator of a wrong PIN and of a cancelled prompt', async () => {
    const phone = await take();
    await daraja.push();
    await phone.sees('Enter M-PESA PIN');
    await phone.send('9999');
    await phone.sees('Wrong PIN. Nothing was paid.');
    expect(await resultCode()).to.equal(2001);
    simulator.gateway.received.length = 0;
    await daraja.push();
    await phone.sees('Enter M-PESA PIN');
    await phone.press('Enter');
    await phone.sees('Enter M-PESA PIN');
    await phone.press('Escape');
    await phone.sees('The payment was cancelled.');
    expect(await resultCode()).to.equal(1032);
    expect(await daraja.transactions()).to.deep.equal([]);
  });

  it('shows a prompt after a reload, and the inbox', async () => {
    const phone = await take();
    await sms('Hello');
    await daraja.push();
    await phone.sees('Enter M-PESA PIN');
    await phone.page.reload();
    await phone.sees('Enter M-PESA PIN');
    await phone.send('1234');
    await phone.sees('Payment sent');
    await phone.press('Enter');
    await phone.sees('1 new message');
  });

  it('says truthfully when the gateway fails, and when a code is nobody’s', async () => {
    const phone = await take();
    simulator.gateway.answer('/ussd/africastalking/demo', () => ({ status: 500, body: 'oops' }));
    await phone.send('*384*123#');
    await phone.sees('Connection problem or invalid MMI code.');
    await phone.shows('why', 'The gateway answered HTTP 500.');
    await phone.shows('session-state', 'closed');
    await phone.press('Escape');
    await phone.send('*999#');
    await phone.sees('Connection problem or invalid MMI code.');
    await phone.shows('log', 'The network knows no service behind that code');
    await phone.press('Escape');
    await phone.send('0711000002');
    await phone.sees('This phone speaks USSD only');
  });

  it('ends a session by its red key and tells the gateway', async () => {
    const phone = await take();
    await phone.send('*384*123#');
    await phone.sees('1. Pay a bill');
    await phone.click('end');
    await phone.sees('Redial');
    const [ended] = await simulator.gateway.until('/ussd/africastalking/demo/ended');
    expect(ended?.fields).to.include({ status: 'Incomplete' });
  });

  it('counts by the chosen network and shows what it cuts off', async () => {
    const phone = await take();
    simulator.gateway.answer('/ussd/africastalking/demo', () => ({ body: `CON ${'a'.repeat(170)}` }));
    await phone.send('*384*123#');
    await phone.shows('why', 'The network cuts 10 characters off this screen.');
    await phone.shows('budget-text', '170 / 160');
    await phone.press('Escape');
    await phone.page.getByLabel('GSM').check();
    await phone.send('*384*123#');
    await phone.shows('budget-text', '170 / 182');
    expect(simulator.gateway.of('/ussd/africastalking/demo').at(-1)?.fields.networkCode).to.equal('99999');
  });

  it('changes its number, and refuses what is none', async () => {
    const phone = await take();
    const field = phone.page.getByLabel('Phone number');
    await field.fill('hello');
    await phone.press('Enter');
    await phone.shows('number-fault', 'That is not a phone number.');
    await field.fill('0722 000 002');
    await phone.press('Enter');
    await phone.sees('Dial *384*123#');
    await phone.send('*384*123#');
    await phone.sees('1. Pay a bill');
    expect(simulator.gateway.received.at(-1)?.fields.phoneNumber).to.equal('+254722000002');
  });

  it('dials a code beside the phone', async () => {
    const phone = await take();
    await phone.page.getByRole('button', { name: /^\*384\*123\*1\*2\*100200300\*500#/ }).click();
    await phone.sees('1. Confirm');
    expect(texts()).to.deep.equal(['1*2*100200300*500']);
  });

  it('names every control, and fits a small screen in light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = await take({ viewport: { width: 360, height: 740 }, colorScheme });
      for (const control of await phone.page.locator('button, input').all()) {
        expect(await control.ariaSnapshot()).to.match(/^- '?\w+ "[^"]+"/);
      }
      const overflow = await phone.page
        .locator('html')
        .evaluate((html: { scrollWidth: number; clientWidth: number }) => html.scrollWidth - html.clientWidth);
      expect(overflow).to.be.at.most(0);
      await phone.click('*', '3');
      await phone.sees('*3');
    }
  });
});

/** A few screens, by all inputs so far. */
function gatewayScreen(text: string): string {
  switch (text) {
    case '':
      return 'CON 1. Pay a bill\n4. Name it';
    case '1':
      return 'CON 1. Jua Power\n2. Maji Water';
    case '1*2':
      return 'END You will be asked for your M-PESA PIN in a moment.';
    case '4':
      return 'CON Name of the account?';
    case '1*2*100200300*500':
      return 'CON Pay KES 500.00 to Maji Water?\n1. Confirm';
    default:
      return 'END Saved';
  }
}

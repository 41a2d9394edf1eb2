import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../simulator/support/browser.ts';
import { openHandset } from '../simulator/support/handset-driver.ts';
import { startService, type TestService } from '../support/service.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

const MSISDN = '+254722000333';

/** What a newcomer does first: the real service, and the phone in a real browser. */
describe('the handset in the browser, on the real service', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let stores: StorePair;
  let service: TestService;

  before(async function () {
    browser = await openBrowser();
    if (!browser) this.skip();
    stores = await embeddedStores();
    // On a busy machine the PIN comes late and the booking too: he would be told that it is on its way, or not known yet.
    service = await startService(stores, { NOTICE_DELAY_MS: '60000', INQUIRY_DELAYS_S: '60,120,180' });
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
    await stores?.drop();
  });

  it('dials, walks the menu, enters the PIN after the session has closed, and reads the receipt', async () => {
    const handset = await openHandset(browser as Browser, service.simulatorUrl, { msisdn: MSISDN });
    await handset.send('*384*123#');
    await handset.sees(/Pay a bill/);
    await handset.send('1');
    await handset.sees(/Maji Water/);
    await handset.send('2');
    await handset.sees(/account number/);
    await handset.send('100200300');
    await handset.sees(/1,250\.00/);
    await handset.send('500');
    await handset.sees(/Pay KES 500\.00 to Maji Water/);
    await handset.send('1');
    await handset.shows('session-state', 'closed');
    await handset.sees('Enter M-PESA PIN');
    await handset.send('1234');
    await handset.sees('Payment sent');
    const [moved] = await service.control.operator.moved(MSISDN, '500.00');
    await service.control.biller.booked('100200300', '500.00');
    await handset.shows('unread', '1');
    await handset.press('Escape');
    await handset.press('ArrowLeft');
    const receipt = await handset.sees(/Maji Water: paid KES 500\.00 for 100200300/);
    expect(receipt).to.include(moved?.receipt).and.to.include('Balance due KES 750.00');
    expect(handset.complaints).to.deep.equal([]);
    await handset.close();
    await service.expectSound();
  });
});

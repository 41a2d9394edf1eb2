import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../simulator/support/browser.ts';
import { findings, findingsInBoth } from '../support/axe.ts';
import { consoleVisits, type PageVisit } from '../support/console-pages.ts';
import { type FullTown, fillTown } from '../support/full-town.ts';
import { payVisits } from '../support/pay-pages.ts';
import { startService, type TestService } from '../support/service.ts';
import { pageOpener } from '../support/staff-pages.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

const DESK = { width: 1280, height: 800 };

/** Every page with something on it, as somebody sees it, hears it, or reaches it by keyboard. */
describe('every page', function () {
  this.timeout(1_200_000);
  let browser: Browser | undefined;
  let stores: StorePair;
  let town: TestService;
  let full: FullTown;
  let opener: ReturnType<typeof pageOpener>;
  before(async function () {
    browser = await openBrowser();
    if (!browser) this.skip();
    stores = await embeddedStores();
    town = await startService(stores);
    full = await fillTown(town);
    opener = pageOpener(browser, town, full.people, { viewport: DESK });
  });
  after(async () => {
    await browser?.close();
    await town?.stop();
    await stores?.drop();
  });

  async function walk(visits: readonly PageVisit[]): Promise<string[]> {
    const found: string[] = [];
    for (const visit of visits) {
      const { page, complaints } = await opener.open(visit);
      // What is behind a click counts too.
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      found.push(...[...(await findingsInBoth(page)), ...complaints].map((what) => `${visit.name}: ${what}`));
    }
    return found;
  }

  it('of the console keeps nobody out, light and dark', async () => {
    expect(await walk(await consoleVisits(full))).to.deep.equal([]);
  });

  it('with the form of a schedule shows the fields of the rhythm that is chosen, and no others', async () => {
    const { page } = await opener.open({ name: 'schedules', as: 'finance', path: full.payouts.schedules });
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    const fields = ['month-day', 'weekday', 'day', 'at'];
    for (const [rhythm, shown] of [
      ['month', ['month-day', 'at']],
      ['week', ['weekday', 'at']],
      ['once', ['day', 'at']],
    ] as const) {
      await page.check(`[name=every][value=${rhythm}]`);
      const visible = await Promise.all(fields.map((id) => page.isVisible(`#${id}`)));
      expect(
        fields.filter((_, at) => visible[at]),
        rhythm,
      ).to.deep.equal(shown);
      expect(await page.isVisible('[name=day-off]'), rhythm).to.equal(rhythm !== 'once');
    }
  });

  it('to pay keeps nobody out, light and dark', async () => {
    expect(await walk(payVisits(town))).to.deep.equal([]);
  });

  it('would be found out if it did', async () => {
    const { page } = await opener.open({ name: 'me', as: 'support', path: '/console/me' });
    await page.evaluate('document.querySelector("h1").style.color = "#ddd"; document.querySelector("label").remove()');
    expect((await findings(page)).map((what) => what.split(':')[0])).to.include.members(['color-contrast']);
  });
});

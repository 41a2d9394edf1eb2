import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../simulator/support/browser.ts';
import { consoleVisits } from '../support/console-pages.ts';
import { type FullTown, fillTown } from '../support/full-town.ts';
import { payVisits } from '../support/pay-pages.ts';
import { startService } from '../support/service.ts';
import { pageOpener } from '../support/staff-pages.ts';
import { closeStores, embeddedStores } from '../support/stores.ts';
import { plantBusyWeek } from './busy-week.ts';

/*
 * `npm run pictures`: every page of the console and the page to pay, with something on it, on a desk and on a phone, light and dark,
 * into a folder (--into, else var/pictures). `--readme` makes the two pictures of the console in docs/images anew, and no more.
 */

const WINDOWS = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;
const README = { payment: 'payment', dashboard: 'dashboard' } as const;

const { values } = parseArgs({
  options: {
    into: { type: 'string', default: 'var/pictures' },
    readme: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

async function pictureAll(browser: Browser, town: FullTown): Promise<void> {
  const opener = pageOpener(browser, town.service, town.people);
  for (const visit of [...(await consoleVisits(town)), ...payVisits(town.service)]) {
    if (values.only && !visit.name.includes(values.only)) continue;
    const { page } = await opener.open(visit);
    for (const [window, size] of Object.entries(WINDOWS)) {
      await page.setViewportSize(size);
      // A chart of another width is fetched.
      await page.waitForLoadState('networkidle');
      await page.evaluate('Promise.all([...document.images].map((one) => one.decode()))');
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        const folder = join(values.into, `${window}-${colorScheme}`);
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `${visit.name}.png`), fullPage: true });
      }
    }
  }
  await opener.close();
}

async function pictureForReadme(browser: Browser, town: FullTown): Promise<void> {
  const options = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' } as const;
  const opener = pageOpener(browser, town.service, town.people, options);
  const visits = await consoleVisits(town);
  for (const [file, name] of Object.entries(README)) {
    const visit = visits.find((one) => one.name === name);
    if (!visit) throw new Error(`no page is called ${name}`);
    const { page } = await opener.open(visit);
    await page.screenshot({ path: `docs/images/${file}.png` });
  }
  await opener.close();
}

const stores = await embeddedStores();
const browser = await openBrowser();
if (!browser) process.exit(1);
const service = await startService(stores);
const town = await fillTown(service);
await plantBusyWeek(service.books.database);
await (values.readme ? pictureForReadme(browser, town) : pictureAll(browser, town));
await browser.close();
await service.stop();
await stores.drop();
await closeStores();

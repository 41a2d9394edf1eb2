import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import type { StaffBrowser } from './console-client.ts';
import type { PageVisit } from './console-pages.ts';
import type { TestService } from './service.ts';

/** What a page complained of while it was open: errors of scripts, what the policy held back, dialogs. */
export interface Watched {
  page: Page;
  complaints: string[];
}

/** A page of the system's browser, signed in as whoever `who` is (undefined: nobody). */
export async function openPage(
  browser: Browser,
  town: TestService,
  who: StaffBrowser | undefined,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ locale: 'en-GB', baseURL: town.gateway, ...options });
  if (who) await enter(context, town, who);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // The browser itself notes an answer of 403, 404 or 422 so.
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
  });
  return { page, complaints };
}

async function enter(context: BrowserContext, town: TestService, who: StaffBrowser): Promise<void> {
  const [name = '', value = ''] = who.cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: `${town.gateway}/console` }]);
}

/** Opens pages one after the other, in a window of each role that stays open; in the one of strangers nothing is left of who was there before. */
export function pageOpener(
  browser: Browser,
  town: TestService,
  people: ReadonlyMap<StaffRole, StaffBrowser>,
  options: BrowserContextOptions = {},
): { open(visit: PageVisit): Promise<Watched>; close(): Promise<void> } {
  const windows = new Map<PageVisit['as'], Watched>();
  return {
    async open({ as, path, after }) {
      const window =
        windows.get(as) ?? (await openPage(browser, town, as === 'stranger' ? undefined : people.get(as), options));
      if (as === 'stranger') await forget(window.page);
      windows.set(as, window);
      window.complaints.length = 0;
      await window.page.goto(path);
      await after?.(window.page);
      return window;
    },
    async close() {
      for (const { page } of windows.values()) await page.context().close();
      windows.clear();
    },
  };
}

async function forget(page: Page): Promise<void> {
  // From a page of nobody, so that no page that is still open keeps anything after that.
  await page.goto('about:blank');
  await page.context().clearCookies();
}

/** Pictures that are kept of what the tests saw: a folder, which is made. */
const FOLDER = process.env.TEST_SCREENSHOTS ?? join(tmpdir(), 'malipo-screenshots');

export async function keepPicture(page: Page, group: string, name: string): Promise<void> {
  const folder = join(FOLDER, group);
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import { type StaffBrowser, signIn } from './console-client.ts';
import type { Pattern } from './dial.ts';
import type { TestService } from './service.ts';
import { keepPicture, openPage } from './staff-pages.ts';

/** Longer than a tab through the longest page. */
const MOST_TABS = 80;
const PATIENCE_MS = 60_000;

/** Somebody of staff before a browser: what he does, and what he sees. */
export interface StaffDesk {
  readonly page: Page;
  opens(path: string): Promise<void>;
  /** Types it into the search box. */
  searches(words: string): Promise<void>;
  /** Waits until the page shows all of these. */
  sees(...what: Pattern[]): Promise<void>;
  follows(link: Pattern): Promise<void>;
  /** Presses a button, or what opens something. */
  presses(button: Pattern): Promise<void>;
  /** Fills in what stands under these labels. */
  fills(fields: Readonly<Record<string, string>>): Promise<void>;
  /** One of the acts that a page offers, with the reason that it asks for. */
  does(act: string, reason: string, choices?: Readonly<Record<string, string>>): Promise<void>;
  /** Opens the form of an act and writes the reason, without sending it. */
  writes(act: string, reason: string): Promise<Locator>;
  /** Goes on with the tabulator to what is called so. */
  tabsTo(what: string): Promise<void>;
  types(...keys: string[]): Promise<void>;
  /** Keeps a picture, and the promise that nothing failed in the browser. */
  picture(name: string): Promise<void>;
  leaves(): Promise<void>;
}

/** A person of the demo by his role, or somebody's browser that is signed in; undefined: somebody who is not. */
export async function sitDown(
  browser: Browser,
  town: TestService,
  who: StaffRole | StaffBrowser | undefined,
  options: BrowserContextOptions = {},
): Promise<StaffDesk> {
  const signed = typeof who === 'string' ? await signedIn(town, who) : who;
  const { page, complaints } = await openPage(browser, town, signed, {
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  page.setDefaultTimeout(PATIENCE_MS);
  const main = page.locator('#main');
  const desk: StaffDesk = {
    page,
    opens: async (path) => void (await page.goto(path)),
    async searches(words) {
      await page.fill('#q', words);
      await page.press('#q', 'Enter');
    },
    async sees(...what) {
      for (const part of what) await main.getByText(part).first().waitFor();
    },
    follows: (link) => main.getByRole('link', { name: link }).first().click(),
    presses: (button) => main.getByRole('button', { name: button }).first().click(),
    async fills(fields) {
      for (const [label, value] of Object.entries(fields)) await main.getByLabel(label).first().fill(value);
    },
    async does(act, reason, choices = {}) {
      const form = await desk.writes(act, reason);
      for (const [label, choice] of Object.entries(choices)) {
        await form.getByLabel(label).selectOption({ label: choice });
      }
      await form.getByRole('button').click();
    },
    async writes(act, reason) {
      const form = main.locator('details', { has: page.getByText(act, { exact: true }) }).first();
      await form.locator('summary').click();
      await form.getByLabel('Why').fill(reason);
      return form;
    },
    async tabsTo(what) {
      for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
        await page.keyboard.press('Tab');
        const called: string = await page.evaluate(
          '((one) => [one.textContent, one.ariaLabel, one.labels?.[0]?.textContent].join(" "))(document.activeElement)',
        );
        if (called.includes(what)) return;
      }
      throw new Error(`no tabulator leads to ${what}`);
    },
    async types(...keys) {
      for (const key of keys)
        await (key.length === 1 || KEYS.includes(key) ? page.keyboard.press(key) : page.keyboard.type(key));
    },
    async picture(name) {
      await keepPicture(page, 'stories', name);
      expect(complaints).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'it fits').to.equal(true);
    },
    leaves: () => page.context().close(),
  };
  return desk;
}

const KEYS = ['Enter', 'Escape', 'Tab', 'ArrowDown'];
const sessions = new WeakMap<TestService, Map<StaffRole, ReturnType<typeof signIn>>>();

/** A code of the second factor is good for one login, so each role signs in once. */
function signedIn(town: TestService, role: StaffRole): ReturnType<typeof signIn> {
  const known = sessions.get(town) ?? new Map();
  sessions.set(town, known);
  if (!known.has(role)) known.set(role, signIn(town, role));
  return known.get(role);
}

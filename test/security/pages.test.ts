import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import excel from 'exceljs';
import type { Browser, Page } from 'playwright-core';
import { schema } from '../../ormconfig.ts';
import { consoleRoutes } from '../../src/channels/console/index.ts';
import { ApprovalVoteSchema } from '../../src/domain/approvals/index.ts';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { openBrowser } from '../simulator/support/browser.ts';
import { consoleVisits, type PageVisit } from '../support/console-pages.ts';
import { newAccount } from '../support/dial.ts';
import { type FullTown, fillTown } from '../support/full-town.ts';
import { visitor } from '../support/pay-page.ts';
import { startService, type TestService } from '../support/service.ts';
import { pageOpener } from '../support/staff-pages.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';
import { type HostileBillers, startHostileBillers } from './hostile-billers.ts';
import {
  HOSTILE_FIELDS,
  type HostileField,
  hostileText,
  JSON_COLUMNS,
  longWord,
  QUERY_NAMES,
} from './hostile-fields.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
interface Column {
  type: unknown;
  length?: number;
}

/** Everything from outside that a page shows is hostile, and every page shows it as what it is: text. */
describe('hostile text on pages', function () {
  this.timeout(1_200_000);
  let browser: Browser | undefined;
  let stores: StorePair;
  let town: TestService;
  let billers: HostileBillers;
  let full: FullTown;
  let paid: string;
  let desk: ReturnType<typeof pageOpener>;
  before(async function () {
    browser = await openBrowser();
    if (!browser) this.skip();
    [stores, billers] = [await embeddedStores(), await startHostileBillers()];
    town = await startService(stores, { MAJI_WATER_URL: billers.url });
    full = await fillTown(town);
    desk = pageOpener(browser, town, full.people, { viewport: DESK });
    paid = await payOnPage();
    await vote();
  });
  after(async () => {
    await browser?.close();
    await town?.stop();
    await billers?.stop();
    await stores?.drop();
  });

  /** The address of a payment on the page to pay. */
  async function payOnPage(): Promise<string> {
    const { msisdn } = await town.phone();
    const someone = visitor(town.gateway);
    const fields = { biller: 'maji-water', account: newAccount(), amount: '500', phone: msisdn };
    const { headers } = await someone.confirm(await someone.review(fields));
    return String(headers.location);
  }

  /** A word that decides nothing: the proposal goes on waiting. */
  async function vote(): Promise<void> {
    const approvalId = full.approval.split('/').at(-1) ?? '';
    const said = { step: 0, voterId: 'somebody', role: 'finance', verdict: 'grant', reason: '', atMs: 1 } as const;
    await town.books.database.transaction((tx) =>
      tx.insert(ApprovalVoteSchema, { id: systemRuntime.ids.next(), approvalId, ...said }),
    );
    await town.books.untilQuiet();
  }

  /** Into every row that there is, each its own as far as it must be; how many rows it went into. */
  async function plant({ table, property, ...field }: HostileField, textOf: typeof hostileText): Promise<number> {
    const columns = schema.entities.find(({ options }) => options.name === table)?.options.columns ?? {};
    const { type, length } = columns[property] as Column;
    const { database } = town.books;
    const rows = await database.reader.find<{ id?: string; organisationId?: string }>(table, {});
    await database.transaction(async (tx) => {
      for (const [at, { id, organisationId }] of rows.entries()) {
        // One table has a row for each organisation, and no other key.
        const where = id === undefined ? { organisationId } : { id };
        const most = type === 'text' ? 2_000 : (length ?? 0);
        const text = textOf({ table, property, ...field }, most - 4);
        // Some are unique, and of two that are the same only one would be seen.
        const value = property === 'path' ? `${text.replace(/[@\s]/g, '_')}@0` : `${text}${at}`;
        const json = JSON_COLUMNS[`${table}.${property}`];
        await tx.manager.update(table, where, { [property]: json ? JSON.stringify(json(value)) : value });
      }
    });
    return rows.length;
  }

  /** What a page holds that is not ours, and which fields it shows. */
  async function look(page: Page): Promise<{ faults: string[]; seen: number[] }> {
    return page.evaluate(`(() => {
      const faults = [];
      for (const one of document.querySelectorAll('*')) {
        if (/^(evil|style)/.test(one.localName)) faults.push('an element ' + one.outerHTML.slice(0, 100));
        for (const { name, value } of one.attributes) {
          if (/^on|^style$|evil/.test(name)) faults.push('an attribute ' + name + ' of ' + one.localName);
          if (/^(href|src|srcset|action)$/.test(name) && !/^([/?#]|tel:)/.test(value)) faults.push(name + ' ' + value);
        }
      }
      for (const { src } of document.scripts) if (!src.startsWith(location.origin)) faults.push('a script');
      if (!document.querySelector('main') || !document.querySelector('h1')) faults.push('the page is cut');
      const typed = [...document.querySelectorAll('input, textarea')].map((one) => one.value);
      const text = [document.title, document.body.textContent, ...typed].join(' ');
      if (/[\\u202a-\\u202e\\u2066-\\u2069\\u0007]/.test(document.body.textContent)) faults.push('letters that are not seen');
      return { faults, seen: [...text.matchAll(/<evil-(\\d+)/g)].map(([, index]) => Number(index)) };
    })()`);
  }

  /** What makes the page wider than its window: nothing, or the innermost that does not fit. */
  const tooWide = (page: Page): Promise<string[]> =>
    page.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.scroll') && one.localName !== 'option')
      .filter((one, _, all) => !all.some((other) => one !== other && one.contains(other)))
      .slice(0, 2).map((one) => one.parentElement.localName + ' ' + one.outerHTML.slice(0, 120))`);

  const payVisits = (): PageVisit[] => [
    { name: 'pay', as: 'stranger', path: '/pay?lang=en' },
    { name: 'paid', as: 'stranger', path: paid },
    {
      ...{ name: 'confirm', as: 'stranger', path: '/pay?lang=en' },
      async after(page) {
        const typed = { account: newAccount(), amount: '500', phone: '0711000099' };
        await page.selectOption('#biller', 'maji-water');
        for (const [id, value] of Object.entries(typed)) await page.fill(`#${id}`, value);
        await page.locator('main form button').first().click();
        await page.getByText('Check and confirm').waitFor();
      },
    },
  ];

  it('is text on every page: nothing is made of it, nothing runs, nothing is hidden', async () => {
    // A holder's name is masked on its way; what is left of it is hostile still.
    billers.saying = hostileText({ table: '', property: '', isShown: true, index: 9 }, 60);
    const rows = new Map<HostileField, number>();
    for (const field of HOSTILE_FIELDS) rows.set(field, await plant(field, hostileText));
    const faults: string[] = [];
    const seen = new Set<number>();
    for (const visit of [...(await consoleVisits(full)), ...payVisits()]) {
      const { page, complaints } = await desk.open(visit);
      const found = await look(page);
      for (const index of found.seen) seen.add(index);
      faults.push(...[...found.faults, ...complaints].map((what) => `${visit.name}: ${what}`));
      await page.setViewportSize(PHONE);
      faults.push(...(await tooWide(page)).map((what) => `${visit.name}: is wider than a phone: ${what}`));
      await page.setViewportSize(DESK);
    }
    expect([...new Set(faults)]).to.deep.equal([]);
    const shown = HOSTILE_FIELDS.filter(({ isShown }) => isShown);
    expect(shown.filter((field) => rows.get(field) === 0).map(nameOf), 'there is a row of each').to.deep.equal([]);
    expect(shown.filter(({ index }) => !seen.has(index)).map(nameOf), 'and it was seen').to.deep.equal([]);
  });

  it('is text when it stands in an address, and filters nothing', async () => {
    const faults: string[] = [];
    const hostile = `"'><evil-1 onclick=alert(1)>\u202e=1+1{{7*7}}`;
    const query = new URLSearchParams(QUERY_NAMES.map((name) => [name, hostile]));
    for (const { name, as, path, after } of await consoleVisits(full)) {
      if (after) continue;
      // With a language that there is, and on one page with none.
      query.set('lang', name === 'payments' ? hostile : 'fr');
      const { page, complaints } = await desk.open({ name, as, path: `${path.split('?')[0]}?${query}` });
      faults.push(...[...(await look(page)).faults, ...complaints].map((what) => `${name}: ${what}`));
    }
    expect(faults).to.deep.equal([]);
  });

  it('does not make a page wider than a phone, however long its words are', async () => {
    for (const field of HOSTILE_FIELDS) await plant(field, longWord);
    const opener = pageOpener(browser as Browser, town, full.people, { viewport: PHONE });
    const wide: string[] = [];
    // Not those on which somebody does what can be done once.
    const visits = (await consoleVisits(full)).filter(({ as, after }) => as !== 'stranger' || !after);
    for (const visit of [...visits, ...payVisits()]) {
      const { page } = await opener.open(visit);
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      wide.push(...(await tooWide(page)).map((what) => `${visit.name}: ${what}`));
    }
    await opener.close();
    expect(wide).to.deep.equal([]);
  });

  it('is no formula in a file that is taken away', async () => {
    for (const field of HOSTILE_FIELDS) await plant(field, hostileText);
    const lists = consoleRoutes.filter(({ method, path }) => method === 'post' && path.startsWith('/console/exports/'));
    expect(lists.length).to.be.greaterThan(10);
    let cells = 0;
    for (const { path, allow } of lists) {
      const as = full.people.get(allow[0] as StaffRole);
      for (const format of ['csv', 'xlsx']) {
        await as?.get(path);
        const asked = await as?.post(path, { format, query: '' });
        const answer = await fetch(`${town.gateway}${asked?.location}/file`, { headers: { cookie: as?.cookie ?? '' } });
        const file = Buffer.from(await answer.arrayBuffer());
        const found = format === 'csv' ? formulasOfCsv(file) : await formulasOfExcel(file);
        expect(found.formulas, `${path} ${format}`).to.deep.equal([]);
        cells += found.cells;
      }
    }
    expect(cells).to.be.greaterThan(500);
  });
});

const nameOf = ({ table, property }: HostileField) => `${table}.${property}`;

function formulasOfCsv(file: Buffer) {
  const cells: string[] = (parse(file, { bom: true }) as string[][]).flat();
  const formulas = cells.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell));
  return { cells: cells.length, formulas };
}

async function formulasOfExcel(file: Buffer) {
  const workbook = new excel.Workbook();
  await workbook.xlsx.load(file as unknown as ArrayBuffer);
  const cells: excel.Cell[] = [];
  workbook.worksheets[0]?.eachRow((row) => row.eachCell((cell) => void cells.push(cell)));
  const formulas = cells.filter(({ type }) => type === excel.ValueType.Formula || type === excel.ValueType.Hyperlink);
  return { cells: cells.length, formulas: formulas.map(({ address }) => address) };
}

import { brotliCompressSync } from 'node:zlib';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import { type DialogPart, DialogPartSchema } from '../../src/domain/dialogs/index.ts';
import { gatherHours, ReportProgressSchema, rebuildHours } from '../../src/domain/reports/index.ts';
import { businessDay, type Msisdn, systemRuntime } from '../../src/kernel/index.ts';
import { type StaffBrowser, signIn } from '../support/console-client.ts';
import { newAccount } from '../support/dial.ts';
import { plantedPayment, plantPayments } from '../support/planted-payments.ts';
import { startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';

const LARGEST_PAGE = 60 * 1024;
const CHARTS = ['payments', 'value', 'funnel', 'waits'];

/** What is wrong with it; undefined for nothing. */
function readAsXml(text: string): Error | undefined {
  let fault: Error | undefined;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    fault ??= error;
  });
  parser.write(text).close();
  return fault;
}

describeOnStores('the dashboard', (stores) => {
  let town: TestService;
  let finance: StaffBrowser;
  before(async function () {
    this.timeout(120_000);
    town = await startService(stores());
    finance = await signIn(town, 'finance');
  });
  after(() => town?.stop());

  const tile = (html: string, name: string) =>
    new RegExp(`<dt>${name}</dt><dd>([^<]*)`).exec(html)?.[1]?.replaceAll('\u00a0', ' ');

  it('says so where nothing happened, and draws nothing', async () => {
    const page = await finance.get('/console/dashboard?from=2026-01-01&to=2026-01-02');
    expect(page.status).to.equal(200);
    expect(page.html).to.include('No payment fits these filters').and.include('Nobody dialled');
    expect(page.html).not.to.include('<img');
    for (const chart of CHARTS) {
      const drawn = await finance.get(`/console/dashboard/chart/${chart}.svg?from=2026-01-01&to=2026-01-02`);
      expect(drawn.status, chart).to.equal(200);
    }
    expect((await finance.get('/console/dashboard/chart/other.svg')).status).to.equal(404);
  });

  it('shows a payment of a moment ago in every part of it', async () => {
    const jane = await town.phone();
    const reference = await jane.pays({ biller: 2, account: newAccount(2), amount: 500 });
    await town.books.payment(reference, 'posted');
    await town.books.untilQuiet();
    // The page of a moment ago is young enough otherwise.
    await town.books.database.transaction((tx) =>
      tx.manager.update(ReportProgressSchema, { id: 'hours' }, { gatheredAtMs: 0 }),
    );
    const today = businessDay(Date.now(), 'Africa/Nairobi');
    const { html } = await finance.get(`/console/dashboard?from=${today}&to=${today}`);
    expect(tile(html, 'Payments')).to.equal('1');
    expect(tile(html, 'Value paid')).to.equal('KES 500.00');
    expect(tile(html, 'Success rate')).to.equal('100%');
    expect(tile(html, 'Receipt after \\(median\\)')).to.match(/^\d+ s$/);
    expect(tile(html, 'Cost of SMS')).to.match(/^KES \d/);
    for (const words of ['Maji Water', 'M-PESA', 'Float at M-PESA', 'To billers, booked there']) {
      expect(html).to.include(words);
    }
  });

  it('keeps its filters in the address, and understands no others', async () => {
    const createdAtMs = Date.UTC(2026, 1, 10, 9);
    await plantPayments(town.books.database, [
      plantedPayment({ createdAtMs, billerId: 'maji-water', amountMinor: 12_345n }),
      plantedPayment({ createdAtMs, billerId: 'jua-power', amountMinor: 100n, state: 'failed' }),
      plantedPayment({ createdAtMs: createdAtMs + 30 * 3_600_000, billerId: 'jua-power', amountMinor: 200n }),
    ]);
    const deps = { runtime: systemRuntime, database: town.books.database, timeZone: 'Africa/Nairobi' };
    await rebuildHours(deps, createdAtMs);
    await gatherHours(deps);
    const period = 'from=2026-02-10&to=2026-02-12';
    const { html } = await finance.get(`/console/dashboard?${period}`);
    expect(tile(html, 'Payments')).to.equal('3');
    expect(tile(html, 'Success rate')).to.equal('66.7%');
    expect(tile(html, 'Value paid')).to.equal('KES 125.45');
    expect(html).to.include('10 Feb 12:00').and.include('11 Feb 18:00');
    const water = await finance.get(`/console/dashboard?${period}&biller=maji-water&state=posted&operator=mpesa`);
    expect(tile(water.html, 'Payments')).to.equal('1');
    expect(water.html).to.include('value="maji-water" selected').and.include('biller=maji-water&amp;operator=mpesa');
    const odd = 'from=2026-02-30&to=x&biller=%3Cb%3E&state=constructor&operator=__proto__&currency=XXX';
    expect((await finance.get(`/console/dashboard?${odd}`)).status).to.equal(200);
    const long = await finance.get('/console/dashboard?from=2024-01-01&to=2026-02-12');
    expect(long.html, 'a quarter of a year at most').to.include('value="2025-11-13"');
  }).timeout(240_000);

  it('hands its figures out as they are', async () => {
    const query = 'from=2026-02-10&to=2026-02-12';
    for (const [list, expected] of [
      ['figures', ['2026-02-10 12:00:00', 'Maji Water', 'M-PESA', 'paid', '1', '123.45', 'KES']],
      ['figures-funnel', ['All sessions', '0', '0', '0', '0']],
      ['figures-waits', undefined],
      ['figures-messages', undefined],
      ['figures-float', undefined],
    ] as const) {
      expect((await finance.get(`/console/exports/${list}?${query}`)).status, list).to.equal(200);
      const asked = await finance.post(`/console/exports/${list}`, { format: 'csv', query });
      const rows: string[][] = parse((await finance.get(`${asked.location}/file`)).html, { bom: true });
      if (expected) expect(rows, list).to.deep.include([...expected]);
    }
  });

  it('is small, runs nothing, and its charts follow light and dark by themselves', async () => {
    const { database } = town.books;
    const now = Date.now();
    const payments = Array.from({ length: 168 }, (_, hour) =>
      plantedPayment({ createdAtMs: now - hour * 3_600_000, billerId: 'maji-water', amountMinor: 1_000n }),
    );
    await plantPayments(database, payments);
    const path = 'home pay-biller pay-account pay-amount pay-confirm'.split(' ').map((screen, at) => `${screen}@${at}`);
    const parts = Array.from(
      { length: 20 },
      (_, index): DialogPart => ({
        ...{ id: systemRuntime.ids.next(), sessionKey: `planted:${index}`, msisdn: '+254711000001' as Msisdn },
        ...{ network: '', fromMs: now - 600_000, toMs: now - 590_000, hops: 5, lastScreen: null, endedAs: 'open' },
        path: path.slice(0, 1 + (index % 5)).join(' '),
      }),
    );
    await database.transaction((tx) => tx.manager.insert(DialogPartSchema, parts));
    const deps = { runtime: systemRuntime, database, timeZone: 'Africa/Nairobi' };
    await rebuildHours(deps, now - 8 * 86_400_000);
    await gatherHours(deps);
    const page = await finance.get('/console/dashboard');
    expect(page.html).to.match(/<img class="chart"[^>]* alt="Chart: /);
    expect(page.html)
      .not.to.match(/<script(?![^>]*src=)/)
      .and.not.to.match(/ style=| on\w+=|<style/);
    expect(brotliCompressSync(Buffer.from(page.html)).length).to.be.below(LARGEST_PAGE);
    const addresses = [...page.html.matchAll(/(?:src|srcset)="(\/console\/dashboard\/chart\/[^"]+)"/g)];
    expect(addresses).to.have.length(8);
    for (const [, address = ''] of addresses) {
      const { html: svg, headers, status } = await finance.get(address.replaceAll('&amp;', '&'));
      expect(status, address).to.equal(200);
      expect(headers.get('content-type')).to.equal('image/svg+xml');
      expect(headers.get('content-security-policy')).to.include("default-src 'none'").and.include('sandbox');
      expect(svg)
        .to.match(/^<svg /)
        .and.include('prefers-color-scheme:dark')
        .and.include('var(--');
      expect(readAsXml(svg), 'a browser shows nothing of a picture that is not well formed').to.equal(undefined);
      expect(svg, 'no stand-in is left').not.to.match(/#0000[0-9a-f]{2}\b/);
      expect(svg).not.to.match(/<script|ecmeta_| on\w+="/);
      expect(brotliCompressSync(Buffer.from(svg)).length, address).to.be.below(15 * 1024);
    }
    for (const language of ['sw', 'fr']) {
      expect((await finance.get(`/console/dashboard?lang=${language}`)).html).to.include(`lang="${language}"`);
    }
  }).timeout(240_000);
});

import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { OrganisationSchema } from '../../src/domain/organisations/index.ts';
import { PayoutBatchSchema } from '../../src/domain/payout-batches/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { ledgerAccount, postEntry } from '../../src/money/ledger/index.ts';
import { workbook } from '../domain/payout-lists/list-kit.ts';
import { openBrowser } from '../simulator/support/browser.ts';
import { kes } from '../support/fake-providers.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { newOrganisation } from '../support/planted-batches.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { type StaffDesk, sitDown } from '../support/staff-desk.ts';
import { keepPicture } from '../support/staff-pages.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

/** Grace prepares, Hassan agrees, Lucy administers: people of an organisation, each before a browser of his own. */
describe('an organisation pays its people in the browser', function () {
  this.timeout(90_000);
  let browser: Browser | undefined;
  let stores: StorePair;
  let town: TestService;
  const desks: StaffDesk[] = [];
  const organisation = newOrganisation();

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
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      for (const [at, { page }] of desks.entries()) await keepPicture(page, 'failed', `batches ${at}`);
    await Promise.all(desks.map((one) => one.leaves()));
  });

  async function desk(name: string, roles: 'initiator' | 'approver' | 'administrator'): Promise<StaffDesk> {
    const member = await memberOf(town, { scope: organisation.id, roles, name });
    const own = await sitDown(browser as Browser, town, await browserOf(town, member));
    desks.push(own);
    return own;
  }

  /** Money that was brought: at the operator, and in the books. */
  async function fund(major: number): Promise<void> {
    const amount = kes(major);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ amount: String(major) });
    await fetch(`${town.simulatorUrl}/control/operator/float`, { method: 'POST', headers, body });
    const deps = { runtime: systemRuntime };
    await town.books.database.transaction((tx) =>
      postEntry(deps, tx, {
        ...{ kind: 'funded', subjectId: systemRuntime.ids.next() },
        movements: [
          { debit: ledgerAccount.float('mpesa'), credit: ledgerAccount.organisation(organisation.id), amount },
        ],
      }),
    );
  }

  const salaries = () =>
    workbook((sheet) => {
      sheet.addRow(['Phone', 'Amount', 'Name', 'Branch']);
      sheet.addRow(['0711000201', 1250, 'Amina Wanjiku', 'Thika']);
      sheet.addRow(['0711000202', '1,400', 'Otieno Ouma', 'Kisumu']);
      sheet.addRow(['0711000203', 900, 'Zawadi Mrisho', 'Mombasa']);
    });

  it('from an Excel list with a fault to the last of them paid', async () => {
    await town.books.database.transaction((tx) => tx.insert(OrganisationSchema, organisation));
    await fund(10_000);
    const [grace, hassan, lucy] = [
      await desk('Grace Achieng', 'initiator'),
      await desk('Hassan Omar', 'approver'),
      await desk('Lucy Mwende', 'administrator'),
    ];
    await grace.opens('/console/me');
    await grace.page.getByRole('link', { name: 'Batches' }).click();
    await grace.sees('Nobody has been paid yet');
    await grace.page.locator('summary').click();
    await grace.fills({ Name: 'Salaries of November' });
    await grace.presses('Begin');
    await grace.sees('The batch is there');
    const batchUrl = new URL(grace.page.url()).pathname;

    // The list is read behind the page, and one amount can be read in two ways.
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    await grace.page.setInputFiles('#file', { name: 'november.xlsx', mimeType, buffer: await salaries() });
    await grace.presses('Read the list');
    await grace.sees('3 rows: 1 cannot be paid so', 'can be read in two ways');
    await grace.picture('1 a list with a fault');
    await grace.page.locator('[aria-invalid]').fill('1400');
    await grace.presses('Write it so');
    await grace.sees('The row is in order', '3 people get');
    await grace.presses('Put 3 people into the batch');
    await grace.sees('The people are in the batch');
    await grace.presses('Check it');
    await grace.presses('Submit it');
    await grace.sees('Others have to agree now');
    await grace.picture('2 submitted');

    // Who made it cannot agree to it, and is told why.
    await grace.follows('Look at it and vote');
    await grace.sees('somebody else must agree');

    await hassan.opens('/console/approvals');
    await hassan.follows(/Pay people/);
    await hassan.sees('Salaries of November');
    await hassan.picture('3 the vote');
    await hassan.does('Agree', 'as every month');
    await hassan.sees('agreed');

    // Lucy looks on: the page moves by itself until everybody is paid.
    await lucy.opens(batchUrl);
    await lucy.sees('3 of 3 paid', 'closed');
    await lucy.follows('paid: 3');
    await lucy.sees('Amina Wanjiku', 'Otieno Ouma', 'Zawadi Mrisho');
    await lucy.picture('4 everybody is paid');

    await eventually('it is closed', async () => {
      const batch = await town.books.database.reader.findOneByOrFail(PayoutBatchSchema, {
        organisationId: organisation.id,
      });
      expect(batch).to.include({ state: 'closed', rows: 3, totalMinor: 355_000n });
    });
    // The last thing that she wants is the paper of it.
    await lucy.opens(batchUrl);
    const taken = lucy.page.waitForEvent('download');
    await lucy.page.getByRole('link', { name: 'CSV' }).click();
    const report = await readFile(await (await taken).path(), 'utf8');
    for (const name of ['Amina Wanjiku', 'Otieno Ouma', 'Zawadi Mrisho']) expect(report).to.include(name);
    expect(report.match(/,paid,/g)).to.have.length(3);
    const [one] = await town.control.operator.transactions({ msisdn: '+254711000202' });
    expect(one).to.include({ kind: 'disburse', amount: '-1400.00' });
  });
});

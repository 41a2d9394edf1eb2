import { generate } from 'otplib';
import type { Page } from 'playwright-core';
import { QUEUES } from '../../src/domain/queues/index.ts';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { DEMO_ORGANISATION } from '../../src/wiring/demo-organisation.ts';
import { demoLogins } from '../../src/wiring/demo-staff.ts';
import { type FullTown, pathOf } from './full-town.ts';

/** A page as somebody sees it. Names are unique: pictures are called so. */
export interface PageVisit {
  name: string;
  as: StaffRole | 'stranger';
  path: string;
  /** What leads from there to the page, where it is the answer of a form. */
  after?(page: Page): Promise<void>;
}

/** The pages behind a route, or why it has none. */
export type PagesOf = ((town: FullTown) => PageVisit[] | Promise<PageVisit[]>) | { noPage: string };

const one = (name: string, as: PageVisit['as'], path: string): PageVisit => ({ name, as, path });
const redirect = { noPage: 'leads to another page' };

const exportOf =
  (list: string, as: StaffRole = 'finance'): PagesOf =>
  () => [one(`export-${list}`, as, `/console/exports/${list}`)];

/** By route of the table: whoever adds a page to the console says here how it is seen with something on it. */
export const CONSOLE_PAGES: Readonly<Record<string, PagesOf>> = {
  '/console': redirect,
  '/console/login': () => [
    one('login', 'stranger', '/console/login'),
    { ...one('login-wrong', 'stranger', '/console/login'), after: logInWrongly },
  ],
  '/console/code': () => [{ ...one('code', 'stranger', '/console/login'), after: (page) => logIn(page, 'auditor') }],
  '/console/join/:token': ({ invitation }) => [one('join', 'stranger', invitation)],
  '/console/enrol': ({ invitation }) => [
    { ...one('enrol', 'stranger', invitation), after: choosePassword },
    { ...one('recovery-codes', 'stranger', '/console/login'), after: enrol },
  ],
  '/console/enrol/qr.svg': { noPage: 'a picture' },
  '/console/search': ({ payment }) => [
    one('search', 'support', '/console/search?q=500'),
    one('search-nothing', 'support', '/console/search?q=MZZZZZZZZZ'),
    one('search-not-understood', 'support', '/console/search?q=%3F%3F'),
    one('search-account', 'support', `/console/search?q=${payment.account}`),
  ],
  '/console/payments': () => [
    one('payments', 'support', '/console/payments'),
    one('payments-none', 'support', '/console/payments?state=expired'),
  ],
  '/console/payments/:id': async (town) => [
    one('payment', 'support', `/console/payments/${town.payment.id}`),
    one('payment-done', 'finance', `/console/payments/${town.payment.id}?done=receipt`),
    { ...one('payment-token', 'support', `/console/payments/${town.payment.id}`), after: press('tokens') },
    one('payment-prompting', 'support', await pathOf(town, 'prompting')),
    one('payment-held', 'finance', await pathOf(town, 'held')),
    one('payment-suspense', 'auditor', await pathOf(town, 'suspense')),
    one('payment-refund-due', 'finance', await pathOf(town, 'refund-due')),
  ],
  '/console/callbacks/:id': ({ callback }) => [one('callback', 'support', `/console/callbacks/${callback}`)],
  '/console/people/:key': ({ person }) => [
    one('person', 'support', person),
    { ...one('person-number', 'support', person), after: press('number') },
  ],
  '/console/approvals': () => [one('approvals', 'finance', '/console/approvals')],
  '/console/approvals/:id': ({ approval }) => [
    one('approval', 'finance', approval),
    one('approval-own', 'support', approval),
  ],
  '/console/queues': redirect,
  '/console/queues/:queue': () => QUEUES.map((queue) => one(`queue-${queue}`, 'finance', `/console/queues/${queue}`)),
  '/console/breaks/:id': ({ breaks }) => [
    one('break-open', 'finance', `/console/breaks/${breaks.open}`),
    one('break-proposed', 'administrator', `/console/breaks/${breaks.proposed}`),
  ],
  '/console/settlements': () => [
    one('settlements', 'finance', '/console/settlements'),
    one('settlements-none', 'auditor', '/console/settlements?state=carried'),
  ],
  '/console/settlements/:id': ({ settlements: { drawnUp, signed, paidOut } }) => [
    one('settlement', 'finance', `/console/settlements/${drawnUp.id}`),
    one('settlement-signed', 'administrator', `/console/settlements/${signed.id}`),
    one('settlement-paid', 'support', `/console/settlements/${paidOut.id}`),
  ],
  '/console/settlements/:id/files/:file': { noPage: 'a file' },
  '/console/organisations/:organisation/batches': ({ payouts }) => [one('batches', 'finance', payouts.batches)],
  '/console/organisations/:organisation/batches/:batch': ({ payouts }) => [
    one('batch-draft', 'support', payouts.draft),
    one('batch-ready', 'support', payouts.ready),
    one('batch-paying', 'finance', payouts.paying),
    one('batch-partly-paid', 'auditor', payouts.partlyPaid),
  ],
  '/console/organisations/:organisation/batches/:batch/changes/:kind': ({ payouts }) => [
    one('batch-leavers', 'finance', `${payouts.ready}/changes/leaver`),
  ],
  '/console/organisations/:organisation/batches/:batch/rows': ({ payouts }) => [
    one('batch-rows', 'finance', `${payouts.paying}/rows`),
    one('batch-rows-draft', 'support', `${payouts.draft}/rows`),
  ],
  '/console/organisations/:organisation/batches/:batch/rows/:row': ({ payouts }) => [
    one('batch-row', 'support', payouts.row),
  ],
  '/console/organisations/:organisation/claims': ({ payouts }) => [
    one('claims', 'support', payouts.claims),
    one('claims-none', 'auditor', `/console/organisations/${DEMO_ORGANISATION.id}/claims?state=all`),
  ],
  '/console/organisations/:organisation/claims/:claim': ({ payouts }) => [
    one('claim', 'finance', payouts.claim),
    one('claim-read', 'auditor', payouts.claim),
  ],
  '/console/organisations/:organisation/schedules': ({ payouts }) => [
    one('schedules', 'finance', payouts.schedules),
    one('schedules-none', 'auditor', `/console/organisations/${DEMO_ORGANISATION.id}/schedules`),
  ],
  '/console/organisations/:organisation/schedules/:schedule': ({ payouts }) => [
    one('schedule', 'finance', payouts.schedule),
    one('schedule-read', 'auditor', payouts.schedule),
  ],
  '/console/organisations/:organisation/batches/:batch/replace': { noPage: 'for people of an organisation alone' },
  '/console/organisations/:organisation/batches/:batch/report.xlsx': { noPage: 'a file' },
  '/console/organisations/:organisation/batches/:batch/report.csv': { noPage: 'a file' },
  '/console/organisations/:organisation/batches/:batch/report.pdf': { noPage: 'a file' },
  '/console/organisations/:organisation/batches/template/:format': { noPage: 'a file' },
  '/console/organisations/:organisation/batches/:batch/lists/:list': ({ payouts }) => [
    one('list-faults', 'support', payouts.list),
    one('list-refused', 'support', payouts.refused),
  ],
  '/console/organisations/:organisation/batches/:batch/lists/:list/mended/:format': { noPage: 'a file' },
  '/console/webhooks': () => [
    one('webhooks', 'administrator', '/console/webhooks'),
    one('webhooks-read', 'support', '/console/webhooks?biller=maji-water'),
    { ...one('webhooks-wrong', 'administrator', '/console/webhooks'), after: addWrongly },
  ],
  '/console/webhooks/:id': ({ endpoint }) => [
    one('webhook', 'administrator', endpoint),
    one('webhook-read', 'auditor', endpoint),
  ],
  '/console/dashboard': () => [
    one('dashboard', 'finance', '/console/dashboard'),
    one('dashboard-nothing', 'finance', '/console/dashboard?from=2024-01-01&to=2024-01-02'),
  ],
  '/console/dashboard/chart/:chart': { noPage: 'a picture' },
  '/console/exports/payments': exportOf('payments'),
  '/console/exports/figures': exportOf('figures'),
  '/console/exports/figures-funnel': exportOf('figures-funnel'),
  '/console/exports/figures-waits': exportOf('figures-waits'),
  '/console/exports/figures-messages': exportOf('figures-messages'),
  '/console/exports/figures-float': exportOf('figures-float'),
  ...Object.fromEntries(QUEUES.map((queue) => [`/console/exports/queue-${queue}`, exportOf(`queue-${queue}`)])),
  '/console/exports/settlements': exportOf('settlements'),
  '/console/exports/approvals': exportOf('approvals', 'approver'),
  '/console/exports/staff': exportOf('staff', 'administrator'),
  '/console/exports/audit': exportOf('audit', 'auditor'),
  // One that was only asked for begins by itself and is then one of these.
  '/console/exports/run/:id': ({ exports }) =>
    (['running', 'done', 'broken-off'] as const).map((state) => one(`download-${state}`, 'finance', exports[state])),
  '/console/exports/run/:id/file': { noPage: 'a file' },
  '/console/organisations': () => [
    one('organisations', 'administrator', '/console/organisations'),
    one('organisations-read', 'support', '/console/organisations'),
  ],
  '/console/organisations/:organisation': ({ organisation }) => [
    one('organisation', 'administrator', organisation),
    one('organisation-read', 'auditor', `/console/organisations/${DEMO_ORGANISATION.id}`),
  ],
  '/console/organisations/:organisation/documents/:id': { noPage: 'a file' },
  '/console/organisations/:organisation/funding': ({ organisation }) => [
    one('funding', 'finance', `${organisation}/funding`),
    one('funding-none', 'auditor', `/console/organisations/${DEMO_ORGANISATION.id}/funding`),
  ],
  '/console/organisations/:organisation/funding/gauge': ({ organisation }) => [
    one('funding-gauge', 'finance', `${organisation}/funding/gauge`),
  ],
  '/console/organisations/:organisation/funding/quotations/:quotation/pdf': { noPage: 'a file' },
  '/console/organisations/:organisation/funding/:funding': ({ funding }) => [
    one('funding-one', 'finance', funding),
    one('funding-one-read', 'auditor', funding),
  ],
  '/console/organisations/:organisation/people': () => [
    one('organisation-people', 'administrator', `/console/organisations/${DEMO_ORGANISATION.id}/people`),
  ],
  '/console/organisations/:organisation/settings': ({ organisation }) => [
    one('organisation-settings', 'administrator', `${organisation}/settings`),
    one('organisation-settings-read', 'finance', `${organisation}/settings`),
  ],
  '/console/staff': () => [
    one('staff', 'administrator', '/console/staff'),
    one('staff-read', 'auditor', '/console/staff'),
    { ...one('staff-wrong', 'administrator', '/console/staff'), after: inviteWrongly },
  ],
  '/console/audit': () => [one('audit', 'auditor', '/console/audit')],
  '/console/me': () => [one('me', 'support', '/console/me')],
};

/** What stands at addresses that are no route's, or not for the reader. */
export const MESSAGE_PAGES: readonly PageVisit[] = [
  one('error-404', 'support', '/console/no/such/place'),
  one('error-403', 'approver', '/console/staff'),
];

/** All of them, those of routes in the order of the table. */
export async function consoleVisits(town: FullTown): Promise<PageVisit[]> {
  const pages = await Promise.all(
    Object.values(CONSOLE_PAGES).map((pagesOf) => (typeof pagesOf === 'function' ? pagesOf(town) : [])),
  );
  return [...pages.flat(), ...MESSAGE_PAGES];
}

/** The button of a form that ends in this. */
const press = (act: string) => async (page: Page) => {
  await page.locator(`form[action$="/${act}"] button`).first().click();
  await page.waitForLoadState();
};

async function logInWrongly(page: Page): Promise<void> {
  await page.fill('#email', 'nobody@example.org');
  await page.fill('#password', 'not the password');
  await page.locator('main button').first().click();
  await page.getByRole('alert').waitFor();
}

async function logIn(page: Page, role: StaffRole): Promise<void> {
  const login = demoLogins(systemRuntime).find((demo) => demo.role === role);
  await page.fill('#email', login?.email ?? '');
  await page.fill('#password', login?.password ?? '');
  await page.locator('main button').first().click();
  await page.waitForURL('**/console/code**');
}

const PASSWORD = 'four words in a row';

async function choosePassword(page: Page): Promise<void> {
  await page.fill('#password', PASSWORD);
  await page.locator('main button').first().click();
  await page.waitForURL('**/console/enrol');
}

/** The invited person comes back before she has an app: she is signed in as far as that goes. */
async function enrol(page: Page): Promise<void> {
  await page.fill('#email', 'mary@example.org');
  await page.fill('#password', PASSWORD);
  await page.locator('main button').first().click();
  await page.waitForURL('**/console/enrol');
  const secret = (await page.locator('main code').first().innerText()).replaceAll(' ', '');
  await page.fill('#code', await generate({ secret }));
  await page.locator('main button').first().click();
  await page.locator('.codes').waitFor();
}

async function addWrongly(page: Page): Promise<void> {
  await page.fill('#url', 'https://10.0.0.1/hooks');
  await page.fill('#reason-add', 'their new system');
  await page.locator('form[action="/console/webhooks"][method="post"] button').click();
  await page.getByRole('alert').waitFor();
}

async function inviteWrongly(page: Page): Promise<void> {
  await page.fill('#name', 'Mary Atieno');
  await page.fill('#email', 'mary@example.org');
  await page.fill('#phone', '0700 000 078');
  await page.check('#new-support');
  await page.locator('form[action="/console/staff"] button').click();
  await page.getByRole('alert').waitFor();
}

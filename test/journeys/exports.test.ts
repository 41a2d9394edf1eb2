import { get as httpGet, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import excel from 'exceljs';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { type ExportRun, ExportRunSchema } from '../../src/domain/exports/index.ts';
import { type Break, BreakSchema } from '../../src/domain/reconciliation/index.ts';
import { SettlementSchema } from '../../src/domain/settlement/index.ts';
import { type StaffBrowser, signIn } from '../support/console-client.ts';
import { newAccount } from '../support/dial.ts';
import { plantedPayment, plantPayments } from '../support/planted-payments.ts';
import { plantSettlements } from '../support/planted-settlements.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const ROWS = 100_000;
/** Long before anything that the service itself does here. */
const FROM_MS = Date.UTC(2026, 0, 10, 9);
const BREAK: Break = {
  ...{ id: '01900000-0000-7000-8000-000000000001', breakType: 'callback-unmatched', subjectId: 'x', detail: '' },
  ...{ state: 'open', openedAtMs: FROM_MS, side: null, party: null, day: null, amountMinor: -1_250n, currency: 'KES' },
  ...{ suggestedAction: null, owner: null, resolution: null, proposedBy: null, proposedAtMs: null },
  ...{ proposedReason: null, confirmedBy: null, confirmedAtMs: null, confirmedReason: null },
};
const LONG_AGO = 'from=2026-01-10&to=2026-01-31';

describeOnStores('the downloads of the console', (stores) => {
  let town: TestService;
  const people = new Map<string, StaffBrowser>();
  before(async function () {
    this.timeout(120_000);
    town = await startService(stores());
    for (const role of ['support', 'finance', 'auditor', 'approver'] as const)
      people.set(role, await signIn(town, role));
  });
  after(() => town?.stop());

  const as = (role: string): StaffBrowser => {
    const browser = people.get(role);
    if (!browser) throw new Error(`nobody is signed in as ${role}`);
    return browser;
  };

  async function ask(role: string, path: string, fields: Record<string, string> = {}): Promise<string> {
    const [address = '', query = ''] = path.split('?');
    const page = await as(role).get(`/console/exports/${path}`);
    expect(page.status, page.html).to.equal(200);
    const asked = await as(role).post(`/console/exports/${address}`, { format: 'csv', query, ...fields });
    expect(asked.location, asked.html).to.match(/^\/console\/exports\/run\/[0-9a-f-]{36}$/);
    return asked.location;
  }

  /** The file, whole; with what its sending says of itself. */
  function take(role: string, run: string): Promise<{ body: Buffer; headers: IncomingMessage['headers'] }> {
    return new Promise((resolve, reject) => {
      const request = httpGet(`${town.gateway}${run}/file`, { headers: { cookie: as(role).cookie } }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => resolve({ body: Buffer.concat(pieces), headers: response.headers }));
      });
      request.on('error', reject);
    });
  }

  const rowsOf = async (role: string, run: string): Promise<string[][]> =>
    parse((await take(role, run)).body, { bom: true });
  const idOf = (run: string) => run.split('/').at(-1) ?? '';
  const runOf = (run: string): Promise<ExportRun> =>
    town.books.database.reader.findOneByOrFail(ExportRunSchema, { id: idOf(run) });
  const actsOf = async (run: string) => {
    const where = { subjectId: idOf(run) };
    const rows = await town.books.database.reader.find(AuditEntrySchema, { where, order: { position: 'ASC' } });
    return rows.map(({ act, after }) => [act, JSON.parse(after ?? '{}')]);
  };

  it('hand out payments as the list shows them, numbers masked, and keep that somebody took them', async () => {
    const jane = await town.phone();
    const reference = await jane.pays({ biller: 2, account: newAccount(2), amount: 500 });
    await town.books.payment(reference, 'posted');
    await town.books.untilQuiet();
    const run = await ask('support', 'payments?state=posted');
    const page = await as('support').get(run);
    expect(page.headers.get('refresh'), 'it begins without JavaScript').to.equal(`0; url=${run}/file`);
    const { body, headers } = await take('support', run);
    expect(headers['content-disposition']).to.match(/^attachment; filename="malipo-payments-\d{4}-\d\d-\d\d\.csv"$/);
    expect(body.toString()).not.to.include(jane.msisdn.slice(1));
    const rows: string[][] = parse(body, { bom: true });
    const row = rows.find((cells) => cells.includes(reference));
    expect(row).to.include.members(['500.00', 'KES', 'Maji Water', 'paid']);
    await eventually('it is done', async () => expect((await runOf(run)).state).to.equal('done'));
    const query = 'state=posted';
    expect(await actsOf(run)).to.deep.equal([
      ['export.begun', { list: 'payments', format: 'csv', numbers: 'masked', query }],
      ['export.done', { rows: rows.length - 1 }],
    ]);
    expect((await as('support').get(run)).html)
      .to.include('complete')
      .and.not.include('data-again');
  });

  it('hand out whole numbers to those who may have them, and to nobody else', async () => {
    const jane = await town.phone();
    await jane.pays({ biller: 2, account: newAccount(2), amount: 501 });
    const fields = { numbers: 'whole', format: 'csv', query: '' };
    expect((await as('support').get('/console/exports/payments')).html).not.to.include('name="numbers"');
    expect((await as('support').post('/console/exports/payments', fields)).status).to.equal(403);
    const run = await ask('finance', 'payments', { numbers: 'whole' });
    expect((await take('finance', run)).body.toString()).to.include(`'${jane.msisdn}`);
    expect((await actsOf(run))[0]).to.deep.include(
      ['export.begun', { list: 'payments', format: 'csv', numbers: 'whole', query: '' }][1] as object,
    );
  });

  it('are of whoever asked, of his roles, and of this day', async () => {
    const run = await ask('finance', 'payments');
    for (const other of ['support', 'auditor']) {
      expect((await as(other).get(run)).status, other).to.equal(404);
      expect((await as(other).get(`${run}/file`)).status, other).to.equal(404);
    }
    expect((await as('support').get('/console/exports/audit')).status).to.equal(403);
    expect((await as('approver').get('/console/exports/payments')).status).to.equal(403);
    const { database } = town.books;
    await database.transaction((tx) => tx.update(ExportRunSchema, { id: idOf(run) }, { askedAtMs: 1 }));
    expect((await as('finance').get(`${run}/file`)).status).to.equal(404);
    expect(await actsOf(run), 'nothing left').to.deep.equal([]);
  });

  it('keep no number that stood in an address', async () => {
    const jane = await town.phone();
    await jane.pays({ biller: 2, account: newAccount(2), amount: 502 });
    const run = await ask('support', `payments?phone=${encodeURIComponent(jane.msisdn)}`);
    expect((await runOf(run)).query).to.match(/^person=/);
    const rows = await rowsOf('support', run);
    expect(rows.length, 'her payment alone').to.equal(2);
  });

  it('hand out a queue and the audit log, in Excel too, and an empty list as its headings', async () => {
    const hostile = '=HYPERLINK("http://evil.example","click")';
    await town.books.database.transaction((tx) => tx.insert(BreakSchema, { ...BREAK, detail: hostile }));
    const breaks = await ask('finance', 'queue-breaks');
    const row = (await rowsOf('finance', breaks)).find((cells) => cells.includes(`'${hostile}`));
    expect(row).to.include.members(['-12.50', 'KES', '2026-01-10 12:00:00']);
    const sheet = await ask('finance', 'queue-breaks', { format: 'xlsx' });
    const workbook = new excel.Workbook();
    await workbook.xlsx.load((await take('finance', sheet)).body as unknown as ArrayBuffer);
    const cells = workbook.worksheets[0]?.getRow(2).values as unknown[];
    expect(cells).to.include.members([hostile, -12.5]);
    const audit = await ask('auditor', 'audit');
    const acts = (await rowsOf('auditor', audit)).map((entry) => entry[4]);
    expect(acts).to.include('export.begun');
    const held = await ask('finance', 'queue-held');
    expect(await rowsOf('finance', held)).to.have.length(1);
  });

  it('hand out settlements as the list is narrowed, what waits for approval, and staff', async () => {
    const { database } = town.books;
    const jane = await town.phone();
    const reference = await jane.pays({ biller: 2, account: newAccount(2), amount: 503 });
    const payment = await town.books.payment(reference, 'posted');
    await town.books.untilQuiet();
    const { drawnUp, paidOut } = await plantSettlements(database, payment);
    // Their files are written where the stores are.
    await town.books.untilQuiet();
    const hostile = '=cmd|x';
    await database.transaction((tx) => tx.update(SettlementSchema, { id: paidOut.id }, { bankReference: hostile }));
    const all = await rowsOf('auditor', await ask('auditor', 'settlements?state=all'));
    expect(all.find((cells) => cells.includes(paidOut.id))).to.include.members([
      ...[paidOut.day, 'Maji Water', 'paid', '12500.00', '-187.50', '12062.50', 'Ann Wanjiru', `'${hostile}`],
    ]);
    const waiting = await rowsOf('support', await ask('support', `settlements?biller=maji-water&from=${drawnUp.day}`));
    expect(waiting.map((cells) => cells.at(-1)).slice(1), 'without a state: what waits').to.deep.equal([drawnUp.id]);
    expect((await as('approver').get('/console/exports/settlements')).status).to.equal(403);

    const nothing = await rowsOf('approver', await ask('approver', 'approvals'));
    expect(nothing, 'an empty list is its headings').to.have.length(1);
    const path = `/console/payments/${payment.id}`;
    const transfer = /name="transfer" value="([^"]+)"/.exec((await as('support').get(path)).html)?.[1] ?? '';
    await as('support').post(`${path}/refund`, { transfer, reason: '+the wrong meter' });
    const [, approval] = await rowsOf('approver', await ask('approver', 'approvals'));
    expect(approval).to.include.members(['503.00', 'KES', 'Amina Wanjiru', "'+the wrong meter"]);

    const masked = await rowsOf('auditor', await ask('auditor', 'staff'));
    const daniel = masked.find((cells) => cells.includes('Daniel Kiptoo'));
    expect(daniel).to.include.members(['finance@demo.example', 'active', 'Finance', 'set up']);
    expect(masked.flat().join()).not.to.include('254700000002');
    expect((await as('auditor').post('/console/exports/staff', { numbers: 'whole', query: '' })).status).to.equal(403);
    expect((await as('finance').get('/console/exports/staff')).status).to.equal(403);
  });

  it('send 100,000 rows whole, each once, and show how far they are', async function () {
    this.timeout(240_000);
    const rows = Array.from({ length: ROWS }, (_, index) => {
      // Many of one millisecond, so that a page ends in their middle.
      const createdAtMs = FROM_MS + Math.floor(index / 700) * 60_000;
      return plantedPayment({ createdAtMs, amountMinor: BigInt(index + 1) });
    });
    await plantPayments(town.books.database, rows, null);
    expect((await as('support').get(`/console/exports/payments?${LONG_AGO}`)).html).to.include('100,000 rows');
    const run = await ask('support', `payments?${LONG_AGO}`, { rows: String(ROWS) });
    const read = await rowsOf('support', run);
    expect(read).to.have.length(ROWS + 1);
    expect(new Set(read.map((cells) => cells[1])).size).to.equal(ROWS + 1);
    await eventually('it is done', async () =>
      expect(await runOf(run)).to.include({ state: 'done', writtenRows: ROWS }),
    );
  });

  it('wait for whoever takes them, and stop when he goes away', async function () {
    this.timeout(120_000);
    const run = await ask('support', `payments?${LONG_AGO}`, { rows: String(ROWS) });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpGet(`${town.gateway}${run}/file`, { headers: { cookie: as('support').cookie } }, resolve).on('error', reject);
    });
    response.pause();
    await eventually('it is running', async () => expect((await runOf(run)).state).to.equal('running'));
    expect((await as('support').get(`${run}/file`)).status, 'not twice at once').to.equal(422);
    const page = await as('support').get(run);
    expect(page.html).to.include('<progress').and.include('data-again').and.include('http-equiv="refresh"');
    response.destroy();
    await eventually('it is broken off', async () => expect((await runOf(run)).state).to.equal('broken-off'));
    const { writtenRows } = await runOf(run);
    expect(writtenRows, 'it read no further than there was room').to.be.below(ROWS / 2);
    expect((await actsOf(run)).at(-1)).to.deep.equal(['export.broken-off', { rows: writtenRows }]);
    expect((await as('support').get(run)).html).to.include('broken off');
  });
});

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { type Settlement, SettlementSchema } from '../../src/domain/settlement/index.ts';
import { STAFF_ROLES, StaffMemberSchema, type StaffRole } from '../../src/domain/staff/index.ts';
import { addDays, businessDay, dayWindow, systemRuntime } from '../../src/kernel/index.ts';
import { ledgerAccount } from '../../src/money/ledger/index.ts';
import { bookPayments } from '../support/booked-payments.ts';
import { runCommand } from '../support/command.ts';
import { type ConsolePage, type StaffBrowser, signIn } from '../support/console-client.ts';
import { type Folder, makeFolder } from '../support/files.ts';
import { type Env, environmentOf, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const ZONE = 'Africa/Nairobi';
const LAST = addDays(businessDay(Date.now(), ZONE), -1);
const [SECOND, FIRST] = [addDays(LAST, -1), addDays(LAST, -2)];

describeOnStores('settlements in the console', (stores) => {
  let town: TestService;
  let folder: Folder;
  let env: Env;
  const people = new Map<StaffRole, StaffBrowser>();

  /** Three days of both billers: 60 payments on the last of them, one on the others. */
  before(async function () {
    this.timeout(180_000);
    folder = await makeFolder();
    const settings = { SETTLEMENTS_DIR: join(folder.path, 'settlements') };
    town = await startService(stores(), settings);
    for (const role of STAFF_ROLES) people.set(role, await signIn(town, role));
    const noonOf = (day: string) => dayWindow(day, ZONE).fromMs + 12 * 3_600_000;
    const of = (day: string, billerId: string, count = 1) =>
      Array.from({ length: count }, (_, at) => ({
        ...{ billerId, amountMinor: 50_000n, completedAtMs: noonOf(day) + at * 60_000 },
      }));
    const deps = { runtime: systemRuntime, database: town.books.database };
    await bookPayments(deps, [
      ...of(FIRST, 'maji-water'),
      ...of(FIRST, 'jua-power'),
      ...of(SECOND, 'maji-water'),
      ...of(SECOND, 'jua-power'),
      ...of(LAST, 'maji-water', 60),
    ]);
    env = { SIMULATORS: 'on', ...environmentOf(stores(), { web: 0, simulator: 0 }, settings) };
    await succeeds('night', '--day', LAST);
    await town.books.untilQuiet();
  });
  after(async () => {
    await town?.stop();
    await folder?.drop();
  });

  const as = (role: StaffRole): StaffBrowser => {
    const browser = people.get(role);
    if (!browser) throw new Error(`nobody is signed in as ${role}`);
    return browser;
  };
  const succeeds = async (name: string, ...args: string[]): Promise<string> => {
    const { code, out, err } = await runCommand(name, args, env);
    expect(code, `${name} ${args.join(' ')}: ${err}${out}`).to.equal(0);
    return out;
  };
  const settlement = (billerId: string, day: string): Promise<Settlement> =>
    town.books.database.reader.findOneByOrFail(SettlementSchema, { billerId, day });
  const pathOf = async (billerId: string, day: string) =>
    `/console/settlements/${(await settlement(billerId, day)).id}`;
  const act = async (role: StaffRole, path: string, fields: Record<string, string> = {}): Promise<ConsolePage> => {
    await as(role).get('/console/me');
    return as(role).post(path, { reason: 'agrees with the bank', ...fields });
  };
  const sign = (role: StaffRole, path: string, version = '1') => act(role, `${path}/sign`, { version });
  const pay = (role: StaffRole, path: string, reference = 'FT26330ABC', from = '') =>
    act(role, `${path}/paid`, { reference, from });
  const actsOf = async (id: string) => {
    const rows = await town.books.database.reader.find(AuditEntrySchema, {
      ...{ where: { subjectId: id }, order: { position: 'ASC' } },
    });
    return rows.map((row) => row.act);
  };
  const take = (role: StaffRole, path: string): Promise<{ status: number; body: Buffer; name: string }> =>
    new Promise((resolve, reject) => {
      httpGet(`${town.gateway}${path}`, { headers: { cookie: as(role).cookie } }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('error', reject);
        const name = response.headers['content-disposition'] ?? '';
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces), name }));
      }).on('error', reject);
    });

  it('lists what waits for a person, and what an address asks for', async () => {
    const waiting = await as('finance').get('/console/settlements');
    for (const billerId of ['maji-water', 'jua-power']) {
      for (const day of [FIRST, SECOND, LAST]) {
        expect(waiting.html, `${billerId} ${day}`).to.include(await pathOf(billerId, day));
      }
    }
    expect(waiting.html).to.include('to be signed').and.include('aria-current="page"');
    const narrow = await as('auditor').get(`/console/settlements?state=all&biller=maji-water&from=${LAST}&to=${LAST}`);
    expect(narrow.html).to.include(await pathOf('maji-water', LAST));
    for (const other of [await pathOf('jua-power', LAST), await pathOf('maji-water', SECOND)]) {
      expect(narrow.html).not.to.include(other);
    }
    const nothing = await as('support').get('/console/settlements?state=paid-out');
    expect(nothing.html).to.include('No settlement fits these filters');
    expect((await as('support').get('/console/settlements?state=x&biller=y&from=2026-99-99&after=z')).status).to.equal(
      200,
    );
  });

  it('shows a day of figures with its lines, a page at a time, each leading to its payment', async () => {
    const path = await pathOf('maji-water', LAST);
    const page = await as('finance').get(path);
    for (const part of [
      'KES\u00a030,000.00',
      '-KES\u00a01,200.00',
      'KES\u00a028,800.00',
      'sound',
      '60 lines',
      // In its history too: never in cents.
      '60 lines, net KES\u00a028,800.00',
      'Maji Water',
    ]) {
      expect(page.html, part).to.include(part);
    }
    const payments = (html: string): string[] => html.match(/\/console\/payments\/[0-9a-f-]{36}/g) ?? [];
    expect(new Set(payments(page.html)).size).to.equal(50);
    const next = /href="([^"]*\?after=[^"#]*)#lines"/.exec(page.html)?.[1] ?? '';
    const rest = await as('finance').get(next);
    expect(new Set(payments(rest.html)).size).to.equal(10);
    expect(payments(page.html).filter((one) => payments(rest.html).includes(one))).to.deep.equal([]);
    expect((await as('finance').get(payments(rest.html)[0] ?? '')).status).to.equal(200);
  });

  it('hands its files out as they lie there, to those who may have them, and nothing else of the disk', async () => {
    const path = await pathOf('maji-water', LAST);
    const csv = await take('finance', `${path}/files/csv`);
    const lies = await readFile(join(folder.path, 'settlements', 'maji-water', `${LAST}-v1.csv`));
    expect(csv.body.equals(lies)).to.equal(true);
    expect(csv.name).to.equal(`attachment; filename="${LAST}-v1.csv"`);
    const sums = (await take('auditor', `${path}/files/sums`)).body.toString();
    expect(sums).to.include(`${createHash('sha256').update(csv.body).digest('hex')}  ${LAST}-v1.csv`);
    expect((await take('auditor', `${path}/files/signature`)).body.length).to.equal(64);
    expect((await take('finance', `${path}/files/pdf`)).body.subarray(0, 5).toString()).to.equal('%PDF-');
    expect((await take('support', `${path}/files/csv`)).status).to.equal(403);
    for (const file of ['payout-csv', '..%2f..%2fmalipo.db', 'payout-', 'key', 'csv%00', 'constructor']) {
      expect((await take('finance', `${path}/files/${file}`)).status, file).to.equal(404);
    }
    expect(await actsOf((await settlement('maji-water', LAST)).id)).to.deep.equal(
      Array.from({ length: 4 }, () => 'settlement.file-taken'),
    );
  });

  it('says that a file is not what was signed, and writes it again', async () => {
    const { id } = await settlement('jua-power', LAST);
    const path = `/console/settlements/${id}`;
    const file = join(folder.path, 'settlements', 'jua-power', `${LAST}-v1.csv`);
    const before = await readFile(file);
    await writeFile(file, `${before}x`);
    expect((await as('auditor').get(path)).html)
      .to.include('not sound')
      .and.include(`${LAST}-v1.csv is not what was signed`);
    expect((await act('auditor', `${path}/write`)).status).to.equal(403);
    for (let count = 0; count < 2; count += 1) {
      expect((await act('finance', `${path}/write`)).location).to.equal(`${path}?done=files-asked`);
    }
    await eventually('it is as it was', async () => expect((await readFile(file)).equals(before)).to.equal(true));
    await town.books.untilQuiet();
    expect((await as('auditor').get(path)).html).to.include('>sound<');
    expect(await actsOf(id)).to.deep.equal(['settlement.files-written-again', 'settlement.files-written-again']);
  });

  it('is signed once of two who do it at once; the second is shown what the first did', async () => {
    const { id } = await settlement('maji-water', LAST);
    const path = `/console/settlements/${id}`;
    const stale = await sign('finance', path, '2');
    expect(stale.status).to.equal(422);
    expect(stale.html).to.include('it is version 1 now');
    expect((await sign('auditor', path)).status).to.equal(403);
    expect((await act('finance', `${path}/sign`, { version: '1', reason: '' })).status).to.equal(422);
    const both = await Promise.all([sign('finance', path), sign('administrator', path)]);
    const [first] = both.filter(({ status }) => status === 303);
    const [second] = both.filter(({ status }) => status === 422);
    expect(first?.location).to.equal(`${path}?done=signed`);
    const { signedBy, state } = await settlement('maji-water', LAST);
    expect(state).to.equal('signed');
    expect(second?.html).to.include('below is how it stands now').and.include(`Signed by ${signedBy}`);
    expect((await actsOf(id)).filter((one) => one === 'settlement.signed')).to.have.length(1);
    await eventually('the payout instruction is there', async () => {
      expect((await take('finance', `${path}/files/payout-pdf`)).status).to.equal(200);
    });
  });

  it('is paid by another person: not by the signer, nor by a second login of his', async () => {
    const { id } = await settlement('maji-water', SECOND);
    const path = `/console/settlements/${id}`;
    expect((await pay('finance', path)).html, 'not signed yet').to.include('does not wait to be paid');
    expect((await sign('finance', path)).location).to.equal(`${path}?done=signed`);
    expect((await as('finance').get(path)).html)
      .to.include('somebody else must record its payment')
      .and.not.include(`${path}/paid`);
    const own = await pay('finance', path);
    expect(own.status).to.equal(422);
    expect(own.html).to.include('Daniel Kiptoo signed it');

    const { database } = town.books;
    const [finance, other] = await Promise.all(
      ['finance', 'administrator'].map((role) =>
        database.reader.findOneByOrFail(StaffMemberSchema, { email: `${role}@demo.example` }),
      ),
    );
    const be = (personId: string | undefined) =>
      database.transaction((tx) => tx.update(StaffMemberSchema, { id: other?.id ?? '' }, { personId: personId ?? '' }));
    await be(finance?.personId);
    const again = await pay('administrator', path);
    await be(other?.personId);
    expect(again.status).to.equal(422);
    expect(again.html).to.include('another login of the same person is nobody else');

    expect((await pay('administrator', path, '?')).html).to.include('cannot be a reference');
    expect((await pay('administrator', path, 'FT1', 'nobody')).status).to.equal(422);
    const before = await town.books.balanceOf(ledgerAccount.bank);
    for (let count = 0; count < 2; count += 1) {
      expect((await pay('administrator', path)).location).to.equal(`${path}?done=paid-out`);
    }
    expect((await town.books.balanceOf(ledgerAccount.bank)) - before, 'paid once').to.equal(-48_000n);
    const otherwise = await pay('administrator', path, 'FT99999');
    expect(otherwise.status).to.equal(422);
    expect(otherwise.html).to.include('recorded as paid under FT26330ABC');
    expect(await actsOf(id)).to.deep.equal(['settlement.signed', 'settlement.paid']);
    const page = await as('support').get(path);
    expect(page.html).to.include('recorded by Lucy Mwende').and.include('FT26330ABC');
  });

  it('knows a person in the console and at a command line as one', async function () {
    this.timeout(120_000);
    const path = await pathOf('jua-power', FIRST);
    expect((await sign('finance', path)).status).to.equal(303);
    const paid = ['paid', 'jua-power', FIRST, '--reference', 'FT26331ABC', '--by'];
    const typed = await runCommand('settlements', [...paid, 'daniel  KIPTOO'], env);
    expect(typed.err).to.include('Whoever signed it cannot record its payment');
    const sign2 = ['sign', 'jua-power', SECOND, '--version', '1', '--reason', 'agrees', '--by', 'Lucy Mwende'];
    await succeeds('settlements', ...sign2);
    const own = await pay('administrator', await pathOf('jua-power', SECOND));
    expect(own.status).to.equal(422);
    expect(own.html).to.include('Lucy Mwende signed it');
    expect((await pay('finance', await pathOf('jua-power', SECOND))).status).to.equal(303);
  });

  it('has a page that offers the search where there is none, and nothing for who has no role', async () => {
    for (const id of ['01900000-0000-7000-8000-000000000000', 'x', '%27']) {
      const page = await as('finance').get(`/console/settlements/${id}`);
      expect(page.status, id).to.equal(404);
      expect(page.html, id).to.include('action="/console/search"');
    }
    expect((await sign('finance', '/console/settlements/x')).status).to.equal(404);
    expect((await as('approver').get('/console/settlements')).status).to.equal(403);
    expect((await as('initiator').get(await pathOf('maji-water', LAST))).status).to.equal(403);
  });
});

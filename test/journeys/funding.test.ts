import { expect } from 'chai';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import { isBalanced, trialBalance } from '../../src/money/ledger/index.ts';
import { DEMO_ORGANISATION } from '../../src/wiring/demo-organisation.ts';
import type { StaffBrowser } from '../support/console-client.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { startService, type TestService } from '../support/service.ts';
import { embeddedStores } from '../support/stores.ts';

const BASE = `/console/organisations/${DEMO_ORGANISATION.id}/funding`;

describe('the money of an organisation in the console', () => {
  let town: TestService;
  let theirs: StaffBrowser;
  let first: StaffBrowser;
  let second: StaffBrowser;
  before(async function () {
    this.timeout(60_000);
    town = await startService(await embeddedStores());
    const person = async (scope: string, roles: string) => browserOf(town, await memberOf(town, { scope, roles }));
    [theirs, first, second] = [
      await person(DEMO_ORGANISATION.id, 'initiator'),
      await person('house', 'finance' satisfies StaffRole),
      await person('house', 'administrator' satisfies StaffRole),
    ];
  });
  after(() => town?.stop());

  const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';

  it('is quoted and announced by them, seen at the bank and at the operator by two of ours, and can then be spent', async () => {
    await theirs.get(BASE);
    const quoted = await theirs.post(`${BASE}/quotations`, { total: '4000000', rows: '1000' });
    expect(quoted.location, quoted.html).to.equal(`${BASE}?done=quoted`);
    const list = (await theirs.get(BASE)).html;
    const quotation = hidden(list, 'quotation');
    expect((await theirs.get(`${BASE}/quotations/${quotation}/pdf`)).status).to.equal(200);
    const announced = await theirs.post(BASE, { quotation });
    const path = announced.location.split('?')[0] ?? '';
    expect(path, announced.html).to.match(new RegExp(`^${BASE}/[0-9a-f-]{36}$`));
    await theirs.get(path);
    await theirs.post(`${path}/order`, { number: 'LPO 1', amount: '25520' });
    const page = (await theirs.get(path)).html;
    expect(page)
      .to.include('agrees with the quotation')
      .and.match(/F[2-9A-HJ-NP-Z]{9}/);
    const refused = await theirs.post(`${path}/claim`, { step: 'banked', evidence: 'we have sent it' });
    expect(refused.status, 'what came is ours to say').to.equal(403);
    for (const step of ['banked', 'available']) {
      await first.get(path);
      await first.post(`${path}/claim`, { step, evidence: 'slip 4711' });
      const own = (await first.get(path)).html;
      expect(own).to.include('You said this yourself').and.not.include(`${path}/confirm`);
      const seen = hidden(own, 'seen');
      expect((await first.post(`${path}/confirm`, { step, seen })).status).to.equal(422);
      await second.get(path);
      expect((await second.post(`${path}/confirm`, { step, seen })).location).to.equal(`${path}?done=funding-${step}`);
      expect((await second.post(`${path}/confirm`, { step, seen })).status, 'once').to.equal(422);
    }
    const gauge = (await theirs.get(`${BASE}/gauge`)).html;
    expect(gauge).to.include('KES').and.include('4,034,520.00').and.include('class="gauge"');
    await town.books.untilQuiet();
    expect(isBalanced(await trialBalance(town.books.database))).to.equal(true);
  });

  it('tells them what is wrong with what they typed', async () => {
    await theirs.get(BASE);
    const tries: [string, Record<string, string>, string][] = [
      [`${BASE}/quotations`, { total: '4,000,000', rows: '10' }, 'digits and a point alone'],
      [`${BASE}/quotations`, { total: '100', rows: 'ten' }, 'how many people, from 1 to 1,000,000'],
      [`${BASE}/quotations`, { total: '300000', rows: '1' }, 'KES'],
      [BASE, { amount: '-5' }, 'digits and a point alone'],
    ];
    for (const [path, form, words] of tries) {
      const answer = await theirs.post(path, form);
      expect(answer.status, path).to.equal(422);
      expect(answer.html).to.include('role="alert"').and.include(words);
    }
  });

  it('is nobody else’s to see', async () => {
    const stranger = await browserOf(
      town,
      await memberOf(town, { scope: 'another-organisation', roles: 'administrator' }),
    );
    const support = await browserOf(town, await memberOf(town, { scope: 'house', roles: 'support' }));
    expect((await stranger.get(BASE)).status).to.equal(404);
    expect((await support.get(BASE)).status).to.equal(403);
    expect((await first.get('/console/organisations/nobody/funding')).status).to.equal(404);
    expect((await theirs.get(`${BASE}/nothing`)).status).to.equal(404);
  });

  it('is said in every language', async () => {
    for (const [lang, words] of [
      ['sw', 'Zinazoweza kutumika'],
      ['fr', 'Ce qui peut être dépensé'],
    ] as const) {
      expect((await theirs.get(`${BASE}?lang=${lang}`)).html).to.include(words);
    }
  });
});

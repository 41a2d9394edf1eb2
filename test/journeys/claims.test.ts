import { expect } from 'chai';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { PayoutClaimSchema, PayoutRowSchema } from '../../src/domain/payout-batches/index.ts';
import { type Msisdn, systemRuntime } from '../../src/kernel/index.ts';
import { type Transfer, TransferSchema } from '../../src/money/transfers/index.ts';
import type { StaffBrowser } from '../support/console-client.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { type PlantedBatches, plantBatches } from '../support/planted-batches.ts';
import { startService, type TestService } from '../support/service.ts';
import { embeddedStores } from '../support/stores.ts';

describe('claims of payouts in the console', () => {
  let town: TestService;
  let payouts: PlantedBatches;
  let row: string;
  before(async function () {
    this.timeout(60_000);
    town = await startService(await embeddedStores());
    payouts = await plantBatches(town.books.database);
    row = `${payouts.paying}/rows/3`;
  });
  after(() => town?.stop());

  const person = async (scope: string, roles: string, name = `${roles} of it`): Promise<StaffBrowser> =>
    browserOf(town, await memberOf(town, { scope, roles, name }));
  const act = async (who: StaffBrowser, page: string, name: string, fields: Record<string, string>) => {
    await who.get(page);
    return who.post(`${page}/${name}`, { reason: 'as agreed by phone', ...fields });
  };

  /** The transfer that has paid a row. */
  async function payout(rowId: string, named: Pick<Transfer, 'reference' | 'receipt'>): Promise<string> {
    const id = systemRuntime.ids.next();
    const atMs = Date.now();
    const transfer: Transfer = {
      ...{ id, operator: 'mpesa', route: 'payout', callbackToken: id, purpose: 'payout', purposeId: rowId, ...named },
      ...{
        amountMinor: 127_000n,
        currency: 'KES',
        payer: null,
        maskedPayer: null,
        payerName: null,
        ownAccountId: null,
        ownShortCode: null,
      },
      ...{ paybillAccount: null, state: 'succeeded', checkoutRequestId: null, merchantRequestId: null },
      ...{ resultCode: '0', resultDescription: null, failureCause: null, evidenceRank: 'callback' },
      ...{ statusConversationId: null, createdAtMs: atMs, submittedAtMs: atMs, settledAtMs: atMs, completedAtMs: atMs },
    };
    await town.books.database.transaction((tx) => tx.insert(TransferSchema, transfer));
    return id;
  }

  it('are opened by the organisation, followed by ours with the operator, and wait in a queue with an owner', async () => {
    const own = payouts.organisation.id;
    const [approver, initiator, support] = [
      await person(own, 'approver', 'Hassan Ali'),
      await person(own, 'initiator'),
      await person('house', 'support', 'Clerk of the house'),
    ];
    expect((await initiator.get(row)).html)
      .to.include('+254711000211')
      .and.include('Claim it back');
    const opened = await act(approver, row, 'claim', { reason: 'paid to the wrong number' });
    const path = opened.location.split('?')[0] ?? '';
    expect(path, opened.html).to.match(new RegExp(`^${payouts.claims}/[0-9a-f-]{36}$`));
    const again = await act(initiator, row, 'claim', {});
    expect(again.status, 'whoever comes second').to.equal(422);
    expect(again.html).to.include('There is a claim of this payout already').and.include(path);

    expect((await act(initiator, path, 'dismiss', {})).status, 'not who prepared it').to.equal(403);
    expect((await act(approver, path, 'ask', { 'case-number': 'C 1' })).status, 'ours talk with them').to.equal(403);
    const without = await act(support, path, 'ask', { 'case-number': ' ' });
    expect(without.status).to.equal(422);
    expect(without.html).to.include('Write the case number');
    await act(support, path, 'ask', { 'case-number': 'MP/2026-77' });
    await act(support, path, 'grant', {});
    const late = await act(support, path, 'ask', { 'case-number': 'MP/2026-78' });
    expect(late.html, 'somebody was faster').to.include('Somebody was faster').and.include('MP/2026-77');

    const seen = (await approver.get(path)).html;
    expect(seen).to.include('promised').and.include('Hassan Ali').and.include('our staff').and.include('MP/2026-77');
    expect(seen).not.to.include('Clerk of the house').and.not.include('The money is back');
    expect((await support.get(path)).html)
      .to.include('Clerk of the house')
      .and.not.include('+254711000211');

    const queue = await support.get('/console/queues/claims');
    expect(queue.html).to.include(path).and.include('promised').and.include('Kilimo Distributors, B');
    const { id } = await town.books.database.reader.findOneByOrFail(PayoutClaimSchema, { caseNumber: 'MP/2026-77' });
    const owner = /name="owner" value="([^"]+)"/.exec(queue.html)?.[1] ?? '';
    await support.post('/console/queues/claims/assign', { item: id, owner });
    expect((await support.get('/console/queues/claims')).html).to.include('Clerk of the house has taken it on.');
    const acts = await town.books.database.reader.findBy(AuditEntrySchema, { subjectId: id, scope: own });
    expect(acts.map((entry) => entry.act).sort()).to.deep.equal(['claim.asked', 'claim.granted', 'claim.opened']);
  });

  it('are returned by a line of a statement alone, named by finance', async () => {
    const finance = await person('house', 'finance');
    expect((await act(await person('house', 'support'), payouts.claim, 'return', {})).status).to.equal(403);
    const none = await act(finance, payouts.claim, 'return', { receipt: 'NOSUCH1234' });
    expect(none.status).to.equal(422);
    expect(none.html)
      .to.include('The statements that were read have no money with this receipt')
      .and.include('NOSUCH1234');
  });

  it('come with what recipients say, where the organisation has them asked', async () => {
    const own = payouts.organisation.id;
    const settings = `/console/organisations/${own}/settings`;
    const administrator = await person(own, 'administrator');
    expect((await act(await person(own, 'auditor'), settings.replace('/settings', ''), 'news', {})).status).to.equal(
      403,
    );
    const page = settings.replace('/settings', '');
    await administrator.get(settings);
    expect((await act(administrator, page, 'news', { news: 'whatever' })).status).to.equal(422);
    expect((await act(administrator, page, 'news', { news: 'asked' })).location).to.equal(
      `${settings}?done=news-changed`,
    );
    expect((await administrator.get(settings)).html).to.match(/value="asked" checked|checked[^>]*value="asked"/);
    const rows = (await administrator.get(`${payouts.partlyPaid}/rows`)).html;
    expect(rows).to.include('Claim: asked of the operator').and.include(payouts.claim);
    expect(rows).to.include('Answer').and.include('it did not come').and.include('no answer yet');
    expect((await administrator.get(payouts.row)).html)
      .to.include('it did not come')
      .and.include('answered by SMS');
    expect((await administrator.get(payouts.partlyPaid)).html).to.include('0 say that it came, 1 says that it did not');
    expect((await administrator.get(payouts.claim)).html).to.include('it did not come');
  });

  it('begin with a recipient who dials and says no', async () => {
    const jane = await town.phone();
    const { reader } = town.books.database;
    const batchId = payouts.partlyPaid.split('/').at(-1) ?? '';
    const { id } = await reader.findOneByOrFail(PayoutRowSchema, { batchId, rowNo: 4 });
    await town.books.database.transaction((tx) =>
      tx.update(PayoutRowSchema, { id }, { msisdn: jane.msisdn as Msisdn, paidAtMs: Date.now() }),
    );
    await jane.dial('*384*123*7#').sees('Kilimo Distributors sent you KES 1,270.00', 'Did it come?');
    await jane.choose('2').ends('is told that the money did not come');
    const [claim] = await reader.findBy(PayoutClaimSchema, { rowId: id });
    expect(claim).to.include({ state: 'proposed', openedBy: 'recipient' });
    const support = await person('house', 'support');
    expect((await support.get('/console/queues/claims')).html).to.include(claim?.id);
    const transferId = await payout(id, { reference: 'MCALLS2345', receipt: 'SGCALLS123' });
    await town.books.database.transaction((tx) => tx.update(PayoutRowSchema, { id }, { transferId }));
    const row4 = `${payouts.partlyPaid}/rows/4`;
    for (const words of ['MCALLS2345', 'SGCALLS123', 'Kilimo sent you KES 1,270.00, ref MCALLS2345. Did it come?']) {
      expect((await support.get(`/console/search?q=${encodeURIComponent(words)}`)).location, words).to.equal(row4);
    }
    const found = await support.get(`/console/search?q=${encodeURIComponent(jane.msisdn)}`);
    const known = (await support.follow(found)).html;
    const timeline = known.split('<ol class="story">')[1] ?? '';
    expect(timeline).to.include('Payout of').and.include(row4).and.include('it did not come');
    const page = `${payouts.claims}/${claim?.id}`;
    expect((await support.get(page)).html)
      .to.include('answered that the money did not come')
      .and.include('the recipient');
    await act(support, page, 'dismiss', { reason: 'she found it in her wallet' });
    expect((await support.get('/console/queues/claims')).html).not.to.include(claim?.id);
    expect((await act(support, page, 'open', {})).location).to.equal(`${page}?done=claim-opened`);
  });

  it('are nobody else’s, of what is paid alone, and read in the reader’s language', async () => {
    const others = await person('0190aaaa-0000-7000-8000-0000000000ff', 'administrator');
    for (const path of [row, payouts.claims, payouts.claim]) expect((await others.get(path)).status).to.equal(404);
    const initiator = await person(payouts.organisation.id, 'initiator');
    const failed = `${payouts.paying}/rows/6`;
    expect((await initiator.get(failed)).html)
      .to.include('no account at the operator')
      .and.not.include('Claim it back');
    expect((await act(initiator, failed, 'claim', {})).status).to.equal(422);
    for (const at of ['0', '1', '99', 'x', '99999999']) {
      expect((await initiator.get(`${payouts.paying}/rows/${at}`)).status, at).to.equal(404);
    }
    expect((await initiator.get(`${payouts.claims}/none`)).status).to.equal(404);
    expect((await initiator.get(`${payouts.claims}?lang=sw`)).html)
      .to.include('Madai')
      .and.include('kampuni ya simu imeombwa');
    expect((await initiator.get(`${payouts.claim}?lang=fr`)).html)
      .to.include('Réclamation')
      .and.include('dossier');
  });
});

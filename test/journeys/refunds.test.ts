import { expect } from 'chai';
import { AuditEntrySchema } from '../../src/domain/audit/index.ts';
import { PaymentSchema } from '../../src/domain/payments/index.ts';
import { type Refund, RefundSchema, type RefundState } from '../../src/domain/refunds/index.ts';
import { STAFF_ROLES, StaffMemberSchema, type StaffRole } from '../../src/domain/staff/index.ts';
import { type ConsolePage, type StaffBrowser, signIn } from '../support/console-client.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('refunds by the console', (stores) => {
  let town: TestService;
  let jane: Phone;
  const people = new Map<StaffRole, StaffBrowser>();
  before(async function () {
    this.timeout(120_000);
    town = await startService(stores());
    for (const role of STAFF_ROLES) people.set(role, await signIn(town, role));
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(120_000);
    await town.control.faults({});
    await town.expectSound();
  });

  const as = (role: StaffRole): StaffBrowser => {
    const browser = people.get(role);
    if (!browser) throw new Error(`nobody is signed in as ${role}`);
    return browser;
  };

  async function pay(biller: 1 | 2 = 2) {
    const reference = await jane.pays({ biller, account: newAccount(biller), amount: 500 });
    const payment = await town.books.payment(reference, 'posted');
    await town.books.untilQuiet();
    return { ...payment, path: `/console/payments/${payment.id}` };
  }

  const refundOf = (paymentId: string): Promise<Refund> =>
    town.books.database.reader.findOneOrFail(RefundSchema, { where: { paymentId }, order: { id: 'DESC' } });
  const reaches = (paymentId: string, state: RefundState) =>
    eventually(`its refund is ${state}`, async () => expect((await refundOf(paymentId)).state).to.equal(state), 30_000);

  async function propose(role: StaffRole, payment: { id: string; path: string }, reason = 'the wrong meter') {
    const browser = as(role);
    const page = await browser.get(payment.path);
    const transfer = /name="transfer" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const done = await browser.post(`${payment.path}/refund`, { transfer, reason });
    expect(done.location, done.html).to.equal(`${payment.path}?done=refund-proposed`);
    return `/console/approvals/${(await refundOf(payment.id)).approvalId}`;
  }

  async function vote(role: StaffRole, path: string, verdict = 'grant', reason = 'checked'): Promise<ConsolePage> {
    const page = await as(role).get(path);
    const seen = /name="seen" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    return as(role).post(`${path}/vote`, { verdict, seen, reason });
  }

  it('brings the money back to the handset: proposed by one, granted by another, both told apart', async () => {
    const payment = await pay();
    await town.control.operator.moved(jane.msisdn, '500.00');
    const path = await propose('support', payment);
    const own = await as('support').get(path);
    expect(own.html).to.include('somebody else must agree').and.not.include(`${path}/vote`);
    const list = await as('finance').get('/console/approvals');
    expect(list.html).to.include(path).and.include('the wrong meter').and.include('Amina Wanjiru');
    expect((await vote('finance', path)).location).to.equal(`${path}?done=voted`);

    await jane.gets('goes back to the number that paid', payment.reference);
    await jane.gets('gave KES 500.00', 'back to the number that paid', payment.reference);
    await town.control.operator.moved(jane.msisdn, '500.00', '-500.00');
    await town.control.biller.booked(payment.account);
    await town.books.payment(payment.reference, 'refunded');
    await reaches(payment.id, 'paid');
    const page = await as('support').get(payment.path);
    for (const part of [
      'given back',
      'proposed a refund',
      'agreed to the refund',
      'owed-to-customers',
      'float:mpesa',
    ]) {
      expect(page.html, part).to.include(part);
    }
    expect(page.html, 'nothing more to give back').not.to.include(`${payment.path}/refund`);
    expect((await as('finance').get('/console/approvals')).html).not.to.include(path);
    const { id } = await refundOf(payment.id);
    const acts = await town.books.database.reader.findBy(AuditEntrySchema, { subjectId: id });
    expect(acts.map(({ act }) => act).sort()).to.deep.equal(['refund.proposed', 'refund.vote-grant']);
    expect(new Set(acts.map(({ actorId }) => actorId)).size).to.equal(2);
  });

  it('asks what became of it where the operator’s result was lost, and pays once', async function () {
    this.timeout(60_000);
    const payment = await pay(1);
    const path = await propose('support', payment);
    await town.control.faults({ daraja: { lostCallback: 1 } });
    await vote('finance', path);
    await town.control.operator.moved(jane.msisdn, '500.00', '-500.00');
    await town.control.faults({});
    await reaches(payment.id, 'paid');
    await jane.gets('Its token is not valid any more', payment.reference);
    const moved = await town.control.operator.transactions({ msisdn: jane.msisdn });
    expect(moved.filter(({ kind }) => kind === 'reverse')).to.have.length(1);
  });

  it('pays a part of what no biller has out to the handset, and shows all of it on the payment’s page', async function () {
    this.timeout(60_000);
    const { receipt = '' } = await town.control.payPaybill(jane.msisdn, '600', `999${newAccount().slice(3)}`);
    await jane.gets('Your money is safe', receipt);
    const { id } = await town.books.database.reader.findOneByOrFail(PaymentSchema, { operatorReceipt: receipt });
    const path = `/console/payments/${id}`;
    const transfer = /name="transfer" value="([^"]+)"/.exec((await as('support').get(path)).html)?.[1] ?? '';
    const asked = (amount: string) => as('support').post(`${path}/refund`, { transfer, amount, reason: 'too much' });
    for (const [amount, words] of [
      ['1,5', 'in figures'],
      ['601', 'More than came'],
      ['0.50', 'whole units only'],
    ] as const) {
      const refused = await asked(amount);
      expect(refused.status, amount).to.equal(422);
      expect(refused.html).to.include(words);
    }
    expect((await asked('250')).location).to.equal(`${path}?done=refund-proposed`);
    await vote('finance', `/console/approvals/${(await refundOf(id)).approvalId}`);
    await jane.gets('We give you KES 250.00', receipt);
    await jane.gets('paid you KES 250.00', receipt);
    await reaches(id, 'paid');
    const page = await as('support').get(path);
    for (const part of ['given back', '350.00 of it is left', 'set aside for whoever paid', 'reserved:mpesa']) {
      expect(page.html, part).to.include(part);
    }
    const moved = await town.control.operator.transactions({ msisdn: jane.msisdn });
    expect(moved.map(({ amount }) => amount)).to.have.members(['600.00', '-250.00']);
  });

  it('shows to whoever comes second what the first did', async () => {
    const payment = await pay();
    const path = await propose('finance', payment);
    // Both have the page open.
    const page = await as('administrator').get(path);
    const seen = /name="seen" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const fields = { verdict: 'reject', seen, reason: 'the customer called again' };
    expect((await as('administrator').post(`${path}/vote`, fields)).location).to.equal(`${path}?done=declined`);
    const late = await as('administrator').post(`${path}/vote`, { ...fields, verdict: 'grant' });
    expect(late.status).to.equal(422);
    expect(late.html).to.include('Somebody was faster').and.include('the customer called again');
    await reaches(payment.id, 'declined');
    expect((await town.books.payment(payment.reference, 'posted')).id).to.equal(payment.id);
  });

  it('takes no word of who proposed it, of who has not the role, without a reason, or of another thing', async () => {
    const payment = await pay();
    const path = await propose('finance', payment);
    const { approvalId, id } = await refundOf(payment.id);
    const seen = /name="seen" value="([^"]+)"/.exec((await as('administrator').get(path)).html)?.[1] ?? '';
    const fields = { verdict: 'grant', seen, reason: 'checked' };
    const mine = await as('finance').post(`${path}/vote`, fields);
    expect(mine.status).to.equal(422);
    expect(mine.html).to.include('cannot agree to it');
    const stranger = await as('support').post(`${path}/vote`, fields);
    expect(stranger.status).to.equal(422);
    expect(stranger.html).to.include('do not include this step');
    expect((await as('auditor').post(`${path}/vote`, fields)).status).to.equal(403);
    for (const change of [{ reason: '' }, { verdict: 'maybe' }, { seen: 'x'.repeat(64) }]) {
      expect((await as('administrator').post(`${path}/vote`, { ...fields, ...change })).status).to.equal(422);
    }
    for (const wrong of [id, 'nothing', `${approvalId}x`, '%00', 'a'.repeat(300)]) {
      expect((await as('administrator').post(`/console/approvals/${wrong}/vote`, fields)).status, wrong).to.equal(404);
    }
    expect((await as('support').post(`${path}/withdraw`, { reason: 'not mine' })).status).to.equal(422);
    expect((await refundOf(payment.id)).state).to.equal('proposed');
    expect((await as('finance').post(`${path}/withdraw`, { reason: 'a mistake' })).location).to.equal(
      `${path}?done=withdrawn`,
    );
    await reaches(payment.id, 'withdrawn');
  });

  it('takes no word of the same person behind another login', async () => {
    const payment = await pay();
    const path = await propose('finance', payment);
    const { reader } = town.books.database;
    const [maker, other] = await Promise.all(
      ['finance', 'administrator'].map((roles) => reader.findOneByOrFail(StaffMemberSchema, { roles })),
    );
    const be = (personId: string | undefined) =>
      town.books.database.transaction((tx) =>
        tx.update(StaffMemberSchema, { id: other?.id ?? '' }, { personId: personId ?? '' }),
      );
    const seen = /name="seen" value="([^"]+)"/.exec((await as('administrator').get(path)).html)?.[1] ?? '';
    await be(maker?.personId);
    const refused = await as('administrator').post(`${path}/vote`, { verdict: 'grant', seen, reason: 'checked' });
    await be(other?.personId);
    expect(refused.status).to.equal(422);
    expect(refused.html).to.include('cannot agree to it');
    expect((await refundOf(payment.id)).state).to.equal('proposed');
  });

  it('proposes once, and nothing that is not there', async () => {
    const payment = await pay();
    await propose('support', payment);
    const again = await as('finance').post(`${payment.path}/refund`, { reason: 'me too' });
    expect(again.status).to.equal(422);
    expect(again.html).to.include('proposed, under way or done');
    const foreign = await as('finance').post(`${payment.path}/refund`, {
      reason: 'another',
      transfer: 'x'.repeat(500),
    });
    expect(foreign.status).to.equal(422);
    const nothing = await as('finance').post('/console/payments/nothing/refund', { reason: 'nothing' });
    expect(nothing.status).to.equal(404);
  });

  it('speaks the reader’s language, and shows a reason as it was written', async () => {
    const payment = await pay();
    const path = await propose('support', payment, '<script>alert(1)</script> & "so"');
    for (const [language, title] of [
      ['sw', 'Idhini'],
      ['fr', 'Approbations'],
    ] as const) {
      const page = await as('finance').get(`/console/approvals?lang=${language}`);
      expect(page.html).to.include(title).and.include('&lt;script>alert(1)&lt;/script>').and.not.include('<script>');
      expect((await as('finance').get(`${path}?lang=${language}`)).html).not.to.match(
        /console\.(approval|refund|act|place)/,
      );
    }
  });
});

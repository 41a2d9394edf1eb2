import { expect } from 'chai';
import { linkAccount, unlink } from '../../../src/domain/accounts/index.ts';
import { setLanguage } from '../../../src/domain/customers/index.ts';
import { recordElsewhere } from '../../../src/domain/elsewhere/index.ts';
import { PaymentSchema } from '../../../src/domain/payments/index.ts';
import {
  estimateReminders,
  handReminders,
  planReminders,
  ReminderConsentSchema,
  ReminderRunSchema,
  ReminderSchema,
  setReminders,
  wantsReminders,
} from '../../../src/domain/reminders/index.ts';
import {
  addDays,
  businessDay,
  countSmsSegments,
  type Msisdn,
  minuteOfDay,
  startOfDay,
} from '../../../src/kernel/index.ts';
import type { DueBill } from '../../../src/providers/billers/index.ts';
import { type Domain, newMsisdn, openDomain, staysSound, WATER_ACCOUNT } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { payByCallback, prompt } from '../../support/stories.ts';

const ZONE = 'Africa/Nairobi';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describeOnStores('reminders', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    await untilHour(9);
  });
  staysSound(() => domain);

  /** The next time that the clock on the wall says this hour. */
  async function untilHour(hour: number): Promise<void> {
    const start = startOfDay(domain.clock.now(), ZONE) + hour * HOUR_MS;
    const at = start >= domain.clock.now() ? start : start + 24 * HOUR_MS;
    await domain.clock.advance(at - domain.clock.now());
  }
  const today = () => businessDay(domain.clock.now(), ZONE);
  const bill = (account = WATER_ACCOUNT, change: Partial<DueBill> = {}): DueBill => {
    const dueDay = addDays(today(), 3);
    domain.water.accounts.set(account, { holderName: 'Jane Wanjiku', due: kes(1_250) });
    return { bill: `B-${account}-${dueDay}`, account, due: kes(1_250), dueDay, ...change };
  };
  const linked = async (account = WATER_ACCOUNT, msisdn = newMsisdn()): Promise<Msisdn> => {
    const link = { msisdn, language: 'en', billerId: 'maji-water', account, holder: 'J***' };
    await linkAccount(domain.deps, link);
    return msisdn;
  };
  /** What the jobs do, for so many minutes. */
  async function minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      await handReminders(domain.deps);
      await domain.runFor(MINUTE_MS);
    }
  }
  const reminders = () => domain.deps.database.reader.find(ReminderSchema, { order: { id: 'ASC' } });
  const outcomes = async () => (await reminders()).map(({ state, reason }) => reason ?? state);
  const remind = async (count = 1) => {
    await planReminders(domain.deps);
    await minutes(count);
  };

  it('tell who linked the account of its bill, with a dial string, a link and where STOP goes, once however often they are planned', async () => {
    const jane = await linked();
    await linked('100200302');
    domain.water.bills.push(bill());
    await remind();
    await remind();
    await domain.deps.database.transaction((tx) => tx.manager.clear(ReminderRunSchema));
    await remind();
    const date = new Intl.DateTimeFormat('en', { timeZone: ZONE, day: 'numeric', month: 'short', year: 'numeric' });
    const parts = Object.fromEntries(
      date.formatToParts(domain.clock.now() + 72 * HOUR_MS).map((p) => [p.type, p.value]),
    );
    const [link = ''] = domain.sms.sent[0]?.text.match(/https:\/\/pay\.example\.org\/p\/\w{24,40}(?= )/) ?? [];
    const opened = { billerId: 'maji-water', account: WATER_ACCOUNT, amount: kes(1_250), language: 'en' };
    expect(domain.deps.payLinks.open(link.split('/p/')[1] ?? '')).to.deep.equal(opened);
    expect(domain.sms.sent).to.deep.equal([
      {
        to: jane,
        text: `Maji Water 100200300: KES 1,250.00 is due on ${parts.day} ${parts.month} ${parts.year}. To pay dial *384*123*1*2*100200300*1250# or open ${link} To end reminders send STOP to 20384.`,
        sender: 'MALIPO_INFO',
      },
    ]);
    expect(await outcomes()).to.deep.equal(['sent']);
  });

  it('take one part without the link, and say then nothing of it', async () => {
    domain.deps.reminderSettings.hasLinks = false;
    const jane = await linked();
    domain.water.bills.push(bill());
    await remind();
    const [text = ''] = domain.sms.to(jane);
    expect(text).to.include('*1250# To end').and.not.include('http');
    expect(countSmsSegments(text).segments).to.equal(1);
  });

  it('come before, on and after the due date, each stage once, and round cents up in the dial string only', async () => {
    const jane = await linked();
    const one = bill(WATER_ACCOUNT, { dueDay: addDays(today(), 3), due: kes(480.5) });
    domain.water.accounts.set(WATER_ACCOUNT, { holderName: 'Jane', due: kes(480.5) });
    domain.water.bills.push(one);
    for (let day = 0; day < 8; day += 1) {
      await remind();
      await untilHour(9);
    }
    const texts = domain.sms.to(jane);
    expect(texts).to.have.length(3);
    expect(texts[0]).to.include('KES 480.50 is due on').and.include('*100200300*481#');
    expect(texts[1]).to.include('is due today');
    expect(texts[2]).to.include('was due on');
    expect((await reminders()).map(({ stage }) => stage)).to.deep.equal([-3, 0, 3]);
  });

  it('are in the language of each customer', async () => {
    const jane = await linked();
    const amina = await linked();
    await setLanguage(domain.deps, { msisdn: amina, language: 'sw' });
    domain.water.bills.push(bill());
    await remind();
    expect(domain.sms.to(jane)[0]).to.include('is due on');
    expect(domain.sms.to(amina)[0]).to.include('zilipwe kufikia').and.include('ACHA');
  });

  it('stay silent towards who paid, here or elsewhere, after they were planned', async () => {
    const [paidHere, paidThere, paidAtBiller, open] = ['100200310', '100200311', '100200312', '100200313'];
    for (const account of [paidHere, paidThere, paidAtBiller, open]) {
      await linked(account);
      domain.water.bills.push(bill(account));
    }
    await untilHour(7);
    domain.water.bills.forEach((one, index) => {
      domain.water.bills[index] = { ...one, dueDay: addDays(today(), 3) };
    });
    await planReminders(domain.deps);
    expect(await outcomes()).to.deep.equal(['planned', 'planned', 'planned', 'planned']);
    await payByCallback(domain, await prompt(domain, { account: paidHere as string }));
    await domain.runOutbox();
    const fact = {
      reference: 'BR1',
      account: paidThere as string,
      amount: kes(1_250),
      paidAtMs: domain.clock.now(),
      place: '',
    };
    await recordElsewhere(domain.deps, { billerId: 'maji-water', fact, source: 'api' });
    domain.water.accounts.set(paidAtBiller as string, { holderName: 'Jane', due: kes(-20) });
    await untilHour(9);
    await minutes(1);
    expect(await outcomes()).to.deep.equal(['paid', 'paid-elsewhere', 'nothing-due', 'sent']);
    expect(domain.sms.sent.filter(({ sender }) => sender === 'MALIPO_INFO')).to.have.length(1);
  });

  it('stay silent while a payment is on its way, and plan none for it', async () => {
    await linked();
    domain.water.bills.push(bill());
    await prompt(domain);
    expect(await planReminders(domain.deps)).to.include({ bills: 1, planned: 0 });
  });

  it('stay silent while the biller has not booked what came or may come, however long that takes', async () => {
    const accounts = ['100200320', '100200321', '100200322', '100200323', '100200324', '100200325', '100200326'];
    const states = ['collected', 'prompting', 'held', 'suspense', 'failed', 'posted', 'posted'] as const;
    const oldMs = domain.clock.now() - 41 * HOUR_MS;
    for (const [index, account] of accounts.entries()) {
      await linked(account);
      const { payment } = await prompt(domain, { account });
      const state = states[index] as (typeof states)[number];
      // The last one was begun long ago and booked just now.
      const postedAtMs = state === 'posted' ? oldMs + (index - 5) * 40 * HOUR_MS : null;
      await domain.deps.database.transaction((tx) =>
        tx.update(PaymentSchema, { id: payment.id }, { state, createdAtMs: oldMs, postedAtMs }),
      );
      domain.water.bills.push(bill(account));
    }
    expect(await planReminders(domain.deps)).to.include({ bills: 7, planned: 2 });
    expect((await reminders()).map(({ account }) => account)).to.have.members(['100200324', '100200325']);
    const { id } = await domain.deps.database.reader.findOneByOrFail(PaymentSchema, { account: '100200325' });
    await domain.deps.database.transaction((tx) =>
      tx.update(PaymentSchema, { id }, { state: 'collected', postedAtMs: null }),
    );
    await handReminders(domain.deps);
    await domain.runFor(MINUTE_MS);
    const told = await reminders();
    expect(told.find(({ account }) => account === '100200324')).to.include({ state: 'sent' });
    expect(told.find(({ account }) => account === '100200325')).to.include({ state: 'skipped', reason: 'paid' });
  });

  it('obey STOP until START, by the menu, by SMS and by the network, and keep who said what', async () => {
    const jane = await linked();
    domain.water.bills.push(bill());
    const wish = { msisdn: jane, language: 'en' } as const;
    expect(await setReminders(domain.deps, { ...wish, wanted: false, source: 'sms' })).to.equal(true);
    expect(await setReminders(domain.deps, { ...wish, wanted: false, source: 'sms' })).to.equal(false);
    expect(await wantsReminders(domain.deps, { msisdn: jane })).to.equal(false);
    expect(await planReminders(domain.deps)).to.include({ planned: 0 });
    expect(await setReminders(domain.deps, { ...wish, wanted: true, source: 'ussd' })).to.equal(true);
    await domain.deps.database.transaction((tx) => tx.manager.clear(ReminderRunSchema));
    expect(await planReminders(domain.deps)).to.include({ planned: 1 });
    const notice = { senderId: 'MALIPO_INFO', phoneNumber: jane };
    await domain.deps.inbox.keep({ provider: 'africastalking', kind: 'opt-out', body: JSON.stringify(notice) });
    await domain.runOutbox();
    await minutes(1);
    expect(await outcomes()).to.deep.equal(['opted-out']);
    expect(await setReminders(domain.deps, { ...wish, wanted: true, source: 'sms' })).to.equal(true);
    expect(await wantsReminders(domain.deps, { msisdn: jane })).to.equal(true);
    expect(domain.sms.sent).to.deep.equal([]);
    const kept = await domain.deps.database.reader.find(ReminderConsentSchema, { order: { id: 'ASC' } });
    expect(kept.map(({ wish: said, source }) => `${said} ${source}`)).to.deep.equal([
      ...['off sms', 'on ussd', 'off operator', 'on sms'],
    ]);
  });

  it('ignore that another sender name is blocked', async () => {
    const jane = await linked();
    const notice = { senderId: 'MALIPO', phoneNumber: jane };
    await domain.deps.inbox.keep({ provider: 'africastalking', kind: 'opt-out', body: JSON.stringify(notice) });
    await domain.runOutbox();
    expect(await wantsReminders(domain.deps, { msisdn: jane })).to.equal(true);
  });

  it('obey a STOP that comes between their turn and the provider', async () => {
    const jane = await linked();
    domain.water.bills.push(bill());
    await planReminders(domain.deps);
    for (let turn = 0; turn < 40; turn += 1)
      domain.sms.script.push({ kind: 'later', code: '405', description: 'empty' });
    await minutes(1);
    const tried = domain.sms.sent.length;
    expect(tried).to.be.at.least(1);
    await setReminders(domain.deps, { msisdn: jane, language: 'en', wanted: false, source: 'sms' });
    await domain.runFor(2 * HOUR_MS);
    expect(domain.sms.sent).to.have.length(tried);
    const [message] = await domain.messages();
    expect(message).to.include({ state: 'failed', failure: 'opted-out opted out' });
  });

  it('are never sent twice when an answer is lost, as a receipt may be', async () => {
    await linked();
    domain.water.bills.push(bill());
    domain.sms.script.push({ kind: 'unknown', description: 'no answer' });
    await remind(5);
    await domain.runFor(2 * HOUR_MS);
    expect(domain.sms.sent).to.have.length(1);
    expect((await domain.messages())[0]).to.include({ state: 'failed', lostAnswers: 1 });
  });

  it('wait for a decent hour, and are not sent at night by a provider that was away', async () => {
    const jane = await linked();
    await untilHour(20);
    domain.water.bills.push(bill());
    await remind(3);
    expect(domain.sms.sent).to.deep.equal([]);
    await untilHour(18);
    for (let turn = 0; turn < 40; turn += 1)
      domain.sms.script.push({ kind: 'later', code: '500', description: 'down' });
    await minutes(1);
    const tried = domain.sms.sent.length;
    expect(tried).to.be.at.least(1);
    await domain.runFor(14 * HOUR_MS);
    for (const { to } of domain.sms.sent) expect(to).to.equal(jane);
    expect((await domain.messages())[0]).to.include({ state: 'failed', failure: 'expired its time is over' });
  });

  it('are moved to the next day when the hours end before their turn, and dropped when they are old news', async () => {
    await linked();
    domain.water.bills.push(bill());
    await planReminders(domain.deps);
    await untilHour(19);
    await minutes(1);
    const [moved] = await reminders();
    expect(moved?.state).to.equal('planned');
    expect(minuteOfDay(moved?.dueAtMs ?? 0, ZONE)).to.equal(540);
    await domain.clock.advance(40 * HOUR_MS);
    await minutes(1);
    expect(await outcomes()).to.deep.equal(['too-late']);
    expect(domain.sms.sent).to.deep.equal([]);
  });

  it('wait for a biller that does not answer, and are not sent on its silence', async () => {
    await linked();
    domain.water.bills.push(bill());
    domain.water.lookUpScript.push({ kind: 'unknown', timedOut: false, description: 'down' });
    await remind();
    expect(await outcomes()).to.deep.equal(['planned']);
    await minutes(20);
    expect(await outcomes()).to.deep.equal(['sent']);
  });

  it('keep the pace: so many a minute, over the whole of it, and no more after a pause', async () => {
    domain.deps.reminderSettings.perSecond = 1;
    for (let index = 0; index < 130; index += 1) {
      const account = `2002${String(index).padStart(5, '0')}`;
      await linked(account);
      domain.water.bills.push(bill(account));
    }
    await planReminders(domain.deps);
    await domain.clock.advance(3 * HOUR_MS);
    await handReminders(domain.deps);
    await domain.runFor(29_500);
    expect(domain.sms.sent).to.have.length(30);
    await handReminders(domain.deps);
    await domain.runFor(30_500);
    expect(domain.sms.sent).to.have.length(90);
    await minutes(2);
    expect(domain.sms.sent).to.have.length(130);
  }).timeout(60_000);

  it('go on where a plan died: nobody is told twice, and nobody is left out', async () => {
    domain.water.pageOf = 10;
    const people: Msisdn[] = [];
    for (let index = 0; index < 35; index += 1) {
      const account = `3002${String(index).padStart(5, '0')}`;
      people.push(await linked(account));
      domain.water.bills.push(bill(account));
    }
    const dying = planReminders(domain.deps, {
      onProgress: ({ bills }) => {
        if (bills === 20) throw new Error('died');
      },
    });
    expect((await Promise.allSettled([dying]))[0]?.status).to.equal('rejected');
    expect(await reminders()).to.have.length(20);
    expect(await planReminders(domain.deps)).to.deep.include({ bills: 15, planned: 15, unread: [] });
    await minutes(2);
    expect(domain.sms.sent.map(({ to }) => to)).to.have.members(people);
  });

  it('tell of a list that could not be read, and read it to its end later, also when the place in it is forgotten', async () => {
    domain.water.pageOf = 1;
    for (const account of ['100200320', '100200321']) {
      await linked(account);
      domain.water.bills.push(bill(account));
    }
    domain.water.billsScript.push(() => ({
      kind: 'page',
      bills: [domain.water.bills[0] as DueBill],
      unreadable: 1,
      next: '1',
    }));
    const down = { kind: 'unknown', description: 'HTTP 503' } as const;
    domain.water.billsScript.push(down, down);
    const first = await planReminders(domain.deps);
    expect(first).to.deep.include({ planned: 1, unread: [{ billerId: 'maji-water', why: 'HTTP 503' }] });
    domain.water.billsScript.push(down);
    expect(await planReminders(domain.deps)).to.deep.include({ planned: 1, unread: [] });
    expect(await reminders()).to.have.length(2);
  });

  it('pass over a biller that does not tell its bills', async () => {
    domain.water.billsScript.push({ kind: 'not-offered' });
    expect(await planReminders(domain.deps)).to.deep.include({ planned: 0, notOffered: ['maji-water'], unread: [] });
  });

  it('stay silent towards who removed the account, and towards a number that may be somebody else by now', async () => {
    const jane = await linked();
    const link = await domain.deps.database.reader.query('SELECT id FROM account_link');
    domain.water.bills.push(bill());
    await planReminders(domain.deps);
    await unlink(domain.deps, { msisdn: jane, linkId: link[0].id });
    await minutes(1);
    expect(await outcomes()).to.deep.equal(['unlinked']);
    await linked('100200330');
    await domain.clock.advance(181 * 24 * HOUR_MS);
    domain.water.bills.push(bill('100200330'));
    expect(await planReminders(domain.deps)).to.include({ planned: 0 });
  });

  it('are counted beforehand without one being planned or sent', async () => {
    const jane = await linked();
    const amina = await linked();
    await setLanguage(domain.deps, { msisdn: amina, language: 'fr' });
    domain.water.bills.push(bill(), bill('100200340'));
    const told = await estimateReminders(domain.deps, { show: 1 });
    expect(told).to.deep.include({ bills: 2, messages: 2, recipients: [`+254******${jane.slice(-3)}`], lastsMs: 400 });
    expect(told.cost).to.deep.equal(kes(told.segments * 0.8));
    expect([...told.byLanguage]).to.deep.equal([
      ['en', 1],
      ['fr', 1],
    ]);
    expect([...told.byStage]).to.deep.equal([[-3, 2]]);
    expect(await reminders()).to.deep.equal([]);
    await remind();
    expect(await estimateReminders(domain.deps, { show: 1 })).to.include({ messages: 0 });
    const sent = (await domain.messages()).reduce((sum, { segments }) => sum + segments, 0);
    expect(sent).to.equal(told.segments);
  });
});

import { expect } from 'chai';
import { newAccount, type Phone } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

describeOnStores('limits and rules', (stores) => {
  let town: TestService;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    town = await startService(stores(), {
      LIMIT_CUSTOMER_DAILY: '2000',
      RULE_ACCOUNTS_PER_DAY: '2',
      RULE_PAYMENTS_PER_10_MINUTES: '4',
      RULE_PAYMENTS_ACTION: 'refuse',
    });
  });
  after(() => town?.stop());
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(120_000);
    await town.expectSound();
  });

  const confirm = async (account: string, amount: number) => {
    await jane.dial(`*384*123*1*2*${account}*${amount}#`).sees('Pay KES');
    return jane.choose('1');
  };

  it("ends at the customer's limit of the day, and says what is left", async () => {
    const account = newAccount();
    await jane.gets('paid KES', await jane.pays({ biller: 2, account, amount: 1_500 }));
    expect(await confirm(account, 501)).to.match(/^CON Over today's limit\. You have KES 500\.00 left/);
    await jane.choose('00');
    await jane.gets('paid KES 500.00', await jane.pays({ biller: 2, account, amount: 500 }));
    await town.control.operator.moved(jane.msisdn, '1500.00', '500.00');
  });

  it('counts only what was paid or may still be', async () => {
    const account = newAccount();
    await jane.handset({ answer: 'cancel', delayMs: 20 });
    await jane.gets('NOT paid', await jane.pays({ biller: 2, account, amount: 1_900 }));
    await jane.handset({ answer: 'pay', delayMs: 20 });
    await jane.gets('paid KES 1,901.00', await jane.pays({ biller: 2, account, amount: 1_901 }));
  });

  it('holds a payment to one account too many: no prompt, and a person decides', async () => {
    for (const amount of [11, 12]) {
      await jane.gets('paid KES', await jane.pays({ biller: 2, account: newAccount(), amount }));
    }
    expect(await confirm(newAccount(), 13)).to.match(/^END Your payment M\w{9} is under review\. Nothing is charged/);
    await jane.dial().sees('being checked, not charged');
    await jane.dial('*384*123*4#').sees('KES 13.00 in review');
    await town.books.untilQuiet();
    expect(await town.control.operator.prompts(jane.msisdn)).to.have.length(2);
  });

  it('lets a hold end by itself, and says so by SMS', async () => {
    for (const amount of [11, 12]) {
      await jane.gets('paid KES', await jane.pays({ biller: 2, account: newAccount(), amount }));
    }
    await confirm(newAccount(), 13);
    const [held] = await town.books.payments({ dialler: jane.msisdn as never, state: 'held' });
    // Half an hour is long for a test: it is over now.
    await eventually('the hold is made due', () =>
      town.books.database.transaction((tx) =>
        tx.manager.query('UPDATE outbox SET due_at = 0 WHERE work_key = ?', [`payment.expire-hold:${held?.id}`]),
      ),
    );
    await jane.gets('was not paid and nothing was charged', held?.reference ?? '?', 'Dial *384*123#');
    await town.books.payment(held?.reference ?? '?', 'expired');
    expect(await town.control.operator.prompts(jane.msisdn)).to.have.length(2);
  });

  it('refuses too many payments in ten minutes, when it is told to refuse', async () => {
    const account = newAccount();
    for (const amount of [11, 12, 13, 14]) {
      await jane.gets('paid KES', await jane.pays({ biller: 2, account, amount }));
    }
    expect(await confirm(account, 15)).to.match(/^CON Too many payments\. Wait ten minutes/);
  });

  it('never counts an account: many may pay the same one', async () => {
    const account = newAccount();
    for (const amount of [11, 12, 13, 14, 15, 16]) {
      const payer = await town.phone();
      await payer.gets('paid KES', await payer.pays({ biller: 2, account, amount }));
    }
  });

  it('books money that was taken at the paybill, whatever the limits say', async () => {
    const account = newAccount();
    await town.control.payPaybill(jane.msisdn, '5000', account);
    await jane.gets('paid KES 5,000.00', account);
  });
});

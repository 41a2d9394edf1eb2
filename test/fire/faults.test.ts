import { expect } from 'chai';
import { newAccount, type Phone } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import type { Faults, Posting, Transaction } from '../support/service-control.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';

const CUSTOMERS = 100;
const SEED = 20261120;
/** Faults end after this; from then on everything comes to rest. */
const TROUBLE_MS = 6_000;
const REST_WITHIN_MS = 150_000;

/** Everything at once, as on a bad day. */
const BAD_DAY: Faults = {
  lostRequest: 0.1,
  lostAnswer: 0.15,
  lostCallback: 0.3,
  repeatedCallback: 0.3,
  callbackBeforeAnswer: 0.2,
  http500: 0.1,
  busy: 0.05,
  html: 0.1,
  alsoConfirm: 0.3,
  delayMs: [0, 400],
};

interface Customer {
  phone: Phone;
  account: string;
  pays: boolean;
  reference: string;
}

const PATIENCE_MS = 400_000;

describeOnStores('a bad day', (stores) => {
  let town: TestService;
  before(async function () {
    this.timeout(PATIENCE_MS);
    town = await startService(stores(), {
      INQUIRY_DELAYS_S: '3,6,9,12,16,20,30,40,60',
      PULL_EVERY_MINUTES: '1',
      RULE_THIRD_PARTY_PROMPTS_PER_DAY: '1000',
    });
  });
  after(() => town?.stop());

  async function crowd(size: number, pays: (index: number) => boolean): Promise<Customer[]> {
    return Promise.all(
      Array.from({ length: size }, async (_, index) => {
        const phone = await town.phone();
        await phone.handset({ answer: pays(index) ? 'pay' : 'cancel', delayMs: 50 + ((index * 37) % 900) });
        return { phone, account: newAccount(index % 4 === 0 ? 1 : 2), pays: pays(index), reference: '' };
      }),
    );
  }

  /** Dials until the biller could be asked, and confirms once. */
  async function confirm(customer: Customer): Promise<void> {
    const { phone, account } = customer;
    const biller = account.length === 11 ? 1 : 2;
    await eventually(`${phone.msisdn} comes to the confirmation`, () =>
      phone.dial(`*384*123*1*${biller}*${account}*500#`).sees('Pay KES 500.00'),
    );
    const end = await phone.choose('1').ends(/\bRef M|still being made/);
    expect(await phone.again()).to.equal(end);
    // On a very busy machine the screen may say only that the payment is still being made.
    customer.reference = await eventually(`${phone.msisdn} has a payment`, async () => {
      const [payment, ...more] = await town.books.payments({ dialler: phone.msisdn as never });
      expect(more).to.deep.equal([]);
      expect(payment).not.to.equal(undefined);
      return payment?.reference ?? '';
    });
  }

  async function expectFair(customers: readonly Customer[]): Promise<void> {
    const moved = groupBy(await town.control.operator.transactions(), ({ msisdn }) => msisdn);
    const booked = groupBy(await town.control.biller.postings(), ({ account }) => account);
    for (const customer of customers) await expectFairTo(customer, moved, booked);
  }

  async function expectFairTo(
    { phone, account, pays, reference }: Customer,
    moved: ReadonlyMap<string, Transaction[]>,
    booked: ReadonlyMap<string, Posting[]>,
  ): Promise<void> {
    const debits = moved.get(phone.msisdn) ?? [];
    const postings = booked.get(account) ?? [];
    const texts = await phone.messages();
    const story = JSON.stringify({ reference, pays, debits, postings, texts });
    expect(debits.length, `debited at most once: ${story}`).to.be.at.most(1);
    expect(postings.length, `booked exactly if debited: ${story}`).to.equal(debits.length);
    const [debit] = debits;
    if (debit) {
      const receipts = texts.filter((text) => /paid KES 500\.00/.test(text) && text.includes(reference));
      expect(receipts, `a receipt: ${story}`).not.to.have.length(0);
      expect(new Set(receipts).size, `one receipt, whatever was lost: ${story}`).to.equal(1);
      expect(receipts[0], story).to.include(debit.receipt);
      expect(postings[0]?.reference, story).to.equal(reference);
    } else {
      const isTold = texts.some((text) => text.includes(reference) && /NOT paid|has not told us yet/.test(text));
      expect(isTold, `told that it failed, or that nobody knows: ${story}`).to.equal(true);
    }
  }

  /** Every payment has its end, or nobody but the operator's statement can say what became of it. */
  async function atRest(): Promise<void> {
    await eventually(
      'every payment has an end',
      async () => {
        const open = (await town.books.payments()).filter(({ state }) => ['prompting', 'collected'].includes(state));
        const transfers = new Map((await town.books.transfers()).map((transfer) => [transfer.id, transfer]));
        const undecided = open.filter(({ transferId }) => transfers.get(transferId ?? '')?.state !== 'unknown');
        expect(undecided.map(({ reference, state }) => `${reference} ${state}`)).to.deep.equal([]);
        const unsent = await town.books.outbox({ topic: 'message.send', state: 'ready' });
        expect(unsent, 'messages to be sent').to.have.length(0);
      },
      REST_WITHIN_MS,
    );
  }

  it('whose operator contradicts itself: money that moved is found all the same', async function () {
    this.timeout(PATIENCE_MS);
    const customers = await crowd(20, () => true);
    await town.control.faults({
      seed: SEED,
      daraja: { contradictingQuery: 1, lostCallback: 0.6, lostAnswer: 0.2, repeatedCallback: 0.3, delayMs: [0, 200] },
    });
    await Promise.all(customers.map(confirm));
    await new Promise((resolve) => setTimeout(resolve, TROUBLE_MS));
    await town.control.faults({});
    await atRest();
    await eventually('all is fair', () => expectFair(customers), REST_WITHIN_MS);
    await town.expectSound();
  });

  it(`of ${CUSTOMERS} customers at once: nobody is debited twice, everybody is told, and all books agree`, async function () {
    this.timeout(PATIENCE_MS);
    const customers = await crowd(CUSTOMERS, (index) => index % 5 !== 0);
    await town.control.faults({ seed: SEED, daraja: BAD_DAY, biller: BAD_DAY, sms: BAD_DAY });
    await Promise.all(customers.map(confirm));
    await new Promise((resolve) => setTimeout(resolve, TROUBLE_MS));
    await town.control.faults({});
    await atRest();
    await eventually('all is fair', () => expectFair(customers), REST_WITHIN_MS);
    await town.expectSound();
  });
});

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

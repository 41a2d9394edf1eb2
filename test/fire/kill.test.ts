import { expect } from 'chai';
import { newAccount, type Phone, referenceIn } from '../support/dial.ts';
import { type MortalService, startMortalService } from '../support/kill.ts';
import { eventually } from '../support/service-eventually.ts';
import { embeddedStores, type StorePair, serverStores } from '../support/stores.ts';

/** How long an answer is held back, so that the kill falls into the call. */
const HELD_MS = 2_000;
const HELD: [number, number] = [HELD_MS, HELD_MS];

const HOUSES: [string, () => Promise<StorePair | undefined>, { split: boolean }][] = [
  ['the whole service, embedded stores', embeddedStores, { split: false }],
  ['a worker, MariaDB and Redis', serverStores, { split: true }],
];

for (const [house, openStores, options] of HOUSES) {
  describe(`kill -9 (${house})`, function () {
    this.timeout(180_000);
    let stores: StorePair | undefined;
    let town: MortalService;
    let jane: Phone;
    let account: string;
    before(async function () {
      stores = await openStores();
      if (!stores) return this.skip();
      town = await startMortalService(stores, options);
    });
    after(async () => {
      await town?.stop();
      await stores?.drop();
    });
    beforeEach(async () => {
      jane = await town.phone();
      account = newAccount();
      // The operator's token is had before, so that the faults meet the calls that are meant.
      const warm = await town.phone();
      await warm.gets('paid KES', await warm.pays({ biller: 2, account: newAccount(), amount: 10 }));
      await town.books.untilQuiet();
    });
    afterEach(async () => {
      await town.control.faults({});
      await town.books.expectSound(town.control);
    });

    async function confirm(meter = false): Promise<string> {
      if (meter) account = newAccount(1);
      await jane.dial(`*384*123*1*${meter ? 1 : 2}*${account}*500#`).sees('Pay KES 500.00');
      return referenceIn(await jane.choose('1').ends('Ref M'));
    }

    /** Dies now, and lives again when the parties are well. */
    async function dieAndLive(): Promise<void> {
      await town.victim.kill();
      await town.control.faults({});
      await town.victim.start();
    }

    async function expectPaidOnce(reference: string): Promise<void> {
      await jane.gets('paid KES 500.00', reference, account);
      await town.control.operator.moved(jane.msisdn, '500.00');
      const [booked] = await town.control.biller.booked(account, '500.00');
      expect(booked?.reference).to.equal(reference);
      expect(await town.control.operator.prompts(jane.msisdn), 'prompts').to.have.length(1);
    }

    it('right after the confirmation was committed: the prompt still goes out, once', async () => {
      const reference = await confirm();
      await dieAndLive();
      await expectPaidOnce(reference);
    });

    it('before the prompt reached the operator: never sent again, and the customer is told not to pay again', async () => {
      await town.control.faults({ daraja: { lostRequest: 1, delayMs: HELD } });
      const reference = await confirm();
      await submitted(town, reference);
      await dieAndLive();
      await jane.gets('has not told us yet', 'Do not pay again', reference);
      expect(await town.control.operator.prompts(jane.msisdn)).to.deep.equal([]);
      expect(await town.control.biller.postings({ account })).to.deep.equal([]);
    });

    it('while the operator answers, the customer pays meanwhile, and callback and answer are lost', async () => {
      await town.control.faults({ daraja: { lostCallback: 1, delayMs: HELD } });
      const reference = await confirm();
      await town.control.operator.moved(jane.msisdn, '500.00');
      await dieAndLive();
      await expectPaidOnce(reference);
    });

    it('when the money has moved, before the biller has heard of it', async () => {
      // Looked up while the biller is well; posted after.
      await jane.dial(`*384*123*1*2*${account}*500#`).sees('Pay KES 500.00');
      await town.control.faults({ biller: { lostRequest: 1, delayMs: HELD } });
      const reference = referenceIn(await jane.choose('1'));
      await town.books.payment(reference, 'collected');
      await dieAndLive();
      await expectPaidOnce(reference);
    });

    it('when the biller has sold the token, before it was kept: the same token, sold once', async () => {
      account = newAccount(1);
      await jane.dial(`*384*123*1*1*${account}*500#`).sees('Pay KES 500.00');
      await town.control.faults({ biller: { delayMs: HELD } });
      const reference = referenceIn(await jane.choose('1'));
      const [sold] = await town.control.biller.booked(account, '500.00');
      expect((await town.books.payments({ reference }))[0]?.state).to.equal('collected');
      await dieAndLive();
      const token = (sold?.tokens[0] ?? '?').replace(/(\d{4})(?=\d)/g, '$1-');
      await jane.gets(/^Token:/, token, reference);
      await expectPaidOnce(reference);
    });

    it('when the SMS was accepted, before that was kept: it may come twice, word for word', async () => {
      await town.control.faults({ sms: { delayMs: HELD } });
      const reference = await confirm();
      const receipt = await jane.gets('paid KES 500.00', reference);
      await dieAndLive();
      await expectPaidOnce(reference);
      const message = await eventually('the message is known to be sent', async () => {
        const [found] = await town.books.messages({ recipient: jane.msisdn as never });
        expect(found?.state).to.be.oneOf(['sent', 'delivered']);
        return found;
      });
      const texts = await jane.messages();
      expect(new Set(texts)).to.deep.equal(new Set([receipt]));
      expect(texts.length, 'each of them is counted').to.be.at.most(message?.attempts ?? 0);
    });

    it('in the second try of a prompt that the operator could not show at first: never a third', async () => {
      await town.control.faults({ daraja: { subscriberLocked: 1 } });
      const reference = await confirm();
      const [transfer] = await submitted(town, reference);
      const work = { workKey: `transfer.submit:${transfer?.id}:again` };
      await eventually('a second try is planned', async () => {
        expect(await town.books.outbox(work)).to.have.length(1);
      });
      await town.control.faults({ daraja: { lostCallback: 1, delayMs: HELD } });
      // A minute is long for a test: it is due now.
      await town.books.database.transaction((tx) =>
        tx.manager.query('UPDATE outbox SET due_at = 0 WHERE work_key = ?', [work.workKey]),
      );
      await town.control.operator.moved(jane.msisdn, '500.00');
      await dieAndLive();
      await expectPaidOnce(reference);
      await eventually('the work of sending is over', async () => {
        const [row] = await town.books.outbox(work);
        expect(row?.state).to.equal('done');
      });
      await expectPaidOnce(reference);
    });

    it('at any moment, again and again, with many customers under way', async () => {
      const crowd = await Promise.all(Array.from({ length: 12 }, () => town.phone()));
      const references = new Map<Phone, string>();
      const places = new Map<Phone, string>();
      const dial = async (phone: Phone) => {
        const place = newAccount();
        places.set(phone, place);
        await phone.handset({ answer: 'pay', delayMs: 20 + Math.floor(Math.random() * 1_500) });
        // Nobody answers while the process is down, and sessions in memory die with it: he dials again, as people do.
        const tryToPay = async () => {
          await phone.dial(`*384*123*1*2*${place}*500#`).sees('Pay KES');
          references.set(phone, referenceIn(await phone.choose('1')));
        };
        await eventually('somebody takes the payment', tryToPay, 90_000);
      };
      const dialling = Promise.all(
        crowd.map(async (phone) => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 4_000));
          await dial(phone);
        }),
      );
      dialling.catch(() => {});
      for (let death = 0; death < 4; death += 1) {
        await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1_200));
        await dieAndLive();
      }
      await dialling;
      for (const phone of crowd) await expectFair(phone, references.get(phone) ?? '?', places.get(phone) ?? '?');
    });

    /** Paid, booked and told once; or the death fell between the commit and the call, and it is told that nobody knows. */
    async function expectFair(phone: Phone, reference: string, place: string): Promise<void> {
      await phone.gets(/paid KES 500\.00|has not told us yet/, reference);
      await eventually(`what moved from ${phone.msisdn} is booked and told`, async () => {
        const moved = await town.control.operator.transactions({ msisdn: phone.msisdn });
        const booked = await town.control.biller.postings({ account: place });
        const receipts = (await phone.messages()).filter((text) => text.includes('paid KES 500.00'));
        expect(moved.length).to.be.at.most(1);
        expect({ booked: booked.length, receipts: new Set(receipts).size }).to.deep.equal({
          booked: moved.length,
          receipts: moved.length,
        });
      });
    }

    it('stops when asked to, and finishes what is in hand', async () => {
      const reference = await confirm();
      expect(await town.victim.stop()).to.equal(0);
      const claimed = (await town.books.outbox({ state: 'ready' })).filter(({ claimedBy }) => claimedBy !== null);
      expect(claimed, 'nothing is left to a lease').to.deep.equal([]);
      await town.victim.start();
      await expectPaidOnce(reference);
    });
  });
}

/** Waits until the prompt's call is under way. */
function submitted(town: MortalService, reference: string) {
  return eventually('the prompt is on its way', async () => {
    const transfers = await town.books.transfers({ reference });
    expect(transfers[0]?.state).to.equal('submitted');
    return transfers;
  });
}

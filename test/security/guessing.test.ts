import { expect } from 'chai';
import { lookUpAccount } from '../../src/domain/accounts/index.ts';
import { checkPin, type PinHasher, setPin } from '../../src/domain/customers/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { newAccount, type Phone } from '../support/dial.ts';
import { type Domain, newMsisdn, openDomain, WATER_ACCOUNT } from '../support/domain-deps.ts';
import { startService, type TestService } from '../support/service.ts';
import { describeOnStores } from '../support/stores.ts';
import { refusalOf } from '../support/stories.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Hashing is slow on purpose; what is counted here is how many guesses are let through. */
const QUICK_PINS: PinHasher = {
  hash: async (pin) => `quick:${pin}`,
  verify: async (stored, pin) => stored === `quick:${pin}`,
};

describeOnStores('guessing', (stores) => {
  describe('a service PIN over many sessions', () => {
    let domain: Domain;
    let msisdn: Msisdn;
    let sessions = 0;
    before(async () => {
      domain = await openDomain(stores());
      domain.deps.pins = QUICK_PINS;
    });
    after(() => domain?.close());
    beforeEach(async () => {
      await domain.reset();
      msisdn = newMsisdn();
      await setPin(domain.deps, { msisdn, language: 'en', pin: '9371' });
    });

    /** One session, one guess. */
    const guess = (pin: string) => {
      sessions += 1;
      return checkPin(domain.deps, { msisdn, pin, turnKey: `session-${sessions}` });
    };

    it('is let through some forty times in a week, however often it is tried', async () => {
      let [counted, lastLockMs] = [0, 0];
      for (let triedMs = 0; triedMs < 7 * DAY_MS; triedMs += 15 * MINUTE_MS) {
        const before = domain.clock.now();
        const answer = await guess('0000');
        if (answer.kind === 'wrong') counted += 1;
        if (answer.kind === 'locked' && answer.untilMs - before > lastLockMs) {
          counted += 1;
          lastLockMs = answer.untilMs - before;
        }
        await domain.clock.advance(15 * MINUTE_MS);
      }
      expect(lastLockMs).to.equal(DAY_MS);
      expect(counted).to.be.within(20, 45);
    }).timeout(60_000);

    it('is counted when a hundred sessions guess at the same moment', async () => {
      const pins = Array.from({ length: 100 }, (_, index) => String(index).padStart(4, '0'));
      const answers = await Promise.all(pins.map(guess));
      expect(answers.filter(({ kind }) => kind === 'wrong')).to.have.length(2);
      expect(answers.filter(({ kind }) => kind === 'right')).to.have.length(0);
      expect((await guess('9371')).kind, 'the right one too').to.equal('locked');
    }).timeout(30_000);
  });

  describe('accounts by dialling', () => {
    let domain: Domain;
    let msisdn: Msisdn;
    before(async () => {
      domain = await openDomain(stores());
    });
    after(() => domain?.close());
    beforeEach(async () => {
      await domain.reset();
      Object.assign(domain.deps.lookupRules, { notFoundPerDay: 5, notFoundPerBillerPerHour: 8, notFoundWhenTight: 2 });
      msisdn = newMsisdn();
    });

    let missing = 999_000;
    const lookUp = (who: Msisdn, account: string, billerId = 'maji-water') =>
      lookUpAccount(domain.deps, { billerId, account, timeoutMs: 3_000, msisdn: who });
    const miss = async (who: Msisdn, times: number) => {
      for (let count = 0; count < times; count += 1) {
        missing += 1;
        expect(await lookUp(who, String(missing))).to.deep.equal({ kind: 'not-found' });
      }
    };
    const refused = async (who: Msisdn, billerId?: string) => {
      const account = billerId === 'jua-power' ? '04123456789' : WATER_ACCOUNT;
      const { code, details } = await refusalOf(lookUp(who, account, billerId));
      expect(code).to.equal('account.too-many-not-found');
      return details.retryAt as Date;
    };

    it('are refused to a number that found too little, at every biller, until a day has passed', async () => {
      const startedMs = domain.clock.now();
      await miss(msisdn, 5);
      let asked = 0;
      domain.water.lookUpScript.push(() => {
        asked += 1;
        throw new Error('nobody may ask');
      });
      const retryAt = await refused(msisdn);
      expect(asked, 'the biller is not even asked').to.equal(0);
      domain.water.lookUpScript.length = 0;
      await refused(msisdn, 'jua-power');
      expect(retryAt.getTime() - startedMs).to.be.within(DAY_MS, DAY_MS + MINUTE_MS);
      expect((await lookUp(newMsisdn(), WATER_ACCOUNT)).kind, 'to nobody else').to.equal('found');
      await domain.clock.advance(retryAt.getTime() - domain.clock.now());
      expect((await lookUp(msisdn, WATER_ACCOUNT)).kind).to.equal('found');
    });

    it('are not counted when they are found, closed, no number at all, or when the biller does not answer', async () => {
      for (let times = 0; times < 6; times += 1) {
        expect((await lookUp(msisdn, WATER_ACCOUNT)).kind).to.equal('found');
        expect((await lookUp(msisdn, 'x')).kind).to.equal('malformed');
        domain.water.lookUpScript.push({ kind: 'closed' }, { kind: 'unknown', timedOut: false, description: '' });
        expect((await lookUp(msisdn, WATER_ACCOUNT)).kind).to.equal('closed');
        expect((await lookUp(msisdn, WATER_ACCOUNT)).kind).to.equal('unavailable');
      }
      expect((await lookUp(msisdn, WATER_ACCOUNT)).kind).to.equal('found');
    });

    it('are refused sooner while many numbers together guess at one biller, and never to who guessed nothing', async () => {
      const crowd = Array.from({ length: 4 }, newMsisdn);
      for (const one of crowd) await miss(one, 2);
      const [first] = crowd as [Msisdn];
      const retryAt = await refused(first);
      expect((await lookUp(first, '04123456789', 'jua-power')).kind, 'at the other biller').to.equal('found');
      expect((await lookUp(msisdn, WATER_ACCOUNT)).kind).to.equal('found');
      await miss(msisdn, 1);
      expect((await lookUp(msisdn, WATER_ACCOUNT)).kind, 'one slip').to.equal('found');
      await domain.clock.advance(retryAt.getTime() - domain.clock.now());
      expect((await lookUp(first, WATER_ACCOUNT)).kind).to.equal('found');
    });
  });

  describe('accounts by dialling, on the phone', () => {
    let town: TestService;
    let jane: Phone;
    before(async function () {
      this.timeout(60_000);
      town = await startService(stores(), { RULE_NOT_FOUND_PER_DAY: '3' });
    });
    after(() => town?.stop());

    it('ends in words, over all sessions of a number, in its language; a linked account stays open', async () => {
      jane = await town.phone();
      const own = newAccount();
      await jane.dial(`*384*123*2*1*2*${own}#`);
      await jane.choose('1').ends('was added');
      for (const account of ['9990001', '9990002', '9990003']) {
        await jane.dial(`*384*123*1*2*${account}#`).sees('No such account');
      }
      const stranger = newAccount();
      await jane.dial(`*384*123*1*2*${stranger}#`).sees('Too many accounts not found. Try after', /^(?!.*Due)/s);
      await jane.dial(`*384*123*3*2*${stranger}#`).sees('Too many accounts not found');
      await jane.dial(`*384*123*2*2*2*${stranger}#`).sees('Too many accounts not found');
      await jane.dial('*384*123*2*1*1*200#').sees('Pay KES 200.00');
      await jane.dial('*384*123*5*2#');
      await jane.dial(`*384*123*1*2*${stranger}#`).sees('Akaunti nyingi hazikupatikana');
      await jane.dial('*384*123*5*3#');
      await jane.dial(`*384*123*1*2*${stranger}#`).sees('Trop de comptes introuvables');
      const peter = await town.phone();
      await peter.dial(`*384*123*1*2*${stranger}#`).sees('amount');
    });
  });
});

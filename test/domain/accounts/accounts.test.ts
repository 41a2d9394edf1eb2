import { expect } from 'chai';
import {
  AccountLinkSchema,
  linkAccount,
  listLinks,
  lookUpAccount,
  maskName,
  renameLink,
  sendBillLater,
  unlink,
} from '../../../src/domain/accounts/index.ts';
import { findCustomer } from '../../../src/domain/customers/index.ts';
import { type Msisdn, money } from '../../../src/kernel/index.ts';
import { type Domain, METER, newMsisdn, openDomain, staysSound, WATER_ACCOUNT } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { forget } from '../../support/forget.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const DAY_MS = 24 * 3_600_000;

describe('masking a name', () => {
  it('shows the first letter of at most three words', () => {
    expect(maskName('Jane Wanjiku')).to.equal('J*** W******');
    expect(maskName('  jane   wanjiku mary ann ')).to.equal('j*** w****** m***');
    expect(maskName('Kwabena-Asante')).to.equal('K******');
    expect(maskName('')).to.equal('');
    expect(maskName('Ann 😀x')).to.equal('A** 😀*');
    expect(maskName('X'.repeat(500))).to.have.length(7);
  });
});

describeOnStores('accounts', (stores) => {
  let domain: Domain;
  let msisdn: Msisdn;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(async () => {
    await domain.reset();
    msisdn = newMsisdn();
  });
  staysSound(() => domain);

  const lookUp = (account: string, billerId = 'maji-water', timeoutMs = 3_000) =>
    lookUpAccount(domain.deps, { billerId, account, timeoutMs });

  describe('looking up', () => {
    it('shows the name partly masked and what is due', async () => {
      expect(await lookUp('100 200-300')).to.deep.equal({
        kind: 'found',
        account: WATER_ACCOUNT,
        holder: 'J*** W******',
        due: kes(1_250),
      });
      domain.water.accounts.set('555666', {
        holderName: 'Ali',
        due: money(-500n, 'KES'),
        dueDateMs: 1_800_000_000_000,
      });
      expect(await lookUp('555666')).to.deep.include({ due: money(-500n, 'KES'), dueDateMs: 1_800_000_000_000 });
    });

    it('asks no biller for what cannot be its account', async () => {
      domain.water.lookUpScript.push(() => {
        throw new Error('nobody may ask');
      });
      for (const account of ['', '12345', '12345678901', 'abcdef', '1'.repeat(99)]) {
        expect(await lookUp(account)).to.deep.equal({ kind: 'malformed' });
      }
      expect((await refusalOf(lookUp('1', 'no-such'))).code).to.equal('biller.unknown');
    });

    it('passes on what the biller says', async () => {
      expect(await lookUp('999111')).to.deep.equal({ kind: 'not-found' });
      domain.water.lookUpScript.push(
        { kind: 'closed' },
        { kind: 'unknown', timedOut: true, description: '' },
        { kind: 'unknown', timedOut: false, description: '' },
      );
      for (const kind of ['closed', 'slow', 'unavailable']) expect(await lookUp(WATER_ACCOUNT)).to.deep.equal({ kind });
    });

    it('waits for its time and no longer', async () => {
      domain.water.lookUpScript.push(() => new Promise<never>(() => {}));
      const asked = lookUp(WATER_ACCOUNT, 'maji-water', 3_000);
      await domain.clock.advance(2_999);
      expect(await Promise.race([asked, 'waits'])).to.equal('waits');
      await domain.clock.advance(1);
      expect(await asked).to.deep.equal({ kind: 'slow' });
    });
  });

  describe('the bill that comes later', () => {
    const later = (turnKey = 'turn', account = WATER_ACCOUNT) =>
      sendBillLater(domain.deps, { msisdn, language: 'en', billerId: 'maji-water', account, turnKey });

    it('brings name, amount due and a dial string that leads straight on, once', async () => {
      await later();
      await later();
      await domain.runOutbox();
      expect(domain.sms.to(msisdn)).to.have.length(1);
      for (const part of ['J*** W******', 'KES 1,250.00', `*384*123*1*2*${WATER_ACCOUNT}#`]) {
        expect(domain.sms.to(msisdn)[0]).to.include(part);
      }
    });

    const DUES: Record<string, [number, string, string, string]> = {
      'credit is nothing due': [-7_020_000, 'nothing is due.', 'hakuna deni.', 'rien à payer.'],
      'nothing is due': [0, 'nothing is due.', 'hakuna deni.', 'rien à payer.'],
      'cents are due': [
        48_050,
        'amount due KES 480.50; to clear it KES 481.00.',
        'kiasi unachodaiwa KES 480.50; kulimaliza KES 481.00.',
        'montant à payer 480,50 KES ; pour solder 481,00 KES.',
      ],
    };
    for (const [what, [dueMinor, ...words]] of Object.entries(DUES)) {
      it(`says in every language what is owed, and no debt that is none: ${what}`, async () => {
        const saying = { holderName: 'Jane Wanjiku', due: money(BigInt(dueMinor), 'KES') };
        for (const [index, language] of ['en', 'sw', 'fr'].entries()) {
          domain.water.lookUpScript.push({ kind: 'found', account: WATER_ACCOUNT, ...saying });
          const bill = { msisdn, language, billerId: 'maji-water', account: WATER_ACCOUNT, turnKey: `due-${language}` };
          await sendBillLater(domain.deps, bill);
          await domain.runOutbox();
          const text = domain.sms.to(msisdn)[index]?.replace(/[\u00a0\u202f]/g, ' ');
          expect(text).to.include(words[index]).and.include(`*384*123*1*2*${WATER_ACCOUNT}#`);
          expect(text).to.not.include('-');
        }
      });
    }

    it('comes when the biller is back, and says so when there is no such account', async () => {
      for (let tries = 0; tries < 3; tries += 1) {
        domain.water.lookUpScript.push({ kind: 'unknown', timedOut: true, description: '' });
      }
      await later();
      await later('other', '999888');
      await domain.runFor(60_000);
      expect(domain.sms.to(msisdn)).to.have.length(2);
      expect(domain.sms.to(msisdn).join()).to.include('no open account 999888');
    });
  });

  describe('links', () => {
    const link = (account = WATER_ACCOUNT, of = msisdn) =>
      linkAccount(domain.deps, { msisdn: of, language: 'en', billerId: 'maji-water', account, holder: 'J***' });

    it('are kept once each, in their order, with a nickname of their own', async () => {
      expect(await link()).to.equal('linked');
      expect(await link()).to.equal('already');
      await linkAccount(domain.deps, { msisdn, language: 'en', billerId: 'jua-power', account: METER, holder: 'O***' });
      const [first, second] = await listLinks(domain.deps, { msisdn });
      expect([first?.account, second?.account]).to.deep.equal([WATER_ACCOUNT, METER]);
      await renameLink(domain.deps, { msisdn, linkId: first?.id ?? '', nickname: `  Home ${'x'.repeat(40)}` });
      expect((await listLinks(domain.deps, { msisdn }))[0]?.nickname).to.equal(`Home ${'x'.repeat(19)}`);
      await unlink(domain.deps, { msisdn, linkId: first?.id ?? '' });
      await unlink(domain.deps, { msisdn, linkId: first?.id ?? '' });
      expect(await listLinks(domain.deps, { msisdn })).to.have.length(1);
    });

    it('are twenty at most, also when several are made at once', async () => {
      for (let index = 0; index < 18; index += 1) await link(String(200_000 + index));
      const results = await Promise.allSettled([1, 2, 3, 4].map((index) => link(String(300_000 + index))));
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
      expect(refused).to.deep.equal(['account.too-many-links', 'account.too-many-links']);
      expect(await listLinks(domain.deps, { msisdn })).to.have.length(20);
    });

    it('are changed by nobody else', async () => {
      await link();
      const [own] = await listLinks(domain.deps, { msisdn });
      const stranger = newMsisdn();
      await link('555777', stranger);
      await renameLink(domain.deps, { msisdn: stranger, linkId: own?.id ?? '', nickname: 'mine' });
      await unlink(domain.deps, { msisdn: stranger, linkId: own?.id ?? '' });
      expect((await listLinks(domain.deps, { msisdn }))[0]).to.deep.equal(own);
    });

    it("are not shown to a number's next owner, also after he has dialled", async () => {
      await link();
      await domain.clock.advance(181 * DAY_MS);
      expect(await listLinks(domain.deps, { msisdn })).to.deep.equal([]);
      // The first hop notes that the number is here again.
      await findCustomer(domain.deps, { msisdn });
      expect(await listLinks(domain.deps, { msisdn })).to.deep.equal([]);
      expect(await link()).to.equal('linked');
      expect(await listLinks(domain.deps, { msisdn })).to.have.length(1);
    });

    it('are forgotten at night when the number is silent', async () => {
      await link();
      await domain.clock.advance(181 * DAY_MS);
      const other = newMsisdn();
      await link(WATER_ACCOUNT, other);
      expect((await forget(domain.deps, { idleDays: 180 })).get('idle')?.forgotten).to.equal(1);
      expect(await domain.deps.database.reader.count(AccountLinkSchema)).to.equal(1);
      expect(await listLinks(domain.deps, { msisdn: other })).to.have.length(1);
    });
  });
});

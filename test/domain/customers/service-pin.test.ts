import { expect } from 'chai';
import {
  CustomerSchema,
  checkPin,
  findCustomer,
  removePin,
  setLanguage,
  setPin,
  setPromptBlock,
} from '../../../src/domain/customers/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { type Domain, newMsisdn, openDomain, staysSound } from '../../support/domain-deps.ts';
import { forget } from '../../support/forget.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describeOnStores('customers and their service PIN', (stores) => {
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

  let turns = 0;
  const check = (pin: string, turnKey = `t${++turns}`) => checkPin(domain.deps, { msisdn, pin, turnKey });
  const set = (pin: string) => setPin(domain.deps, { msisdn, language: 'en', pin });
  const row = () => domain.deps.database.reader.findOneByOrFail(CustomerSchema, { msisdn });

  it('keeps the PIN as an argon2id hash only', async () => {
    await set('2580');
    const { pinHash } = await row();
    expect(pinHash).to.match(/^\$argon2id\$/);
    expect(JSON.stringify(await domain.deps.database.reader.query('SELECT * FROM customer'))).to.not.include('"2580"');
    expect(await check('2580')).to.deep.equal({ kind: 'right' });
    await removePin(domain.deps, { msisdn });
    expect(await check('0000')).to.deep.equal({ kind: 'right' });
  });

  it('refuses PINs that are no PIN or guessed at once', async () => {
    for (const pin of ['', '123', '12345', '12a4', '１２３４']) {
      expect((await refusalOf(set(pin))).code, pin).to.equal('pin.malformed');
    }
    for (const pin of ['0000', '7777', '1234', '4321', '6789', '9876', '0123', '7890', '0987']) {
      expect((await refusalOf(set(pin))).code, pin).to.equal('pin.too-simple');
    }
  });

  it('is locked after three wrong tries, twice as long each time, up to a day', async () => {
    await set('2580');
    const locks: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      expect(await check('1111')).to.deep.equal({ kind: 'wrong', triesLeft: 2 });
      expect(await check('1111')).to.deep.equal({ kind: 'wrong', triesLeft: 1 });
      const locked = await check('1111');
      if (locked.kind !== 'locked') throw new Error('it must be locked');
      locks.push((locked.untilMs - domain.clock.now()) / MINUTE_MS);
      // The right one does not open it, and no try counts meanwhile.
      expect((await check('2580')).kind).to.equal('locked');
      expect((await check('1111')).kind).to.equal('locked');
      await domain.clock.advance(locked.untilMs - domain.clock.now());
    }
    expect(locks).to.deep.equal([15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
    expect(await check('2580')).to.deep.equal({ kind: 'right' });
    expect(await check('1111')).to.deep.equal({ kind: 'wrong', triesLeft: 2 });
  }).timeout(30_000);

  it('counts a repeated turn once, and answers it alike', async () => {
    await set('2580');
    const answers = await Promise.all(Array.from({ length: 5 }, () => check('1111', 'same')));
    for (const answer of answers) expect(answer).to.deep.equal({ kind: 'wrong', triesLeft: 2 });
    expect((await row()).pinFailures).to.equal(1);
  });

  it('counts tries that come at once one by one: after the third it is locked', async () => {
    await set('2580');
    const answers = await Promise.all(['1111', '2222', '3333', '4444', '5555'].map((pin) => check(pin)));
    expect(answers.map(({ kind }) => kind).sort()).to.deep.equal(['locked', 'locked', 'locked', 'wrong', 'wrong']);
    expect((await row()).pinFailures).to.equal(3);
  });

  it('tells of its lock while that lasts, so that nobody is asked for a PIN in vain', async () => {
    await set('2580');
    await check('1111');
    await check('2222');
    expect(await findCustomer(domain.deps, { msisdn })).to.not.have.property('pinLockedUntilMs');
    const locked = await check('3333');
    if (locked.kind !== 'locked') throw new Error('it must be locked');
    expect(await findCustomer(domain.deps, { msisdn })).to.include({ hasPin: true, pinLockedUntilMs: locked.untilMs });
    await domain.clock.advance(locked.untilMs - domain.clock.now());
    expect(await findCustomer(domain.deps, { msisdn })).to.not.have.property('pinLockedUntilMs');
  });

  it('a new PIN starts with all its tries', async () => {
    await set('2580');
    await check('1111');
    await set('1470');
    expect(await check('2580')).to.deep.equal({ kind: 'wrong', triesLeft: 2 });
    expect(await check('1470')).to.deep.equal({ kind: 'right' });
  });

  it('lapses with a number that was silent for half a year', async () => {
    await set('2580');
    await domain.clock.advance(181 * DAY_MS);
    const found = await findCustomer(domain.deps, { msisdn });
    expect(found).to.include({ hasPin: false });
    expect((await row()).pinHash).to.equal(null);
    expect(await check('0000')).to.deep.equal({ kind: 'right' });
  });

  it('is taken away at night from numbers that are silent, and from no others', async () => {
    await set('2580');
    const idle = msisdn;
    await domain.clock.advance(181 * DAY_MS);
    msisdn = newMsisdn();
    await set('1470');
    expect((await forget(domain.deps, { idleDays: 180 })).get('idle')?.forgotten).to.equal(1);
    expect((await row()).pinHash).to.not.equal(null);
    expect((await findCustomer(domain.deps, { msisdn: idle }))?.hasPin).to.equal(false);
  });

  it('notes once a day that a number was here', async () => {
    await set('2580');
    const since = (await row()).lastSeenAtMs;
    await domain.clock.advance(DAY_MS);
    await findCustomer(domain.deps, { msisdn });
    expect((await row()).lastSeenAtMs).to.equal(since);
    await domain.clock.advance(1);
    await findCustomer(domain.deps, { msisdn });
    expect((await row()).lastSeenAtMs).to.equal(domain.clock.now());
  });

  it('remembers the language and the block of a number that it did not know', async () => {
    expect(await findCustomer(domain.deps, { msisdn })).to.equal(undefined);
    await Promise.all([
      setLanguage(domain.deps, { msisdn, language: 'sw' }),
      setPromptBlock(domain.deps, { msisdn, language: 'sw', blocked: true }),
    ]);
    expect(await findCustomer(domain.deps, { msisdn })).to.deep.equal({
      msisdn,
      language: 'sw',
      hasPin: false,
      promptsBlocked: true,
    });
  });

  it('lifts a block with the number that was given to somebody else', async () => {
    await setPromptBlock(domain.deps, { msisdn, language: 'en', blocked: true });
    await domain.clock.advance(181 * DAY_MS);
    await findCustomer(domain.deps, { msisdn });
    expect((await findCustomer(domain.deps, { msisdn }))?.promptsBlocked).to.equal(false);
  });
});

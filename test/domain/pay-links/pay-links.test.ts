import { expect } from 'chai';
import fc from 'fast-check';
import { loadBillers, makeCatalogue } from '../../../src/domain/billers/index.ts';
import { makePayLinks } from '../../../src/domain/pay-links/index.ts';
import { systemClock } from '../../../src/kernel/index.ts';
import { makeSigner } from '../../../src/platform/sealing/index.ts';
import { kes } from '../../support/fake-providers.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 25, 12);
const KEY = Buffer.alloc(32, 7);
const billers = loadBillers('menus/billers.yaml');

function linksAt(nowMs: number, catalogue = billers, key = KEY) {
  const clock = { ...systemClock, now: () => nowMs };
  const signer = makeSigner(key, 'pay links');
  return makePayLinks({ clock, billers: catalogue, signer, publicUrl: 'https://pay.example.org' });
}

const METER = { billerId: 'jua-power', account: '04123456789', language: 'sw', expiresAtMs: NOW + 60 * DAY_MS };
const codeOf = (address: string) => address.slice('https://pay.example.org/p/'.length);

describe('the short address of a reminder', () => {
  it('is at most 40 letters after the host, letters and digits only', () => {
    const address = linksAt(NOW).shortPayAddress({ ...METER, amount: kes(70_000) });
    const path = address.slice('https://pay.example.org'.length);
    expect(path).to.match(/^\/p\/[0-9A-Za-z]+$/);
    expect(path.length).to.be.at.most(40);
  });

  it('opens what it was made for, whatever that is', () => {
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/-';
    const account = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 24 }),
      fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 64 }),
    );
    const link = fc.record({
      account,
      billerId: fc.constantFrom('jua-power', 'maji-water'),
      language: fc.constantFrom('en', 'sw', 'fr', 'aa', 'zz'),
      minor: fc.option(fc.bigInt(0n, 10n ** 15n), { nil: undefined }),
      days: fc.integer({ min: 1, max: 3_000 }),
    });
    fc.assert(
      fc.property(link, ({ minor, days, ...rest }) => {
        const amount = minor === undefined ? {} : { amount: { amountMinor: minor, currency: 'KES' } };
        const given = { ...rest, ...amount };
        const address = linksAt(NOW).shortPayAddress({ ...given, expiresAtMs: NOW + days * DAY_MS });
        expect(linksAt(NOW).open(codeOf(address))).to.deep.equal(given);
      }),
    );
  });

  it('is nothing when a letter is changed, left out or added, or another key signed it', () => {
    const code = codeOf(linksAt(NOW).shortPayAddress({ ...METER, amount: kes(500) }));
    expect(linksAt(NOW).open(code)).to.include({ account: '04123456789' });
    for (let at = 0; at < code.length; at += 1) {
      for (const letter of 'aZ0') {
        const changed = code.slice(0, at) + letter + code.slice(at + 1);
        if (changed !== code) expect(linksAt(NOW).open(changed), changed).to.equal(undefined);
      }
      expect(linksAt(NOW).open(code.slice(0, at))).to.equal(undefined);
    }
    for (const other of [`0${code}`, `${code}0`, `${code}-`, '', '😀', 'A'.repeat(5_000)]) {
      expect(linksAt(NOW).open(other), other).to.equal(undefined);
    }
    expect(linksAt(NOW, billers, Buffer.alloc(32, 8)).open(code)).to.equal(undefined);
  });

  it('ends with its day, and with its biller', () => {
    const code = codeOf(linksAt(NOW).shortPayAddress(METER));
    expect(linksAt(METER.expiresAtMs).open(code)).to.include({ billerId: 'jua-power' });
    expect(linksAt(METER.expiresAtMs + DAY_MS).open(code)).to.equal(undefined);
    const others = billers.all().filter(({ id }) => id !== 'jua-power');
    expect(linksAt(NOW, makeCatalogue(others)).open(code)).to.equal(undefined);
    const turned = makeCatalogue([...billers.all()].reverse());
    expect(linksAt(NOW, turned).open(code), 'the order of the menu does not matter').to.include({
      billerId: 'jua-power',
    });
  });
});

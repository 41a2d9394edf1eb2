import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadPayoutRules } from '../../../src/domain/funding/index.ts';

const KNOWN = { currency: 'KES', country: 'KE' };

describe('the file of payouts', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'payouts-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const ours = readFileSync('menus/payouts.yaml', 'utf8');
  const load = (text: string, known = KNOWN) => {
    const path = join(folder, 'payouts.yaml');
    writeFileSync(path, text);
    return loadPayoutRules(path, known);
  };

  for (const [what, from, to, named] of [
    ['bands out of order', 'upTo: "1500"', 'upTo: "150"', 'ascending'],
    ['an amount that is a number', 'least: "1000"', 'least: 1000', 'least'],
    ['a negative amount', 'least: "1000"', 'least: "-1"', 'least'],
    ['more than the whole as tax', 'taxBasisPoints: 1600', 'taxBasisPoints: 16000', 'taxBasisPoints'],
    ['a day that does not exist', '"2026-12-25"', '"2026-02-30"', 'holidays'],
    ['hours that end before they begin', 'to: "17:00"', 'to: "07:00"', 'ends before it begins'],
    ['a weekday that does not exist', 'mon, tue', 'mon, tuesday', 'days'],
    ['a word that nothing reads', 'quotation:', 'quote: 1\nquotation:', 'quote'],
    ['a fee in another currency', 'fee:\n  currency: KES', 'fee:\n  currency: USD', 'the fee is in USD'],
  ] as const) {
    it(`is refused with ${what}, by name, before anything runs`, () => {
      expect(ours).to.contain(from);
      expect(() => load(ours.replace(from, to))).to.throw(Error, named);
    });
  }

  it('is refused for a country whose holidays it does not have, and a currency that is not its own', () => {
    expect(() => load(ours, { ...KNOWN, country: 'TZ' })).to.throw(Error, 'TZ has none');
    expect(() => load(ours, { ...KNOWN, currency: 'TZS' })).to.throw(Error, 'mpesa are in KES');
  });
});

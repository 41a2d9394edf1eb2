import { expect } from 'chai';
import fc from 'fast-check';
import { type Reading, understand } from '../../../src/domain/search/index.ts';

const settings = { country: 'KE', currency: 'KES', today: '2026-11-25' };
const read = (text: string) => understand(text, settings);
const kes = (amountMinor: bigint): Reading => ({ kind: 'amount', amount: { amountMinor, currency: 'KES' } });
const PHONE: Reading = { kind: 'phone', msisdn: '+254711000001' as never };

describe('what was typed into the search', () => {
  for (const text of [
    '0711000001',
    '0711 000 001',
    '+254711000001',
    '254 711 000 001',
    '  +254-711-000-001 ',
    '(0711) 000001',
  ]) {
    it(`reads "${text}" as a phone`, () => {
      expect(read(text)[0]).to.deep.equal(PHONE);
    });
  }

  it('reads digits alone as a phone and as an account, unless they say their country', () => {
    expect(read('0711000001')).to.deep.equal([PHONE, { kind: 'account', account: '0711000001' }]);
    expect(read('254711000001')).to.deep.equal([PHONE]);
    expect(read('0711 000 001')).to.deep.equal([PHONE]);
  });

  for (const text of ['M7K2P9QRST', 'm7k2p9qrst', ' M7K2P9QRST\u200b']) {
    it(`reads "${text}" as our reference, or an operator's receipt`, () => {
      expect(read(text)).to.deep.equal([
        { kind: 'reference', reference: 'M7K2P9QRST' },
        { kind: 'receipt', receipt: 'M7K2P9QRST' },
      ]);
    });
  }

  it('reads a receipt of the operator', () => {
    expect(read('sg71kd92ma')).to.deep.equal([{ kind: 'receipt', receipt: 'SG71KD92MA' }]);
  });

  for (const text of ['1234-5678-9012-3456-7890', '12345678901234567890', '1234 5678 9012 3456 7890']) {
    it(`reads "${text}" as a token`, () => {
      expect(read(text)).to.deep.equal([{ kind: 'token', digits: '12345678901234567890' }]);
    });
  }

  it('reads a meter as an account, and a short number as account or amount', () => {
    expect(read('04123456789')).to.deep.include({ kind: 'account', account: '04123456789' });
    expect(read('100200300')).to.deep.include({ kind: 'account', account: '100200300' });
    expect(read('100200')).to.deep.equal([{ kind: 'account', account: '100200' }, kes(10_020_000n)]);
  });

  for (const [text, minor] of [
    ['500', 50_000n],
    ['KES 1,250.00', 125_000n],
    ['1,250', 125_000n],
    ['ksh 99.5', 9_950n],
  ] as const) {
    it(`reads "${text}" as an amount`, () => {
      expect(read(text)).to.deep.equal([kes(minor)]);
    });
  }

  for (const [text, day] of [
    ['2026-11-20', '2026-11-20'],
    ['20/11/2026', '2026-11-20'],
    ['20.11.26', '2026-11-20'],
    ['20/11', '2026-11-20'],
    ['24/12', '2025-12-24'],
    ['29/2/2024', '2024-02-29'],
  ] as const) {
    it(`reads "${text}" as a day`, () => {
      expect(read(text)).to.deep.equal([{ kind: 'day', day }]);
    });
  }

  it('takes a day that does not exist for none', () => {
    expect(read('31/02/2026').filter(({ kind }) => kind === 'day')).to.deep.equal([]);
  });

  it('reads amount and day together', () => {
    expect(read('500 20/11')).to.deep.equal([{ kind: 'day', day: '2026-11-20' }, kes(50_000n)]);
  });

  it('reads an id, and a name', () => {
    const id = '01938f7e-1111-7abc-8def-0123456789ab';
    expect(read(id.toUpperCase())).to.deep.equal([{ kind: 'id', id }]);
    expect(read('jane wanjiku')).to.deep.equal([{ kind: 'name', name: 'jane wanjiku' }]);
    expect(read("N'Golo Kanté")).to.deep.equal([{ kind: 'name', name: "N'Golo Kanté" }]);
  });

  it('reads ten letters as a receipt, and as the name that they may be', () => {
    const receipt = { kind: 'receipt', receipt: 'UKQYAZRJES' };
    expect(read('UKQYAZRJES')).to.deep.equal([receipt, { kind: 'name', name: 'UKQYAZRJES' }]);
    expect(read('ukqyazrjes')).to.deep.equal([receipt, { kind: 'name', name: 'ukqyazrjes' }]);
    expect(read('UKQYAZRJES Confirmed. Ksh500.00 sent to MALIPO')).to.deep.include(receipt);
    expect(read('PLEASE SEND THE RECEIPTSOF JANE AGAIN').map(({ kind }) => kind)).to.deep.equal(['name']);
  });

  it('finds everything in a pasted receipt', () => {
    const sms =
      'Tokens, enter in this order:\n1111-2222-3333-4444-5555\nUnits 23.4 kWh. Jua Power: paid KES 500.00 for meter 04123456791 on 20 Nov 2026, 12:05. Ref M7K2P9QRST. M-PESA SG71KD92MA.';
    const readings = read(sms);
    expect(readings.slice(0, 4)).to.deep.equal([
      { kind: 'token', digits: '11112222333344445555' },
      { kind: 'reference', reference: 'M7K2P9QRST' },
      { kind: 'receipt', receipt: 'M7K2P9QRST' },
      { kind: 'receipt', receipt: 'SG71KD92MA' },
    ]);
  });

  it('finds the receipt in the operator’s own words', () => {
    const sms = 'SG71KD92MA Confirmed. Ksh500.00 sent to MALIPO for account 100200300 on 20/11/26 at 12:05 PM.';
    expect(read(sms)).to.deep.include({ kind: 'receipt', receipt: 'SG71KD92MA' });
    expect(read(sms)).to.deep.include({ kind: 'account', account: '100200300' });
    expect(read(sms)).to.deep.include(kes(50_000n));
  });

  it('reads nothing in nothing', () => {
    for (const text of ['', '   ', '%', "' OR ''='", '<script>', '🙂']) expect(read(text), text).to.deep.equal([]);
  });

  it('never throws, and never reads without end', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3_000 }),
      fc.string({ unit: fc.constantFrom(...'0123456789 -/.,KESM+()') }),
    );
    fc.assert(
      fc.property(text, (written) => {
        expect(read(written).length).to.be.at.most(12);
      }),
      { numRuns: 500 },
    );
  });
});

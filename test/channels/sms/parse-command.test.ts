import { expect } from 'chai';
import fc from 'fast-check';
import { loadKeywords } from '../../../src/channels/sms/index.ts';
import { parseCommand } from '../../../src/channels/sms/parse-command.ts';
import { formatDecimal, money, readWrittenAmount } from '../../../src/kernel/index.ts';

const keywords = loadKeywords('menus/keywords.yaml', ['en', 'fr', 'sw']);
const parse = (text: string) => parseCommand(text, 'KES', keywords);
const amount = (text: string) => {
  const read = readWrittenAmount(text, 'KES', keywords.isMoneyWord);
  return read && formatDecimal(read);
};
const pay = (text: string) => {
  const read = parse(text);
  if (read.kind !== 'pay') return read.kind === 'unclear' ? `unclear ${read.what}` : read.kind;
  const { account, billerId, language } = read;
  return [language, billerId ?? '-', account, formatDecimal(read.amount)].join(' ');
};

describe('what customers write', () => {
  it('is a payment in any language, case and spelling', () => {
    expect(pay('PAY 100200300 500')).to.equal('en - 100200300 500.00');
    expect(pay('  pay   100200300\u00a0500 \r\n')).to.equal('en - 100200300 500.00');
    expect(pay('Lipa 100200300 1,250')).to.equal('sw - 100200300 1250.00');
    expect(pay('payer 100200300, 500.')).to.equal('fr - 100200300 500.00');
    expect(pay('PAY*100200300*500#')).to.equal('en - 100200300 500.00');
    expect(pay('PAY100200300 500')).to.equal('en - 100200300 500.00');
    expect(pay('Pay, 100200300 KES 500')).to.equal('en - 100200300 500.00');
    expect(pay('pay 100200300 500/=')).to.equal('en - 100200300 500.00');
    expect(pay('PAY ١٠٠٢٠٠٣٠٠ ٥٠٠')).to.equal('en - 100200300 500.00');
    expect(pay('PAY \u200e100200300 ５００')).to.equal('en - 100200300 500.00');
    expect(pay('"Pay 100-200-300 500"')).to.equal('en - 100200300 500.00');
  });

  it('may name the company, before or after the number', () => {
    expect(pay('PAY MAJI 100200300 500')).to.equal('en maji-water 100200300 500.00');
    expect(pay('lipa umeme 04123456789 kwa 200')).to.equal('sw jua-power 04123456789 200.00');
    expect(pay("payer l'eau 100200300 500")).to.match(/^(unclear|fr)/);
    expect(pay('PAY MAJI JUA 100200300 500')).to.equal('unclear shape');
  });

  it('is refused rather than guessed at', () => {
    expect(pay('PAY')).to.equal('unclear shape');
    expect(pay('PAY 100200300')).to.equal('unclear shape');
    expect(pay('PAY me 500')).to.equal('unclear shape');
    expect(pay('PAY 100200300 1 250')).to.equal('unclear amount');
    expect(pay('PAY 100200300 1.250')).to.equal('unclear amount');
    expect(pay('PAY 100200300 five')).to.equal('unclear amount');
    expect(pay('PAY 100200300 0')).to.equal('unclear amount');
    expect(pay('PAY 100200300 -500')).to.equal('unclear amount');
    expect(pay('PAY 100200300 500²')).to.equal('unclear amount');
    expect(pay('PAY 100200300 5e2')).to.equal('unclear amount');
    expect(pay('PAY 100200300 0500')).to.equal('unclear amount');
    expect(pay('PAY 100200300,500')).to.equal('unclear shape');
    expect(pay('please PAY 100200300 500')).to.equal('unknown');
    expect(pay(`PAY 100200300 ${'5'.repeat(400)}`)).to.equal('unknown');
  });

  it('is whether money came, in any language and spelling', () => {
    const said = (text: string) => {
      const read = parse(text);
      return read.kind === 'answer' ? [read.answer, read.language ?? '-', read.reference ?? '-'].join(' ') : read.kind;
    };
    const yes = ['yes', ' Yes! ', 'y', '"YES, it came"'];
    for (const text of yes) expect(said(text), text).to.equal('yes en -');
    for (const text of ['Ndiyo', 'ndio.', 'NIMEPATA pesa']) expect(said(text), text).to.equal('yes sw -');
    for (const text of ['Hapana', 'sijapata', 'bado']) expect(said(text), text).to.equal('no sw -');
    expect(said('oui')).to.equal('yes fr -');
    expect(said('Non merci')).to.equal('no fr -');
    expect(said('no')).to.equal('no en -');
    expect(said('1')).to.equal('yes - -');
    expect(said('2.')).to.equal('no - -');
    expect(said('2 m3ft8bkjba')).to.equal('no - M3FT8BKJBA');
    expect(said('HAPANA kumb MABCDEFGH2')).to.equal('no sw MABCDEFGH2');
    expect(said('yes or no?')).to.equal('unclear');
    for (const text of ['3', '1 500', '12', 'N100200300 5', 'yesterday', 'notice', '']) {
      expect(said(text), text).to.equal('unknown');
    }
  });

  it('is one of the other commands', () => {
    expect(parse('bal 100200300')).to.deep.equal({ kind: 'balance', language: 'en', account: '100200300' });
    expect(parse('SALIO')).to.deep.equal({ kind: 'balance', language: 'sw' });
    expect(parse('Solde eau 100200300 ?')).to.deep.include({ kind: 'balance', language: 'fr', billerId: 'maji-water' });
    expect(parse('reçu')).to.deep.equal({ kind: 'receipt', language: 'fr' });
    expect(parse('RECEIPT m7k2p9qrst!')).to.deep.equal({ kind: 'receipt', language: 'en', reference: 'M7K2P9QRST' });
    expect(parse('status mkqzwrtypx')).to.deep.equal({ kind: 'status', language: 'en', reference: 'MKQZWRTYPX' });
    expect(parse('status of my lastpaymnt')).to.deep.equal({ kind: 'status', language: 'en' });
    expect(parse('hali SGH7A1B2C3')).to.deep.equal({ kind: 'status', language: 'sw', reference: 'SGH7A1B2C3' });
    expect(parse('stop sending me these')).to.deep.equal({ kind: 'stop', language: 'en' });
    expect(parse('Acha.')).to.deep.equal({ kind: 'stop', language: 'sw' });
    expect(parse('ARRÊT')).to.deep.equal({ kind: 'stop', language: 'fr' });
    expect(parse('anza')).to.deep.equal({ kind: 'start', language: 'sw' });
    expect(parse('help me\nplease')).to.deep.equal({ kind: 'help', language: 'en' });
    for (const text of ['', ' ', '.', 'hello', '🙂', '12345'])
      expect(parse(text), text).to.deep.equal({ kind: 'unknown' });
  });

  it('is an amount in the spellings that have one meaning', () => {
    const read = [
      '500',
      '500.5',
      '500,00',
      '12,34',
      '1,250',
      '1,250.00',
      '12,345,678',
      '1.250,00',
      '1.250.000',
      'KSh500',
      'kes.500',
      '500sh',
      '0.50',
    ];
    expect(read.map(amount)).to.deep.equal([
      ...['500.00', '500.50', '500.00', '12.34', '1250.00', '1250.00', '12345678.00', '1250.00', '1250000.00'],
      ...['500.00', '500.00', '500.00', '0.50'],
    ]);
    const refused = [
      '',
      '1.250',
      '1,25,000',
      '1,2345',
      '01',
      '1e3',
      '0x10',
      '5k',
      'USD500',
      '500USD',
      '+500',
      '5 00',
      '9999999999',
    ];
    expect(refused.map((text) => [text, amount(text)]).filter(([, value]) => value !== undefined)).to.deep.equal([]);
  });

  it('never throws, whatever is written', () => {
    const words = fc.constantFrom(
      'PAY',
      'lipa',
      'BAL',
      '100200300',
      '500',
      '1,250',
      'KES',
      '.',
      '*',
      '\u0660',
      '\u202e',
      "'",
      '{',
      '\ud800',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 20 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(parse(text).kind).to.be.a('string');
      }),
      { numRuns: 500 },
    );
  });

  it('never misreads an amount: each spelling of it is that amount or is refused', () => {
    const thousands = (digits: string, sign: string) => digits.replace(/\B(?=(\d{3})+$)/g, sign);
    const spellings = (minor: bigint): string[] => {
      const [major = '', cents = ''] = formatDecimal(money(minor, 'KES')).split('.');
      const plain = [
        `${major}.${cents}`,
        `${major},${cents}`,
        `${thousands(major, ',')}.${cents}`,
        `${thousands(major, '.')},${cents}`,
      ];
      const whole = cents === '00' ? [major, thousands(major, ','), thousands(major, '.'), thousands(major, ' ')] : [];
      return [...plain, ...whole].flatMap((one) => [
        one,
        `KES${one}`,
        `Ksh ${one}`,
        `${one}/=`,
        `${one}.`,
        `${one} bob`,
      ]);
    };
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 99_999_999_999n }), fc.nat(), (minor, pick) => {
        const written = spellings(minor);
        const spelling = written[pick % written.length] as string;
        const read = parse(`PAY 100200300 ${spelling}`);
        if (read.kind === 'pay') expect(read.amount.amountMinor, spelling).to.equal(minor);
        else expect(read, spelling).to.deep.include({ kind: 'unclear', command: 'pay' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('never finds an amount in other signs than its digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.,/=-kKeEsShH²٥ '), maxLength: 12 }), (written) => {
        const read = parse(`PAY 100200300 ${written}`);
        if (read.kind !== 'pay') return;
        const digits = written.replaceAll('٥', '5').replace(/\D/g, '');
        const told = formatDecimal(read.amount).replace('.', '');
        // What was written, or the same with its cents.
        expect(
          [told, told.slice(0, -1), told.slice(0, -2)].map((one) => one.replace(/^0+(?=\d)/, '')),
          written,
        ).to.include(digits.replace(/^0+(?=\d)/, ''));
      }),
      { numRuns: 1_000 },
    );
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { money } from '../../../src/kernel/index.ts';
import { loadTexts, TextsError } from '../../../src/platform/texts/index.ts';

const OPTIONS = { defaultLanguage: 'en', timeZone: 'Africa/Nairobi' };

describe('texts', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'texts-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (files: Record<string, string>) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
  };
  const problemsOf = (files: Record<string, string>): readonly string[] => {
    write(files);
    try {
      loadTexts(directory, OPTIONS);
    } catch (error) {
      if (error instanceof TextsError) return error.problems;
      throw error;
    }
    return [];
  };

  it('are found by namespace and key, flat or nested, in every language', () => {
    write({
      'en/sms.yaml': 'receipt:\n  paid: Paid\nreceipt.owed: Owed\n',
      'sw/sms.yaml': 'receipt.paid: Imelipwa\nreceipt:\n  owed: Deni\n',
    });
    const texts = loadTexts(directory, OPTIONS);
    expect(texts.languages).to.deep.equal(['en', 'sw']);
    expect(texts.ids()).to.deep.equal(['sms.receipt.owed', 'sms.receipt.paid']);
    expect(texts.format('sw', 'sms.receipt.paid')).to.equal('Imelipwa');
    expect(texts.format('de', 'sms.receipt.paid')).to.equal('Paid');
    expect(texts.has('sms.receipt')).to.equal(false);
    expect(() => texts.format('en', 'sms.other')).to.throw('no text sms.other');
  });

  it('write amounts, dates and plurals as the language does, on the business clock, in GSM-7', () => {
    const template = '{due, number, money} {at, date, stamp} {at, date, moment} {at, date, day} {at, time, clock}';
    write({
      'en/t.yaml': `all: "${template} {n, plural, one {# day} other {# days}}"`,
      'fr/t.yaml': `all: "${template} {n, plural, one {# jour} other {# jours}}"`,
    });
    const texts = loadTexts(directory, OPTIONS);
    const values = { due: money(123_456_789_012_345n, 'KES'), at: new Date('2026-11-22T22:05:07Z'), n: 1 };
    expect(texts.placeholders('t.all')).to.deep.equal(['at', 'due', 'n']);
    expect(texts.format('en', 't.all', values)).to.equal(
      'KES 1,234,567,890,123.45 23 Nov 01:05 23 Nov 01:05:07 23 Nov 2026 01:05 1 day',
    );
    expect(texts.format('fr', 't.all', { ...values, n: 2 })).to.equal(
      '1 234 567 890 123,45 KES 23 nov. 01:05 23 nov. 01:05:07 23 nov. 2026 01:05 2 jours',
    );
  });

  it('have no cents where the currency has none', () => {
    write({ 'en/t.yaml': 'a: "{a, number, money}"' });
    expect(loadTexts(directory, OPTIONS).format('en', 't.a', { a: money(5000n, 'UGX') })).to.equal('UGX 5,000');
  });

  it('fold letters that GSM-7 lacks, in the text and in its values', () => {
    write({ 'en/t.yaml': "a: Reçu\nb: '{name}'\n" });
    const texts = loadTexts(directory, OPTIONS);
    expect(texts.format('en', 't.a')).to.equal('Recu');
    expect(texts.format('en', 't.b', { name: 'Zoë\u202fŒuf' })).to.equal('Zoe OEuf');
  });

  it('refuse an amount without a style, and a missing value', () => {
    write({ 'en/t.yaml': 'a: "{a}"' });
    const texts = loadTexts(directory, OPTIONS);
    expect(() => texts.format('en', 't.a', { a: money(1n, 'KES') })).to.throw('without a style');
    expect(() => texts.format('en', 't.a')).to.throw();
  });

  it('name file, id and language of everything that is wrong', () => {
    const problems = problemsOf({
      'en/t.yaml': 'a: "{x}"\nb: only here\nc: "{x, date}"\nd: "{x"\n',
      'sw/t.yaml': 'a: "{y}"\nc: "{x, date, day}"\nd: fine\n',
    });
    const all = problems.join('\n');
    expect(all).to.match(/sw\/t\.yaml: t\.a \(sw\): uses \{y\}, but in en it uses \{x\}/);
    expect(all).to.match(/en\/t\.yaml: t\.b: missing in sw/);
    expect(all).to.match(/en\/t\.yaml: t\.c \(en\): \{x, date\} must have one of the styles stamp, day/);
    expect(all).to.match(/en\/t\.yaml: t\.d \(en\)/);
  });

  it('refuse files that are not maps of texts', () => {
    for (const [content, problem] of [
      ['just a text', 'a map of texts is expected'],
      ['a: 5', 't.a: a text or a map of texts'],
      ['a: [x]', 't.a: a text or a map of texts'],
      ['A b: x', 'key "A b"'],
      ['a: x\na: y', 'unique'],
      ['a: {b: {c: {d: {e: {f: {g: x}}}}}}', 'nested deeper'],
    ] as const) {
      expect(problemsOf({ 'en/t.yaml': content }).join(), content).to.include(problem);
    }
  });

  it('need the default language', () => {
    expect(problemsOf({ 'sw/t.yaml': 'a: x' }).join()).to.include('no texts in the default language en');
  });
});

import { expect } from 'chai';
import type { Context } from 'koa';
import { wordsOf } from '../../../src/channels/console/words.ts';
import { loadTexts } from '../../../src/platform/texts/index.ts';

describe('the words of the console', () => {
  const texts = loadTexts('menus/texts', { defaultLanguage: 'en', timeZone: 'Africa/Nairobi' });
  const words = (language: string) => wordsOf({ query: {} } as unknown as Context, texts, language);

  it('say in the language of the reader why something happened, where the service itself says so', () => {
    expect(words('fr').why('asked 5 times')).to.equal('demandé 5 fois');
    expect(words('sw').why('asked, and not decided')).to.equal('imeulizwa, bado haijaamuliwa');
    expect(words('en').why('asked 1 times')).to.equal('asked 1 times');
    expect(words('fr').why('reasons.wrong-pin')).to.equal('Le payeur a saisi un PIN faux.');
  });

  it('leave what somebody wrote as it is, whatever it is', () => {
    for (const written of ['she called 5 times', 'constructor', '', '=1+1', '__proto__', '<b>', 'n']) {
      expect(words('fr').why(written)).to.equal(written);
    }
  });

  it('call a screen by its name, and one that the texts do not know as the menus do', () => {
    expect(words('fr').screen('pay-amount')).to.equal('Payer : montant');
    expect(words('fr').screen('pay-new')).to.equal('pay-new');
  });
});

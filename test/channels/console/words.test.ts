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

  it('tell in the language of the reader what the night found', () => {
    const detail = 'MABCDEFGHJ SG1: we KES 500.00, operator nothing, biller KES 510.00';
    const plain = (text: string) => text.replace(/\s/g, ' ');
    expect(plain(words('fr').why(detail))).to.equal(
      'MABCDEFGHJ SG1: nous 500,00 KES, opérateur rien, société 510,00 KES',
    );
    expect(plain(words('sw').why(detail))).to.equal(
      'MABCDEFGHJ SG1: sisi KES 500.00, kampuni ya simu hakuna, kampuni inayolipwa KES 510.00',
    );
    expect(words('fr').why('no statement of mpesa covers 2026-11-20')).to.equal(
      'aucun relevé de mpesa ne couvre le 2026-11-20',
    );
    expect(words('sw').why('the books agree since version 3')).to.equal('vitabu vinalingana tangu toleo la 3');
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

import { expect } from 'chai';
import { proveMessageTexts } from '../../../src/domain/messages/index.ts';
import { loadAllTexts } from '../../../src/wiring/menus.ts';

const texts = loadAllTexts({ defaultLanguage: 'en', timeZone: 'Africa/Nairobi' });

describe('the texts of SMS', () => {
  it('of the service are all there and want only what they are given', () => {
    expect(proveMessageTexts(texts)).to.deep.equal([]);
  });

  it('that are missing are named before a customer waits for them', () => {
    const has = (id: string) => id !== 'sms.receipt-credit' && texts.has(id);
    expect(proveMessageTexts({ ...texts, has })).to.deep.equal(['sms.receipt-credit: missing']);
  });

  it('that want a value which nobody gives are named with it', () => {
    const placeholders = (id: string) => [...texts.placeholders(id), ...(id === 'sms.bill' ? ['dueDate'] : [])];
    expect(proveMessageTexts({ ...texts, placeholders })).to.deep.equal([
      'sms.bill: uses {dueDate}, which it is not given',
    ]);
  });

  it('are each one that the code writes: none is left over', () => {
    const asked: string[] = [];
    proveMessageTexts({ has: (id) => asked.push(id) > 0, placeholders: () => [] });
    expect(asked.sort()).to.deep.equal(texts.ids().filter((id) => id.startsWith('sms.')));
  });
});

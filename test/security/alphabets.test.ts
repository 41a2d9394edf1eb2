import { expect } from 'chai';
import fc from 'fast-check';
import { countSeptets } from '../../src/kernel/index.ts';
import { newNumber, type Phone } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';
import { type HostileBillers, startHostileBillers } from './hostile-billers.ts';

/** Words of other alphabets, digits of other scripts, emoji, joined and piled up letters, marks that turn the direction. */
const FOREIGN = [
  ...['محمد علي', 'ኣበበ ቢቂላ', '王小明', 'Дмитрий', 'Ελένη', 'नमस्ते', 'Nguyễn Thị', 'שלום', 'ஸ்ரீ', 'ｆｕｌｌｗｉｄｔｈ'],
  ...['１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '۴۵۶۷۸۹۰', '①②③④⑤⑥⑦', '0x1F600', '1٬000', '５００'],
  ...['😀😀😀', '👩‍👩‍👧‍👦', '🇰🇪', 'e\u0301\u0302\u0303\u0304\u0305', `Z${'\u0310'.repeat(60)}`, 'a\u200db', '\ufeffa'],
  ...['\u202e500', 'Ann\u202edeR', '\u2066x\u2069', '\u00ad', '\u2028', '\u0085', '\u009f', 'ﷺ'.repeat(20), 'İ', 'ß'],
];
const LARGEST_SCREEN = 160;

describe('control characters and other alphabets', () => {
  let stores: StorePair;
  let town: TestService;
  let billers: HostileBillers;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    [stores, billers] = [await embeddedStores(), await startHostileBillers()];
    town = await startService(stores, { MAJI_WATER_URL: billers.url, JUA_POWER_URL: billers.url });
  });
  after(async () => {
    await town?.stop();
    await billers?.stop();
    await stores?.drop();
  });
  beforeEach(async () => {
    jane = await town.phone();
    billers.saying = 'Jane Wanjiku';
  });

  const hop = (text: string, sessionId: string, encode: (text: string) => string = encodeURIComponent) => {
    const fixed = { sessionId, phoneNumber: jane.msisdn, networkCode: '63902', serviceCode: '*384*123#' };
    return fetch(`${town.gateway}/ussd/africastalking/${KEY}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams(fixed)}&text=${encode(text)}`,
    });
  };

  /** What a Safaricom handset shows whole: GSM-7, so that no letter from outside halves it. */
  const expectWhole = (screen: string) => {
    const septets = countSeptets(screen.slice(4));
    expect(septets, `${screen}: letters of GSM-7 only`).to.be.a('number');
    expect(septets).to.be.at.most(LARGEST_SCREEN);
  };

  it('are no account and no amount: digits of other scripts are not digits here', async () => {
    for (const text of FOREIGN) {
      await jane.dial('*384*123*1*2#');
      const account = await jane.choose(text).sees('account');
      await jane.dial('*384*123*1*2*100200300#');
      const amount = await jane.choose(text).sees('amount');
      for (const screen of [account, amount]) expectWhole(screen);
    }
  }).timeout(30_000);

  it('do not turn a name from a biller into another screen, another order or a cut message', async () => {
    for (const text of FOREIGN) {
      billers.saying = `${text} x`;
      const screen = await jane.dial('*384*123*3*2*100200300#').sees('100200300', 'Due');
      expectWhole(screen);
      expect(screen).not.to.match(/[\p{Bidi_Control}\u0080-\u009f\u2028]/u);
    }
  }).timeout(30_000);

  it('are refused in a nickname, or folded to letters that every phone has', async () => {
    await jane.dial('*384*123*2*1*2*100200300#');
    await jane.choose('1').ends('was added');
    for (const [typed, shown] of [
      ['Shambañ', 'Shambañ'],
      ['Çağrı', undefined],
      ['José', 'José'],
      ['Nguyễn', 'Nguyen'],
      ['محمد', undefined],
      ['😀', undefined],
      ['a\u202eb', undefined],
    ] as const) {
      await jane.dial('*384*123*2*1*2#').sees('A name for');
      if (shown === undefined) await jane.choose(typed).sees('name');
      else await jane.choose(typed).ends(`is now called ${shown}`);
    }
  });

  it('of the lowest kind are refused at the door, or read as a space', async () => {
    for (const [raw, status] of [
      ['%00', 400],
      ['1%00', 400],
      ['%1b%5b2J', 400],
      ['%07', 400],
      ['%7f', 400],
      ['%ed%a0%80', 400],
      ['%c0%80', 400],
      ['%ff', 400],
      ['%0d%0aSet-Cookie:%20a=b', 200],
      ['%c2%85', 200],
    ] as const) {
      const answer = await hop(raw, `ATUid_${raw}`, (text) => text);
      const body = await answer.text();
      expect(answer.status, raw).to.equal(status);
      expect(answer.headers.get('set-cookie')).to.equal(null);
      if (status === 200) expect(body).to.match(/^(CON|END) /);
    }
  });

  it('whatever they are, get a screen that the handset shows whole', async () => {
    let sessions = 0;
    const typed = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom(...FOREIGN));
    const way = fc.constantFrom('', '1*2*', '1*2*100200300*', '2*', '3*1*', '5*', '6*');
    await fc.assert(
      fc.asyncProperty(way, typed, async (start, text) => {
        sessions += 1;
        const answer = await hop(start + text, `ATUid_any_${sessions}`);
        const body = await answer.text();
        if (answer.status === 400) return;
        expect(answer.status).to.equal(200);
        expect(body).to.match(/^(CON|END) /);
        expectWhole(body);
      }),
      { numRuns: 150 },
    );
  }).timeout(30_000);

  it('in an SMS from a customer are answered as any other, once', async () => {
    const senders = await Promise.all(
      FOREIGN.map(async (text, index) => {
        const from = newNumber();
        const form = {
          date: '2026-11-20 09:00:00',
          from,
          id: `foreign-${index}`,
          text: `${text}\r\n${text}`,
          to: '20384',
        };
        const answer = await town.post(`/sms/africastalking/${KEY}/incoming`, new URLSearchParams(form));
        expect(answer.status, answer.text).to.equal(200);
        return from;
      }),
    );
    await town.books.untilQuiet();
    for (const from of senders) expect((await town.control.messages(from)).map(({ text }) => text)).to.have.length(1);
    const nul = new URLSearchParams({
      date: '2026-11-20 09:00:00',
      from: newNumber(),
      id: 'x',
      text: 'a\0b',
      to: '20384',
    });
    expect((await town.post(`/sms/africastalking/${KEY}/incoming`, nul)).status).to.equal(400);
  }).timeout(60_000);
});

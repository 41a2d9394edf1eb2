import { expect } from 'chai';

/** The phone's own logic, which knows nothing of the page; it is written for browsers, without types. */
const { makePhone } = await import(new URL('../../src/simulator/handset-page/phone.js', import.meta.url).href);

const PROMPT = { id: 'p1', amount: '500.00', currency: 'KES', payTo: '174379', account: 'MTEST00001' };
const LAST_WORDS = { id: 's1', hops: 3, state: 'closed', end: 'ended', text: 'Wait for the M-PESA PIN prompt.' };

describe('the logic of the handset', () => {
  let now: number;
  const phoneAfterItsSession = () => {
    now = 1_000;
    const phone = makePhone({ send: () => {}, changed: () => {}, happened: () => {}, now: () => now });
    phone.show('session');
    phone.takeEvent({ type: 'session', session: LAST_WORDS });
    phone.takeEvent({ type: 'prompt', prompt: PROMPT });
    return phone;
  };

  it('leaves the last words of a session to be read before a prompt covers them', () => {
    const phone = phoneAfterItsSession();
    expect(phone.prompt()).to.equal(undefined);
    now += 2_499;
    expect(phone.prompt()).to.equal(undefined);
    now += 1;
    expect(phone.prompt()).to.deep.equal(PROMPT);
  });

  it('shows the prompt at once to who has read them', () => {
    const phone = phoneAfterItsSession();
    phone.press('ok');
    expect(phone.prompt()).to.deep.equal(PROMPT);
    phone.press('1');
    expect(phone.state.pin, 'digits are for the PIN').to.equal('1');
  });
});

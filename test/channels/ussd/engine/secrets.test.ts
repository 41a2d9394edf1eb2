import { expect } from 'chai';
import { ussdWorld } from '../ussd-world.ts';

/** Four digits that no length, amount, time or hash of these tests shows by chance. */
const PIN = '8642';

describe('what is typed on a secret screen', () => {
  it('reaches neither store nor log nor state, however often the gateway resends it', async () => {
    const { phone, written, logged, domain, handlers } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*2*2*1#');
    await ann.send(PIN);
    await ann.send(PIN);
    expect(domain.pin).to.equal(PIN);
    await ann.dial();
    await ann.send('2');
    await ann.send(PIN);
    await ann.send('0');
    await ann.send('5');
    await ann.raw(ann.text);
    domain.before = () => {
      throw new Error('trouble');
    };
    await ann.send('4');
    domain.before = () => {};
    await handlers.handleEnd({
      ...{ sessionId: ann.sessionId, phoneNumber: '+254711000001', status: 'Incomplete' },
      ...{ input: ann.text, lastAppResponse: `CON ${PIN}`, errorMessage: PIN },
    });
    const plain = [...written, ...logged].map((text) => text.replace(/"(hash|turnKey|menu|pinSeal)":"[^"]*"/g, ''));
    const escaped = plain.map((text) => text.replace(/\\"(hash|menu|pinSeal)\\":\\"[^"]*\\"/g, ''));
    expect(written.length).to.be.greaterThan(5);
    for (const text of escaped) expect(text).not.to.include(PIN);
  });

  it('is dropped from a dial string, which stops before the screen', async () => {
    const { phone, written, domain } = await ussdWorld();
    domain.pin = PIN;
    expect(await phone().dial(`*384*123*2*${PIN}*1#`)).to.include('Enter your service PIN');
    expect(domain.calls).not.to.include('checkPin');
    const plain = written.map((text) => text.replace(/\\?"(hash|turnKey|menu)\\?":\\?"[^"]*"/g, ''));
    for (const text of plain) expect(text).not.to.include(PIN);
  });

  it('counts a wrong PIN once, however often the request comes', async () => {
    const { phone, domain } = await ussdWorld();
    domain.pin = PIN;
    const ann = phone();
    await ann.dial('*384*123*2#');
    const answers = await Promise.all([ann.send('1111'), ann.raw(`${ann.text}`), ann.raw(ann.text)]);
    expect(new Set(answers).size).to.equal(1);
    expect(answers[0]).to.include('2 tries left');
  });
});

import { expect } from 'chai';
import { ussdWorld } from '../ussd-world.ts';

describe('who dials again', () => {
  it('is asked whether to go on, and stands at the very screen', async () => {
    const { phone, clock } = await ussdWorld();
    const ann = phone();
    await ann.dial();
    await ann.send('1');
    await ann.send('2');
    const amount = await ann.send('100200300');
    await ann.hangUp();
    await clock.advance(590_000);
    expect(await ann.dial()).to.include('1 Go on\n2 Start again');
    expect(await ann.send('1')).to.equal(amount);
    expect(await ann.send('0')).to.include('account number');
    await ann.send('100200300');
    expect(await ann.send('500')).to.include('Pay KES 500.00');
  });

  it('starts again when he wants to', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    const home = await ann.dial();
    await ann.send('1');
    await ann.dial();
    expect(await ann.send('2')).to.equal(home);
  });

  it('is asked again when the question itself was cut off, also after a wrong choice', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    await ann.dial();
    const billers = await ann.send('1');
    await ann.dial();
    const question = await ann.dial();
    expect(question).to.include('1 Go on');
    expect(await ann.send('7')).to.match(/^CON That is not a choice here/);
    expect(await ann.send('1')).to.equal(billers);
  });

  it('is not asked after ten minutes, after an end, or when he had not left home', async () => {
    const { phone, clock, domain } = await ussdWorld();
    const ann = phone();
    const home = await ann.dial();
    expect(await ann.dial()).to.equal(home);
    await ann.send('1');
    await clock.advance(601_000);
    expect(await ann.dial()).to.equal(home);
    await ann.dial('*384*123*1*2*100200300*500#');
    await ann.send('1');
    domain.underWay = undefined;
    for (const payment of domain.payments) payment.situation = 'posted';
    expect(await ann.dial()).to.equal(home);
  });

  it('is not asked when he dials with inputs', async () => {
    const { phone } = await ussdWorld();
    const ann = phone();
    await ann.dial();
    await ann.send('1');
    expect(await ann.dial('*384*123*1*2*100200300*500#')).to.include('Pay KES 500.00');
  });

  it('sees the true state of a payment under way first', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial('*384*123*1*2*100200300*500#');
    await ann.send('1');
    const payment = domain.payments[0];
    if (!payment) throw new Error('no payment');
    const first = await ann.dial();
    expect(first)
      .to.match(/^CON Your payment of KES 500.00 to Maji Water 100200300/)
      .and.include(payment.reference);
    expect(first).to.include('1 Main menu');
    expect(await ann.send('1')).to.include('1 Pay a bill');
    // The domain may look for open payments elsewhere; the number's last dial knows this one by itself.
    domain.underWay = undefined;
    payment.situation = 'unknown';
    expect(await ann.dial()).to.include('do not pay again');
    payment.situation = 'posted';
    await ann.send('1');
    expect(await ann.dial()).to.include('1 Pay a bill');
  });

  it('is not let in behind a PIN that was entered before', async () => {
    const { phone, domain } = await ussdWorld();
    domain.pin = '4711';
    const ann = phone();
    const home = await ann.dial();
    await ann.send('2');
    await ann.send('4711');
    await ann.hangUp();
    expect(await ann.dial()).to.equal(home);
    expect(await ann.send('2')).to.include('Enter your service PIN');
  });

  it('hastens the prompt of a payment at the end of its session, and asks nothing for others', async () => {
    const { phone, domain } = await ussdWorld();
    const ann = phone();
    await ann.dial();
    await ann.hangUp();
    expect(domain.promptedNow).to.deep.equal([]);
    await ann.dial('*384*123*1*2*100200300*500#');
    await ann.send('1');
    await ann.hangUp('Success');
    expect(domain.promptedNow).to.deep.equal([`africastalking:${ann.sessionId}`]);
  });

  it('marks the dial as dropped only while it is still the last one', async () => {
    const { phone, store } = await ussdWorld();
    const ann = phone();
    await ann.dial();
    await ann.send('1');
    await ann.hangUp();
    expect(await store.readDial('+254711000001')).to.include('"dropped":true');
    const first = ann.sessionId;
    await ann.dial();
    const before = await store.readDial('+254711000001');
    expect(first).not.to.equal(ann.sessionId);
    await ann.hangUp('Success');
    expect(await store.readDial('+254711000001')).to.equal(before);
  });
});

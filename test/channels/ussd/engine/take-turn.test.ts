import { expect } from 'chai';
import type { SessionStore } from '../../../../src/platform/sessions/index.ts';
import { type UssdWorld, ussdWorld } from '../ussd-world.ts';

const CONFIRMATION = '*384*123*1*2*100200300*500#';

/** Lets promises go on that wait for nothing but each other. */
const settle = async () => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a turn', () => {
  describe('happens once', () => {
    it('gives a repeated request the answer that it had', async () => {
      const { phone, domain, events } = await ussdWorld();
      const ann = phone();
      await ann.dial(CONFIRMATION);
      const end = await ann.send('1');
      const calls = domain.calls.length;
      for (let repeat = 0; repeat < 5; repeat += 1) expect(await ann.raw(ann.text)).to.equal(end);
      expect(domain.calls).to.have.length(calls);
      expect(events.at(-1)?.kind).to.equal('repeat');
    });

    it('gives two requests at once one answer and one payment', async () => {
      const { phone, domain } = await ussdWorld();
      const ann = phone();
      await ann.dial(CONFIRMATION);
      const answers = await Promise.all([ann.send('1'), ann.raw(`${ann.text}`), ann.raw(ann.text), ann.raw(ann.text)]);
      expect(new Set(answers).size).to.equal(1);
      expect(domain.payments).to.have.length(1);
    });

    it('gives an older text the answer that it had, and one that does not go on the screen that is shown', async () => {
      const { phone, events } = await ussdWorld();
      const ann = phone();
      const home = await ann.dial();
      const billers = await ann.send('1');
      const account = await ann.send('2');
      expect(await ann.raw('')).to.equal(home);
      expect(await ann.raw('1')).to.equal(billers);
      expect(await ann.raw('7*7*7')).to.equal(account);
      expect(events.at(-1)?.kind).to.equal('stale');
      expect(await ann.raw('3*2')).to.equal(account);
      expect(await ann.raw('1*2x')).to.equal(account);
      expect(await ann.send('100200300')).to.include('J*** W******');
    });

    it('says the end again after the end', async () => {
      const { phone, domain } = await ussdWorld();
      const ann = phone();
      await ann.dial(CONFIRMATION);
      const end = await ann.send('1');
      expect(await ann.send('1')).to.equal(end);
      expect(domain.payments).to.have.length(1);
    });

    it('tells of a payment that was made even if the turn cannot be stored', async () => {
      const world = await withStore((store) => ({
        ...store,
        async storeTurn(msisdn, sessionKey, write) {
          if (write.dial.includes('payment')) throw new Error('Redis is gone');
          return store.storeTurn(msisdn, sessionKey, write);
        },
      }));
      const ann = world.phone();
      await ann.dial(CONFIRMATION);
      expect(await ann.send('1')).to.match(/^END Wait for the M-PESA PIN/);
      expect(await ann.raw(ann.text)).to.match(/^END Wait for the M-PESA PIN/);
      expect(world.domain.payments).to.have.length(1);
    });

    it('tells of a payment that was made even if another request of the session was first', async () => {
      const world = await ussdWorld();
      const ann = world.phone();
      await ann.dial(CONFIRMATION);
      const confirmed = ann.text;
      world.domain.before = async (name) => {
        if (name !== 'requestPayment') return;
        world.domain.before = () => {};
        await ann.raw(`${confirmed}*0`);
      };
      expect(await ann.send('1')).to.match(/^END Wait for the M-PESA PIN/);
      expect(world.domain.payments).to.have.length(1);
    });
  });

  describe('reads what was typed', () => {
    it('takes a star that the customer typed as input', async () => {
      const { phone } = await ussdWorld();
      const ann = phone();
      await ann.dial();
      await ann.send('1');
      expect(await ann.send('2*100200300')).to.match(/^CON That is not a choice here/);
      expect(await ann.send('2')).to.include('account number');
      expect(await ann.send('*')).to.match(/^CON Letters and digits only/);
      expect(await ann.send('100200300')).to.include('J*** W******');
    });

    it('takes an empty reply as input', async () => {
      const { phone } = await ussdWorld();
      const ann = phone();
      await ann.dial();
      await ann.send('1');
      expect(await ann.send('')).to.match(/^CON That is not a choice here/);
      expect(await ann.send('2')).to.include('account number');
    });

    it('takes a first empty reply, whichever way the gateway counts it', async () => {
      for (const second of ['*1', '**1']) {
        const { phone } = await ussdWorld();
        const ann = phone();
        await ann.dial();
        expect(await ann.raw('*')).to.match(/^CON That is not a choice here/);
        expect(await ann.raw(second)).to.include('1 Jua Power');
        expect(await ann.raw(`${second}*2`)).to.include('account number');
      }
    });

    it('feeds the inputs of a session that was lost again, up to the confirmation', async () => {
      const { phone, clock, domain } = await ussdWorld();
      const ann = phone();
      await ann.dial(CONFIRMATION);
      await clock.advance(601_000);
      expect(await ann.send('1')).to.match(/^CON Pay KES 500.00/);
      expect(domain.payments).to.have.length(0);
      expect(await ann.send('1')).to.match(/^END Wait/);
    });
  });

  describe('in time', () => {
    it('ends when the whole takes too long, and says that nothing was charged', async () => {
      const { phone, domain, clock } = await ussdWorld();
      const ann = phone();
      await ann.dial();
      await ann.send('1');
      await ann.send('2');
      let answerLookup = () => {};
      domain.before = (name) => (name === 'lookUpAccount' ? new Promise<void>((go) => (answerLookup = go)) : undefined);
      const late = ann.send('100200300');
      await clock.advance(5000);
      const answer = await late;
      expect(answer).to.match(/^END This takes longer than usual\. Nothing was charged/);
      domain.before = () => {};
      answerLookup();
      await settle();
      // The late turn is kept with the answer that the customer had, and can be taken up.
      expect(await ann.raw(ann.text)).to.equal(answer);
      expect(await ann.dial()).to.include('1 Go on');
      expect(await ann.send('1')).to.include('J*** W******');
    });

    it('never says that a payment was not made while it is being made', async () => {
      const { phone, domain, clock } = await ussdWorld();
      const ann = phone();
      await ann.dial(CONFIRMATION);
      let goOn = () => {};
      domain.before = (name) => (name === 'requestPayment' ? new Promise<void>((go) => (goOn = go)) : undefined);
      const late = ann.send('1');
      await clock.advance(5000);
      const answer = await late;
      expect(answer)
        .to.match(/^END .*still/)
        .and.not.include('Nothing was charged');
      domain.before = () => {};
      goOn();
      await settle();
      expect(domain.payments).to.have.length(1);
      expect(await ann.raw(ann.text)).to.equal(answer);
      expect(await ann.dial()).to.include('waiting for the M-PESA PIN');
    });

    it('starts nothing after it has said that nothing was charged', async () => {
      let release = () => {};
      let slow = false;
      const world = await withStore((store) => ({
        ...store,
        async read(msisdn, sessionKey, turnKey) {
          if (slow) await new Promise<void>((go) => (release = go));
          return store.read(msisdn, sessionKey, turnKey);
        },
      }));
      const ann = world.phone();
      await ann.dial(CONFIRMATION);
      slow = true;
      const late = ann.send('1');
      await world.clock.advance(5000);
      expect(await late).to.include('Nothing was charged');
      release();
      await settle();
      expect(world.domain.payments).to.have.length(0);
    });

    it('goes without the customer when SQL does not answer on the first hop', async () => {
      const { phone, domain, clock } = await ussdWorld();
      domain.before = () => new Promise<void>(() => {});
      const first = phone().dial();
      await clock.advance(2000);
      expect(await first).to.include('1 Pay a bill');
    });
  });

  describe('in trouble', () => {
    it('says that the service is busy when the store is out of reach', async () => {
      for (const broken of ['read', 'readFirst', 'storeTurn'] as const) {
        const world = await withStore((store) => ({
          ...store,
          [broken]: () => Promise.reject(new Error('connect ECONNREFUSED')),
        }));
        const { status, contentType, body } = await world.handlers.handleHop({
          ...{ sessionId: 's1', phoneNumber: '+254711000001', networkCode: '63902', serviceCode: '*384*123#' },
          text: broken === 'read' ? '1' : '',
        });
        expect({ status, contentType }).to.deep.equal({ status: 200, contentType: 'text/plain; charset=utf-8' });
        expect(body).to.match(/^END The service is busy\. Nothing was charged/);
      }
    });

    it('ends with an apology when an action has a bug, and can be taken up', async () => {
      const { phone, domain, logged } = await ussdWorld();
      const ann = phone();
      await ann.dial();
      await ann.send('1');
      await ann.send('2');
      domain.before = (name) => {
        if (name === 'lookUpAccount') throw new TypeError('cannot read properties of undefined');
      };
      expect(await ann.send('100200300')).to.match(/^END Something went wrong on our side\. Nothing was charged/);
      expect(logged.join()).to.include('an action of the menu failed');
      domain.before = () => {};
      expect(await ann.dial()).to.include('1 Go on');
      expect(await ann.send('1')).to.include('account number');
    });

    it('does not know whether a payment was made when its request has a bug', async () => {
      const { phone, domain } = await ussdWorld();
      const ann = phone();
      await ann.dial(CONFIRMATION);
      domain.before = (name) => {
        if (name === 'requestPayment') throw new Error('the connection was lost at commit');
      };
      const answer = await ann.send('1');
      expect(answer)
        .to.match(/^END We cannot say yet/)
        .and.not.include('Nothing was charged');
    });

    it('ends a session after 60 hops', async () => {
      const { phone } = await ussdWorld();
      const ann = phone();
      await ann.dial();
      let answer = '';
      for (let hop = 1; hop < 60; hop += 1) answer = await ann.send(hop % 2 === 1 ? '1' : '0');
      expect(answer).to.match(/^CON /);
      expect(await ann.send('0')).to.match(/^END This session was very long/);
    });

    it('refuses a form that is not the gateway’s, and changes nothing', async () => {
      const { handlers, written } = await ussdWorld();
      expect((await handlers.handleHop({ text: '' })).status).to.equal(400);
      expect((await handlers.handleEnd({ sessionId: 'x' })).status).to.equal(400);
      expect(written).to.have.length(0);
    });
  });

  describe('costs', () => {
    it('no call to the domain on a plain hop', async () => {
      const { phone, domain } = await ussdWorld();
      const ann = phone();
      await ann.dial();
      domain.calls.length = 0;
      for (const input of ['1', '2', '0', '00', '5', '0', '6', '1', '98', '00', '3', '1', 'x']) await ann.send(input);
      expect(domain.calls).to.deep.equal([]);
    });

    it('one read and one write a hop', async () => {
      const trips: string[] = [];
      const world = await withStore((store) => ({
        ...store,
        read(...given) {
          trips.push('read');
          return store.read(...given);
        },
        readFirst(...given) {
          trips.push('readFirst');
          return store.readFirst(...given);
        },
        storeTurn(...given) {
          trips.push('storeTurn');
          return store.storeTurn(...given);
        },
      }));
      const ann = world.phone();
      await ann.dial();
      await ann.send('1');
      await ann.send('2');
      await ann.send('100200300');
      expect(trips).to.deep.equal(['readFirst', 'storeTurn', ...Array(3).fill(['read', 'storeTurn']).flat()]);
    });
  });
});

function withStore(wrapStore: (store: SessionStore) => SessionStore): Promise<UssdWorld> {
  return ussdWorld({ wrapStore });
}

import { expect } from 'chai';
import { makeUssdHandlers } from '../../../../src/channels/ussd/index.ts';
import type { Msisdn } from '../../../../src/kernel/index.ts';
import type { UssdGateway } from '../../../../src/providers/ussd/index.ts';
import { BILLERS, SEALING, ussdWorld } from '../ussd-world.ts';

/** A gateway that sends the new input only. */
const latestGateway: UssdGateway = {
  name: 'latest',
  parseHop: ({ sessionId = '', text = '', first }) => ({
    ...{ gateway: 'latest', sessionId, msisdn: '+254711000001' as Msisdn, network: 'gsm', serviceCode: '*384*123#' },
    input: { kind: 'latest', text, first: first === 'yes' },
  }),
  parseSessionEnd: () => undefined,
  renderReply: ({ kind, text }) => ({ contentType: 'text/plain', body: `${kind} ${text}` }),
};

describe('a gateway that sends the latest input only', () => {
  it('walks the same menu, also with the same input twice in a row, and takes two at once as one', async () => {
    const { clock, store, menus, domain } = await ussdWorld();
    const log = { debug() {}, warn() {}, error() {} };
    const handlers = makeUssdHandlers(
      {
        ...{ clock, store, menus, domain, log, key: 'a key for tests only', defaultLanguage: 'en' },
        ...{ billers: { all: () => BILLERS }, hopTimeoutMs: 5000, lookupTimeoutMs: 3000, sealing: SEALING },
      },
      latestGateway,
    );
    const send = async (text: string, first = 'no') => (await handlers.handleHop({ sessionId: 's', text, first })).body;
    expect(await send('', 'yes')).to.include('1 Pay a bill');
    await send('1');
    expect(await send('1')).to.include('meter number');
    expect(await send('04123456789')).to.include('Nothing is due');
    expect(await send('500')).to.include('Pay KES 500.00 to Jua Power');
    const answers = await Promise.all([send('1'), send('1'), send('1')]);
    expect(new Set(answers).size).to.equal(1);
    expect(answers[0]).to.match(/^end Wait/);
    expect(domain.payments).to.have.length(1);
  });

  it('reads what was dialled after the code', async () => {
    const { clock, store, menus, domain } = await ussdWorld();
    const log = { debug() {}, warn() {}, error() {} };
    const handlers = makeUssdHandlers(
      {
        ...{ clock, store, menus, domain, log, key: 'a key for tests only', defaultLanguage: 'en' },
        ...{ billers: { all: () => BILLERS }, hopTimeoutMs: 5000, lookupTimeoutMs: 3000, sealing: SEALING },
      },
      latestGateway,
    );
    const { body } = await handlers.handleHop({ sessionId: 's', text: '1*2*100200300*500', first: 'yes' });
    expect(body).to.include('Pay KES 500.00');
  });
});

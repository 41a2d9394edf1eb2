import { expect } from 'chai';
import { makeAfricasTalkingUssd } from '../../../../src/providers/ussd/africastalking/index.ts';

const gateway = makeAfricasTalkingUssd({ shortCodes: ['*384*123#', '*384*123*7#'] });
const FORM = {
  sessionId: 'ATUid_1',
  phoneNumber: '+254711000001',
  networkCode: '63902',
  serviceCode: '*384*123#',
  text: '',
};

describe("Africa's Talking USSD", () => {
  it('knows the networks', () => {
    const codes = {
      '63902': 'safaricom',
      '63903': 'airtel',
      '63907': 'telkom',
      '63999': 'equitel',
      '99999': 'gsm',
      '1': 'gsm',
    };
    for (const [networkCode, network] of Object.entries(codes)) {
      expect(gateway.parseHop({ ...FORM, networkCode })?.network).to.equal(network);
    }
  });

  it('splits what was dialled by the longest of our codes', () => {
    const split = (serviceCode: string) => {
      const hop = gateway.parseHop({ ...FORM, serviceCode });
      return [hop?.serviceCode, hop?.input.kind === 'cumulative' && hop.input.dialled];
    };
    expect(split('*384*123#')).to.deep.equal(['*384*123#', '']);
    expect(split('*384*123')).to.deep.equal(['*384*123#', '']);
    expect(split('*384*123*1*2*100200300*500#')).to.deep.equal(['*384*123#', '1*2*100200300*500']);
    expect(split('*384*123*7*1#')).to.deep.equal(['*384*123*7#', '1']);
    expect(split('*384*123*71#')).to.deep.equal(['*384*123#', '71']);
    expect(split('*384*1234#')).to.deep.equal(['*384*1234#', '']);
  });

  it('finds the number with its plus, without it, or with a space for it', () => {
    for (const phoneNumber of ['+254711000001', '254711000001', ' 254711000001']) {
      expect(gateway.parseHop({ ...FORM, phoneNumber })?.msisdn).to.equal('+254711000001');
    }
  });

  it('keeps the length of the text where it replaces control characters', () => {
    expect(gateway.parseHop({ ...FORM, text: '1*a\u0000b\nc' })?.input.text).to.equal('1*a b c');
    expect(gateway.parseHop({ ...FORM, text: '*' })?.input.text).to.equal('*');
  });

  it('takes nothing past its limits', () => {
    const wrong = [
      { text: 'x'.repeat(2001) },
      { sessionId: '' },
      { sessionId: 'x'.repeat(129) },
      { sessionId: 'a b' },
      { phoneNumber: '0711000001' },
      { phoneNumber: '+' },
      { serviceCode: '384' },
      { serviceCode: `*${'1'.repeat(200)}#` },
      { networkCode: '1'.repeat(17) },
    ];
    for (const change of wrong)
      expect(gateway.parseHop({ ...FORM, ...change }), JSON.stringify(change)).to.equal(undefined);
  });

  it('keeps nothing of what a session-end notification may reveal', () => {
    const end = gateway.parseSessionEnd({
      ...FORM,
      status: 'Incomplete',
      input: '1*1234',
      lastAppResponse: 'CON PIN 1234',
    });
    expect(JSON.stringify(end)).to.not.include('1234');
    expect(gateway.parseSessionEnd({ ...FORM, status: 'Lost' })).to.equal(undefined);
  });

  it('puts nothing in front of the prefix', () => {
    expect(gateway.renderReply({ kind: 'continue', text: 'Menu' })).to.deep.equal({
      contentType: 'text/plain; charset=utf-8',
      body: 'CON Menu',
    });
  });
});

import { makeAfricasTalkingUssd } from '../../../src/providers/ussd/africastalking/index.ts';
import { describeUssdGateway } from './ussd-gateway.contract.ts';

const common = (sessionId: string, phoneNumber: string) => ({ sessionId, phoneNumber, networkCode: '63902' });

describeUssdGateway("Africa's Talking", {
  gateway: makeAfricasTalkingUssd({ shortCodes: ['*384*123#'] }),
  hop: (sessionId, msisdn, inputs) => ({
    ...common(sessionId, msisdn),
    serviceCode: '*384*123#',
    text: inputs.join('*'),
  }),
  deepDial: (sessionId, msisdn) => ({ ...common(sessionId, msisdn), serviceCode: '*384*123*1*2#', text: '' }),
  sessionEnd: (sessionId, msisdn, status) => ({
    ...common(sessionId, msisdn),
    date: '2026-11-22 10:11:12',
    serviceCode: '*384*123#',
    status: status.charAt(0).toUpperCase() + status.slice(1),
    cost: 'KES 0.5000',
    durationInMillis: '1200',
    hopsCount: '3',
    input: '1*2*1234',
    lastAppResponse: 'END Bye',
  }),
  continues: /^CON Pay\n1\. Yes$/,
  ends: /^END Bye$/,
});

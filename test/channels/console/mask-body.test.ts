import { expect } from 'chai';
import { maskBody } from '../../../src/channels/console/mask-body.ts';
import { money } from '../../../src/kernel/index.ts';
import { recordedDaraja } from '../../contracts/operators/recorded-daraja.ts';
import { recordedDarajaPayouts } from '../../contracts/operators/recorded-daraja-payouts.ts';
import {
  c2bConfirmation,
  payoutResult,
  reversalResult,
  statusResult,
  stkCallback,
} from '../../support/daraja-bodies.ts';

const shown = (body: unknown): string => maskBody(typeof body === 'string' ? body : JSON.stringify(body), 'KE');
const FIVE_HUNDRED = money(50_000n, 'KES');
const AT_MS = Date.UTC(2024, 6, 21, 9, 51, 32);

/** No spelling of the number of these bodies, and no name of a person in them. */
function tellsNobody(text: string): void {
  expect(text).not.to.match(/711\D{0,3}000\D{0,3}001|JANE|WANJIKU/i);
}

describe('a body as a reader may see it', () => {
  it('has no number and no name of any body of the operator', async () => {
    const conversationId = 'AG_20240721_RRRR';
    const payer = '+254711000001';
    const bodies = [
      stkCallback({
        checkoutRequestId: 'ws_CO_21072024125132001',
        paid: { amount: FIVE_HUNDRED, receipt: 'SG00000001', payer, atMs: AT_MS },
      }),
      c2bConfirmation({
        receipt: 'SG1',
        amount: FIVE_HUNDRED,
        account: '100200300',
        msisdn: '254711000001',
        atMs: AT_MS,
      }),
      c2bConfirmation({
        receipt: 'SG1',
        amount: FIVE_HUNDRED,
        account: '0711000001',
        msisdn: '2547 ***** 001',
        atMs: AT_MS,
      }),
      statusResult({ conversationId, receipt: 'SG00000001', payer }),
      payoutResult({ conversationId, requestId: 'r-1', receipt: 'SG00000001', recipient: payer, atMs: AT_MS }),
      payoutResult({ conversationId, requestId: 'r-1' }),
      reversalResult({ conversationId, ofReceipt: 'SG00000001', receipt: 'SR00000001', payer, atMs: AT_MS }),
      ...(await recordedBodies()),
    ];
    expect(bodies).to.have.length(13);
    for (const body of bodies) tellsNobody(shown(body));
  });

  it('still shows what a reader looks for', async () => {
    const text = shown(
      statusResult({ conversationId: 'AG_20240721_RRRR', receipt: 'SG00000001', payer: '+254711000001' }),
    );
    expect(text).to.contain('"Key": "DebitPartyName",\n          "Value": "+254******001 - J*** W******"');
    expect(text).to.contain('"Value": "SG00000001"').and.to.contain('AG_20240721_RRRR');
    expect(text).to.contain('"Key": "ReceiptNo"').and.to.contain('"Value": "Completed"');
    const reversal = shown(reversalResult({ conversationId: 'AG_1', ofReceipt: 'SG1', receipt: 'SR1', atMs: AT_MS }));
    expect(reversal).to.contain('20240721125132').and.to.contain('Utility Account|KES|7722179.62|7722179.62|0.00|0.00');
    const paid = { amount: FIVE_HUNDRED, receipt: 'SG1', payer: '+254711000001', atMs: AT_MS };
    const callback = shown(stkCallback({ checkoutRequestId: 'ws_CO_21072024125132001', paid }));
    expect(callback).to.contain('ws_CO_21072024125132001').and.to.contain('"Value": 20240721125132');
    expect(callback).to.contain('"Name": "PhoneNumber",\n            "Value": "+254******001"');
    const payout = shown(
      payoutResult({ conversationId: 'AG_1', requestId: '71840-27539181-07', receipt: 'SG1', atMs: AT_MS }),
    );
    expect(payout).to.contain('71840-27539181-07').and.to.contain('21.07.2024 12:51:32');
    expect(shown({ BillRefNumber: '100200300' })).to.contain('100200300');
  });

  it('has the numbers masked that a customer wrote in his own words, and what opens something', () => {
    const said = (text: string) => JSON.parse(shown({ from: '+254711000001', text, to: '22123' })).text as string;
    for (const number of [
      '0711000001',
      '0711 000 001',
      '0711-000-001',
      '254711000001',
      '+254 711 000001',
      '00254711000001',
    ])
      tellsNobody(said(`I paid from ${number}, where is it`));
    expect(said('from 0711 000 001.')).to.equal('from +254******001.');
    tellsNobody(said('my other is 711000001'));
    tellsNobody(said('sent to 0711000001 - Jane Wanjiku, yesterday'));
    tellsNobody(said('tel254711000001'));
    tellsNobody(said('paid 500 0711 000 001 200'));
    tellsNobody(said('paid 500 to 254711000001-3'));
    expect(said('PAY 100200300 500')).to.equal('PAY 10****300 500');
    expect(said('token 1234 5678 9012 3456 7890')).to.equal('token 12***************890');
    expect(said('my pin is 4821')).to.equal('my pin is ***');
    expect(said('on 01.07.2024 10:15 I paid 1500.00')).to.equal('on 01.07.2024 10:15 I paid 1500.00');
  });

  it('has secrets masked by their field, but not the Key that names one', () => {
    const text = shown({
      SecurityCredential: 'abc',
      apiKey: 'def',
      Pair: { Key: 'InitiatorPassword', Value: 'ghi' },
      name: 'Jane',
    });
    expect(text).not.to.match(/abc|def|ghi|Jane/);
    expect(text).to.contain('"Key": "InitiatorPassword"');
    expect(shown({ ReferenceItem: { Key: 'Occasion' } })).to.contain('"Key": "Occasion"');
  });

  it('knows the numbers in the bodies of other operators and gateways', () => {
    tellsNobody(shown({ payer: { partyIdType: 'MSISDN', partyId: '254711000001' }, payerMessage: 'from 0711000001' }));
    tellsNobody(shown({ subscriber: { country: 'KE', msisdn: 711000001 } }));
    tellsNobody(shown({ SMSMessageData: { Recipients: [{ number: '+254711000001', messageId: 'ATXid_1' }] } }));
    tellsNobody(shown({ phoneNumber: '+254711000001', text: '1*0711000001*500', Mobile: '254711000001' }));
    tellsNobody(shown({ response: [[{ msisdn: 711000001, sender: 'MPESA' }]] }));
    const reference = '0190a6c1-57f3-7c3e-8f2a-254711000001';
    expect(shown({ referenceId: reference })).to.contain(reference);
  });

  it('is done with a long hostile body in a moment', () => {
    for (const piece of ['1 ', '1', '07 ', '+1-', '1*', '254711000001 - A'])
      shown({ text: piece.repeat(Math.floor(60_000 / piece.length)) });
  }).timeout(2_000);

  it('masks what is no JSON too', () => {
    tellsNobody(shown('from=+254711000001&who=254711000001 - JANE WANJIKU'));
    tellsNobody(shown(`${'['.repeat(20_000)}"254711000001"`));
  });
});

/** What the operator of the contracts sends, which is as its documentation and captures have it. */
async function recordedBodies(): Promise<unknown[]> {
  const collects = await recordedDaraja();
  const pays = await recordedDarajaPayouts();
  const amount = FIVE_HUNDRED;
  const reference = 'MLP00000001';
  const tokenOf = (digit: string) => digit.repeat(40);
  try {
    await collects.operator.collect({
      reference,
      callbackToken: tokenOf('1'),
      amount,
      payer: collects.payer,
      description: 'Bill',
    });
    await collects.operator.askStatus({ receipt: 'SG00000001', token: tokenOf('2') });
    await collects.operator.reverse({ callbackToken: tokenOf('3'), amount, receipt: 'SG00000001', remarks: 'back' });
    await pays.operator.pay({
      reference,
      callbackToken: tokenOf('4'),
      amount,
      recipient: pays.recipient,
      purpose: 'salary',
      remarks: 'Wages',
    });
    await pays.operator.askStatus({ requestId: reference, token: tokenOf('5') });
    return [
      await collects.callback(tokenOf('1')),
      await collects.payPaybill('100200300', amount),
      await collects.statusResult(tokenOf('2')),
      await collects.reversalResult(tokenOf('3')),
      await pays.result(tokenOf('4')),
      await pays.statusResult(tokenOf('5')),
    ];
  } finally {
    await collects.stop();
    await pays.stop();
  }
}

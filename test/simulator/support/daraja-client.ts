import type { Answer, SimulatorUnderTest } from './running-simulator.ts';
import { PASSKEY } from './running-simulator.ts';

export const PAYER = '+254711000001';

/** The merchant's side of the operator's wire, as plain as it can be. */
export function darajaClient(simulator: SimulatorUnderTest) {
  const stamp = () => new Date(Date.now() + 10_800_000).toISOString().slice(0, 19).replace(/\D/g, '');
  const signed = () => {
    const Timestamp = stamp();
    const Password = Buffer.from(`174379${PASSKEY}${Timestamp}`).toString('base64');
    return { BusinessShortCode: '174379', Password, Timestamp };
  };
  const basic = `Basic ${Buffer.from('key:secret').toString('base64')}`;
  let token = '';
  const post = (path: string, body: unknown): Promise<Answer> =>
    simulator.call('POST', `/daraja${path}`, body, { authorization: `Bearer ${token}` });
  const push = (changes: Record<string, unknown> = {}) =>
    post('/mpesa/stkpush/v1/processrequest', {
      ...signed(),
      TransactionType: 'CustomerPayBillOnline',
      Amount: 500,
      PartyA: PAYER.slice(1),
      PartyB: '174379',
      PhoneNumber: PAYER.slice(1),
      CallBackURL: `${simulator.gateway.url}/stk/aa11`,
      AccountReference: 'MTEST00001',
      TransactionDesc: 'Water bill',
      ...changes,
    });
  return {
    post,
    push,
    async signIn() {
      const query = '?grant_type=client_credentials';
      const answer = await simulator.call('GET', `/daraja/oauth/v1/generate${query}`, undefined, {
        authorization: basic,
      });
      token = answer.json.access_token;
      return answer;
    },
    query: (CheckoutRequestID: string) => post('/mpesa/stkpushquery/v1/query', { ...signed(), CheckoutRequestID }),
    reverse: (TransactionID: string, changes: Record<string, unknown> = {}) =>
      post('/mpesa/reversal/v1/request', {
        Initiator: 'malipo',
        SecurityCredential: 'c2VjcmV0',
        CommandID: 'TransactionReversal',
        TransactionID,
        Amount: '500',
        ReceiverParty: '174379',
        RecieverIdentifierType: '11',
        ResultURL: `${simulator.gateway.url}/reversal/result/cc33`,
        QueueTimeOutURL: `${simulator.gateway.url}/reversal/timeout/cc33`,
        Remarks: 'Refund',
        Occasion: '',
        ...changes,
      }),
    pay: (OriginatorConversationID: string, changes: Record<string, unknown> = {}) =>
      post('/mpesa/b2c/v3/paymentrequest', {
        OriginatorConversationID,
        InitiatorName: 'malipo',
        SecurityCredential: 'c2VjcmV0',
        CommandID: 'SalaryPayment',
        Amount: 500,
        PartyA: '174379',
        PartyB: PAYER.slice(1),
        Remarks: 'Pay of November',
        QueueTimeOutURL: `${simulator.gateway.url}/b2c/timeout/dd44`,
        ResultURL: `${simulator.gateway.url}/b2c/result/dd44`,
        Occassion: '',
        ...changes,
      }),
    status: (TransactionID: string, changes: Record<string, unknown> = {}) =>
      post('/mpesa/transactionstatus/v1/query', {
        Initiator: 'malipo',
        SecurityCredential: 'c2VjcmV0',
        CommandID: 'TransactionStatusQuery',
        TransactionID,
        PartyA: '174379',
        IdentifierType: '4',
        ResultURL: `${simulator.gateway.url}/status/result/bb22`,
        QueueTimeOutURL: `${simulator.gateway.url}/status/timeout/bb22`,
        Remarks: 'Status',
        Occasion: '',
        ...changes,
      }),
    register: (changes: Record<string, unknown> = {}) =>
      post('/mpesa/c2b/v2/registerurl', {
        ShortCode: '174379',
        ResponseType: 'Completed',
        ConfirmationURL: `${simulator.gateway.url}/c2b/confirmation`,
        ValidationURL: `${simulator.gateway.url}/c2b/validation`,
        ...changes,
      }),
    pull: (changes: Record<string, unknown> = {}) => {
      const at = (epochMs: number) => new Date(epochMs + 10_800_000).toISOString().slice(0, 19).replace('T', ' ');
      return post('/pulltransactions/v1/query', {
        ShortCode: '174379',
        StartDate: at(Date.now() - 3_600_000),
        EndDate: at(Date.now() + 60_000),
        OffSetValue: '0',
        ...changes,
      });
    },
    transactions: async () => (await simulator.call('GET', '/control/operator/transactions')).json,
  };
}

import { expect } from 'chai';
import type { DarajaApi, DarajaReply } from '../../../../src/providers/operators/daraja/daraja-api.ts';
import { pullTransactions } from '../../../../src/providers/operators/daraja/pull-transactions.ts';

const row = (transactionId: string, change: object = {}) => ({
  transactionId,
  trxDate: '2024-07-21T09:51:32Z',
  msisdn: '2547 ***** 126',
  sender: 'MPESA',
  transactiontype: 'c2b-pay-bill-debit',
  billreference: 'M7K2P9QRST',
  amount: '168.00',
  organizationname: 'Malipo',
  ...change,
});

const page = (rows: unknown): DarajaReply => ({
  kind: 'answer',
  body: { ResponseRefID: '26178-42530161-2', ResponseCode: '1000', ResponseMessage: 'Success', Response: rows },
});
const nothing: DarajaReply = { kind: 'answer', body: { ResponseCode: '1001', Response: '[[]]' } };

function pull(replies: DarajaReply[]) {
  const offsets: unknown[] = [];
  const api: DarajaApi = {
    async post(_call, _path, body) {
      offsets.push((body as { OffSetValue: unknown }).OffSetValue);
      return replies.shift() ?? nothing;
    },
  };
  const config = { shortCode: '174379' } as Parameters<typeof pullTransactions>[0]['config'];
  return { offsets, pulled: pullTransactions({ api, config }, Date.UTC(2024, 6, 20), Date.UTC(2024, 6, 22)) };
}

describe('daraja pull', () => {
  it('reads the nested list, and goes on by rows until nothing comes', async () => {
    const { offsets, pulled } = pull([page([[row('SG70000001'), row('SG70000002')], [row('SG70000003')]]), nothing]);
    const answer = await pulled;
    if (answer.kind !== 'movements') throw new Error('nothing pulled');
    expect(answer.movements.map((one) => one.receipt)).to.deep.equal(['SG70000001', 'SG70000002', 'SG70000003']);
    expect(answer.movements[0]).to.deep.equal({
      receipt: 'SG70000001',
      amount: { amountMinor: 16_800n, currency: 'KES' },
      account: 'M7K2P9QRST',
      shortCode: '174379',
      completedAtMs: Date.UTC(2024, 6, 21, 9, 51, 32),
      maskedPayer: '2547 ***** 126',
      payerName: 'MPESA',
    });
    expect(offsets).to.deep.equal(['0', '3']);
  });

  it('reads a flat list too, and skips rows that it cannot read', async () => {
    const odd = [
      row('SG70000001'),
      null,
      'x',
      row('SG70000002', { amount: 'ten' }),
      row('SG70000003', { msisdn: 722000000 }),
    ];
    const answer = await pull([page(odd)]).pulled;
    if (answer.kind !== 'movements') throw new Error('nothing pulled');
    expect(answer.movements.map((one) => one.payer ?? one.maskedPayer)).to.deep.equal([
      '2547 ***** 126',
      '+254722000000',
    ]);
  });

  it('ends when the operator ignores the offset', async () => {
    const same = page([[row('SG70000001')]]);
    const { offsets, pulled } = pull(Array.from({ length: 50 }, () => same));
    expect((await pulled).kind).to.equal('movements');
    expect(offsets).to.have.length(2);
  });

  it('is unknown when the first page fails, and keeps what was seen when a later one does', async () => {
    const fault: DarajaReply = { kind: 'unclear', code: 'http-502', description: '' };
    expect(await pull([fault]).pulled).to.include({ kind: 'unknown', code: 'http-502' });
    const later = await pull([page([[row('SG70000001')]]), fault]).pulled;
    expect(later.kind === 'movements' && later.movements).to.have.length(1);
    const refused: DarajaReply = { kind: 'answer', body: { ResponseCode: '1002', ResponseMessage: 'Not registered' } };
    expect(await pull([refused]).pulled).to.include({ kind: 'unknown', code: '1002', description: 'Not registered' });
  });
});

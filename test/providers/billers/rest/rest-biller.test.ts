import { expect } from 'chai';
import fc from 'fast-check';
import { money, systemClock } from '../../../../src/kernel/index.ts';
import type { HttpPort, OutgoingRequest } from '../../../../src/platform/http/index.ts';
import { makeRestBiller, StatementUnavailable } from '../../../../src/providers/billers/rest/index.ts';
import { parseSignedMoney } from '../../../../src/providers/billers/rest/wire.ts';

const REQUEST = {
  reference: 'M7K2P9QRST',
  account: '100200300',
  amount: money(50_000n, 'KES'),
  paidAtMs: 1_795_000_000_000,
};
const BOOKED = {
  reference: 'M7K2P9QRST',
  billerReference: 'MW-1',
  account: '100200300',
  amount: '500.00',
  currency: 'KES',
  bookedAt: '2026-11-22T11:05:02Z',
};

function biller(answer: (request: OutgoingRequest) => { status: number; body: string }) {
  const requests: OutgoingRequest[] = [];
  const http: HttpPort = {
    async request(request) {
      requests.push(request);
      return { headers: {}, ...answer(request) };
    },
  };
  const options = {
    http,
    clock: systemClock,
    baseUrl: 'https://b.example/v1',
    apiKey: 'key',
    currency: 'KES',
    timeoutMs: 5_000,
  };
  return { requests, connector: makeRestBiller({ ...options, timeZone: 'Africa/Nairobi' }) };
}
const always = (status: number, value: unknown) => biller(() => ({ status, body: JSON.stringify(value) }));

describe('the REST biller', () => {
  it('writes a payment as published', async () => {
    const { requests, connector } = always(201, BOOKED);
    await connector.post({ ...REQUEST, operatorReceipt: 'SG71234567' });
    const [request] = requests;
    expect(request).to.include({ method: 'PUT', url: 'https://b.example/v1/payments/M7K2P9QRST', timeoutMs: 5_000 });
    expect(request?.headers).to.include({ authorization: 'Bearer key', 'content-type': 'application/json' });
    expect(JSON.parse(request?.body ?? '')).to.deep.equal({
      account: '100200300',
      amount: '500.00',
      currency: 'KES',
      paidAt: '2026-11-18T11:06:40.000Z',
      operatorReceipt: 'SG71234567',
    });
  });

  it('asks for an account by its whole number, whatever is typed', async () => {
    const { requests, connector } = always(404, { reason: 'account-not-found' });
    await connector.lookUp('1/../2?x#', 700);
    expect(requests[0]).to.include({ url: 'https://b.example/v1/accounts/1%2F..%2F2%3Fx%23', timeoutMs: 700 });
  });

  it('reads an amount due in credit, and the first moment of the due day', async () => {
    const account = {
      account: '1',
      status: 'open',
      holderName: 'Jane',
      due: '-20.05',
      currency: 'KES',
      dueDate: '2026-11-30',
    };
    expect(await always(200, account).connector.lookUp('1', 700)).to.deep.equal({
      kind: 'found',
      account: '1',
      holderName: 'Jane',
      due: money(-2005n, 'KES'),
      dueDateMs: Date.UTC(2026, 10, 29, 21),
    });
  });

  it('does not show an account that was not asked for, or in another currency', async () => {
    const account = { account: '1', status: 'open', holderName: 'Jane', due: '20.00', currency: 'KES' };
    for (const change of [{ account: '2' }, { currency: 'UGX' }, { due: 20 }, { due: '20,00' }, { status: 'odd' }]) {
      const answer = await always(200, { ...account, ...change }).connector.lookUp('1', 700);
      expect(answer.kind, JSON.stringify(change)).to.equal('unknown');
    }
  });

  it('believes a booking only when it is ours, of this account and amount, and exact', async () => {
    expect((await always(200, BOOKED).connector.post(REQUEST)).kind).to.equal('posted');
    const wrong = [
      { reference: 'M7K2P9QRSX' },
      { account: '100200301' },
      { amount: '5000.00' },
      { amount: 500 },
      { currency: 'TZS' },
      { balance: 'much' },
      { debtTaken: '-1.00' },
      { tokens: [{ kind: 'STANDARD', digits: '123' }] },
      { tokens: [{ kind: 'MAGIC', digits: '1'.repeat(20) }] },
      { billerReference: '' },
    ];
    for (const change of wrong) {
      const answer = await always(200, { ...BOOKED, ...change }).connector.post(REQUEST);
      expect(answer.kind, JSON.stringify(change)).to.equal('unknown');
    }
  });

  it('takes nothing but a 422 with a listed reason for a refusal', async () => {
    for (const why of ['account-not-found', 'account-closed', 'refused']) {
      const answer = await always(422, { title: 'No', reason: why }).connector.post(REQUEST);
      expect(answer).to.deep.equal({ kind: 'rejected', why, description: 'No' });
    }
    for (const status of [400, 401, 404, 409, 422, 429, 500, 503]) {
      expect((await always(status, { reason: 'other' }).connector.post(REQUEST)).kind, String(status)).to.equal(
        'unknown',
      );
    }
    expect((await always(409, { reason: 'refused' }).connector.post(REQUEST)).kind).to.equal('unknown');
  });

  it('takes only the biller’s own words for "nothing is booked"', async () => {
    const find = (status: number, body: string) =>
      biller(() => ({ status, body })).connector.findByReference('M7K2P9QRST');
    expect(await find(404, '{"reason":"payment-not-found"}')).to.deep.equal({ kind: 'absent' });
    expect((await find(404, '{"reason":"account-not-found"}')).kind).to.equal('unknown');
    expect((await find(404, '<html>')).kind).to.equal('unknown');
    expect((await find(404, '')).kind).to.equal('unknown');
    expect((await find(410, '{"reason":"payment-not-found"}')).kind).to.equal('unknown');
  });

  it('follows the pages of a statement, and refuses one that leads in a ring or has an unreadable line', async () => {
    const line = {
      reference: 'M7K2P9QRST',
      billerReference: 'MW-1',
      account: '1',
      amount: '1.00',
      currency: 'KES',
      bookedAt: '2026-11-20T08:05:02.120+03:00',
    };
    const read = async (page: (cursor: string | null) => unknown) => {
      const { connector } = biller(({ url }) => ({
        status: 200,
        body: JSON.stringify(page(new URL(url).searchParams.get('cursor'))),
      }));
      const lines = [];
      for await (const one of connector.statement('2026-11-20')) lines.push(one);
      return lines;
    };
    const lines = await read((cursor) => ({ lines: [line], next: cursor === null ? 'a&b=' : null }));
    expect(lines).to.have.length(2);
    expect(lines[0]).to.deep.include({ amount: money(100n, 'KES'), bookedAtMs: Date.UTC(2026, 10, 20, 5, 5, 2, 120) });
    for (const page of [
      { lines: [line], next: 'same' },
      { lines: [{ ...line, amount: '1.001' }], next: null },
      { lines: [line] },
    ]) {
      const fault = await read(() => page).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(StatementUnavailable);
    }
  });

  it('never throws on any JSON that a biller may answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(200, 201, 404, 422, 500), fc.json(), async (status, body) => {
        const { connector } = biller(() => ({ status, body }));
        expect((await connector.lookUp('1', 700)).kind).to.equal('unknown');
        expect((await connector.post(REQUEST)).kind).to.equal('unknown');
        expect((await connector.findByReference('M7K2P9QRST')).kind).to.equal('unknown');
      }),
      { numRuns: 300 },
    );
  });

  it('keeps amounts to the cent', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -100_000_000_000_000n, max: 100_000_000_000_000n }), (cents) => {
        const absolute = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
        const text = `${cents < 0n ? '-' : ''}${absolute.slice(0, -2)}.${absolute.slice(-2)}`;
        expect(parseSignedMoney(text, 'KES')?.amountMinor).to.equal(cents);
      }),
    );
    for (const text of ['--1', '-', '1e3', '+1', ' 1', '']) expect(parseSignedMoney(text, 'KES')).to.equal(undefined);
  });
});

describe('bills of the REST biller', () => {
  const bill = { bill: 'B1', account: '100200300', due: '1250.00', currency: 'KES', dueDate: '2026-11-30' };
  const range = { fromDay: '2026-11-30', toDay: '2026-11-30', cursor: null };
  const ask = (body: unknown, status = 200) => {
    const { connector, requests } = biller(() => ({ status, body: JSON.stringify(body) }));
    return { answer: connector.dueBills(range), requests };
  };

  it('are asked for by their days, and by the cursor of the page before', async () => {
    const { connector, requests } = biller(() => ({
      status: 200,
      body: JSON.stringify({ bills: [bill], next: 'n/1' }),
    }));
    await connector.dueBills(range);
    await connector.dueBills({ ...range, cursor: 'a b' });
    expect(requests.map(({ url }) => url)).to.deep.equal([
      'https://b.example/v1/bills?dueFrom=2026-11-30&dueTo=2026-11-30',
      'https://b.example/v1/bills?dueFrom=2026-11-30&dueTo=2026-11-30&cursor=a+b',
    ]);
  });

  it('leave out what makes no sense, and say how much', async () => {
    const odd = [
      { ...bill, due: '0.00' },
      { ...bill, due: '-5.00' },
      { ...bill, due: 1250 },
      { ...bill, currency: 'USD' },
      { ...bill, dueDate: '2026-12-01' },
      { ...bill, dueDate: '2026-02-30' },
      { ...bill, bill: 'with space' },
      null,
    ];
    const { answer } = ask({ bills: [...odd, bill], next: null });
    const { bill: name, account } = bill;
    expect(await answer).to.deep.equal({
      kind: 'page',
      bills: [{ bill: name, account, due: money(125_000n, 'KES'), dueDay: '2026-11-30' }],
      unreadable: odd.length,
      next: null,
    });
  });

  it('are not offered only when the biller says so itself', async () => {
    expect((await ask({}, 501).answer).kind).to.equal('not-offered');
    expect((await ask({ reason: 'not-offered' }, 404).answer).kind).to.equal('not-offered');
    for (const status of [404, 401, 500, 503]) expect((await ask({}, status).answer).kind).to.equal('unknown');
    expect((await ask({ bills: 'none' }).answer).kind).to.equal('unknown');
    expect((await ask({ bills: Array.from({ length: 1_001 }, () => bill), next: null }).answer).kind).to.equal(
      'unknown',
    );
  });

  it('are not read in a circle', async () => {
    const { connector } = biller(() => ({ status: 200, body: JSON.stringify({ bills: [], next: 'again' }) }));
    expect((await connector.dueBills({ ...range, cursor: 'again' })).kind).to.equal('unknown');
  });
});

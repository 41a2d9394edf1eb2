import { systemClock } from '../../../src/kernel/index.ts';
import { makeHttpPort } from '../../../src/platform/http/index.ts';
import { makeRestBiller } from '../../../src/providers/billers/rest/index.ts';
import { deadAddress, html, json, type RecordedRequest, type Replay, startReplayServer } from '../replay-server.ts';
import type { BillerFate, BillerWorld } from './biller-world.ts';

const problem = (status: number, reason: string): Replay => ({
  status,
  body: JSON.stringify({ title: 'Refused', status, reason }),
  type: 'application/problem+json',
});

const SOLD = {
  tokens: [
    { kind: 'STANDARD', digits: '33334444555566667777' },
    { kind: 'KEY_CHANGE', digits: '11112222333344445555' },
    { kind: 'KEY_CHANGE', digits: '22223333444455556666' },
  ],
  units: '23.4 kWh',
  debtTaken: '100.00',
};

/** The answers of docs/biller-api.openapi.yaml's examples, with our values put in. Two lines a page of the statement. */
export async function recordedRestBiller(kind: 'prepaid' | 'postpaid'): Promise<BillerWorld> {
  let fate: BillerFate = 'answered';
  const booked = new Map<string, Record<string, unknown>>();
  const cancelled = new Map<string, string>();
  const accounts = new Map([
    ['100200300', { status: 'open', holderName: 'Jane Wanjiku', due: '1250.00', dueDate: '2026-11-30' }],
    ['100200302', { status: 'open', holderName: 'Jane Wanjiku', due: '0.00' }],
    ['100200301', { status: 'closed', holderName: 'Jane Wanjiku', due: '-20.00' }],
  ]);

  function answer(request: RecordedRequest): Replay {
    if (request.headers.authorization !== 'Bearer key') return problem(401, 'refused');
    if (fate === 'hang') return 'hang';
    if (fate === 'http-500') return json(500, { title: 'fault' });
    if (fate === 'html') return html(404);
    const url = new URL(request.path, 'http://biller');
    const [, area, id = ''] = url.pathname.split('/');
    const reply = route(request, area, id, url.searchParams.get('cursor'));
    return fate === 'lost-answer' ? 'drop' : reply;
  }

  function route(request: RecordedRequest, area: string | undefined, id: string, cursor: string | null): Replay {
    if (area === 'accounts') {
      const account = accounts.get(id);
      return account ? json(200, { account: id, currency: 'KES', ...account }) : problem(404, 'account-not-found');
    }
    if (area === 'bills') return kind === 'prepaid' ? problem(501, 'not-offered') : bills(Number(cursor ?? '0'));
    if (area === 'statements') return statement(Number(cursor ?? '0'));
    if (request.method === 'POST') return cancel(id);
    if (request.method === 'PUT') return book(id, JSON.parse(request.body));
    const payment = booked.get(id);
    return payment ? json(200, payment) : problem(404, 'payment-not-found');
  }

  function cancel(reference: string): Replay {
    if (booked.get(reference)?.account === '100200302') return problem(422, 'refused');
    const outcome = cancelled.get(reference) ?? (booked.delete(reference) ? 'cancelled' : 'not-booked');
    cancelled.set(reference, outcome);
    return json(200, { reference, outcome });
  }

  function book(reference: string, sent: Record<string, unknown>): Replay {
    const before = booked.get(reference);
    if (before) return before.amount === sent.amount ? json(200, before) : problem(409, 'reference-conflict');
    if (cancelled.has(reference)) return problem(422, 'refused');
    const account = accounts.get(String(sent.account));
    if (!account) return problem(422, 'account-not-found');
    if (account.status === 'closed') return problem(422, 'account-closed');
    const payment = {
      reference,
      billerReference: `MW-${booked.size + 1}`,
      account: sent.account,
      amount: sent.amount,
      currency: sent.currency,
      bookedAt: '2026-11-22T11:05:02.120+03:00',
      ...(kind === 'prepaid' ? SOLD : { balance: '-250.00' }),
    };
    booked.set(reference, payment);
    return json(201, payment);
  }

  /** Three bills, two a page, and one that makes no sense. */
  function bills(from: number): Replay {
    const all = ['100200300', '100200304', '100200305'].map((account, index) => ({
      bill: `MW-2026-11-${account}`,
      account,
      due: index === 1 ? 'much' : '1250.00',
      currency: 'KES',
      dueDate: '2026-11-30',
      issuedOn: '2026-11-02',
    }));
    return json(200, { bills: all.slice(from, from + 2), next: from + 2 < all.length ? String(from + 2) : null });
  }

  function statement(from: number): Replay {
    const lines = [...booked.values()].slice(from, from + 2);
    return json(200, { lines, next: from + 2 < booked.size ? String(from + 2) : null });
  }

  const server = await startReplayServer(answer);
  const http = makeHttpPort({ clock: systemClock });
  const connectorAt = (baseUrl: string) =>
    makeRestBiller({
      http,
      clock: systemClock,
      baseUrl,
      apiKey: 'key',
      currency: 'KES',
      timeoutMs: 1_000,
      timeZone: 'Africa/Nairobi',
    });
  return {
    connector: connectorAt(server.url),
    kind,
    currency: 'KES',
    account: '100200300',
    missingAccount: '999000111',
    closedAccount: '100200301',
    usedAccount: '100200302',
    today: () => '2026-11-22',
    arrange: async (next) => {
      fate = next;
    },
    unreachable: async () => connectorAt(await deadAddress()),
    async stop() {
      http.close();
      await server.stop();
    },
  };
}

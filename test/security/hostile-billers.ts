import { json, startReplayServer } from '../contracts/replay-server.ts';

/** A biller, prepaid and postpaid alike, that puts `saying` wherever its interface takes free text. */
export interface HostileBillers {
  url: string;
  saying: string;
  stop(): Promise<void>;
}

export async function startHostileBillers(): Promise<HostileBillers> {
  let sold = 0;
  const server = await startReplayServer(({ method, path, body }) => {
    const [, area, id = ''] = path.split('/');
    const { saying } = billers;
    if (area === 'accounts') {
      const account = decodeURIComponent(id);
      return json(200, { account, status: 'open', holderName: saying, due: '100.00', currency: 'KES' });
    }
    if (method !== 'PUT') return json(404, { title: saying, status: 404, reason: 'payment-not-found', detail: saying });
    sold += 1;
    const { account, amount, currency } = JSON.parse(body);
    const tokens = [{ kind: 'STANDARD', digits: String(sold).padStart(20, '3') }];
    const more = account.length === 11 ? { tokens, units: saying.slice(0, 32) } : { balance: '0.00' };
    const bookedAt = '2026-11-22T11:05:02.120+03:00';
    const billerReference = `${saying} ${sold}`.slice(0, 64);
    return json(201, { reference: id, billerReference, account, amount, currency, bookedAt, ...more });
  });
  const billers: HostileBillers = { url: server.url, saying: 'Jane Wanjiku', stop: () => server.stop() };
  return billers;
}

import { systemClock } from '../../../src/kernel/index.ts';
import { makeHttpPort } from '../../../src/platform/http/index.ts';
import { makeAfricasTalkingSms, makeHttpSms } from '../../../src/providers/sms/africastalking/index.ts';
import type { SmsProvider } from '../../../src/providers/sms/index.ts';
import { deadAddress, html, json, type RecordedRequest, type Replay, startReplayServer } from '../replay-server.ts';
import type { SmsFate, SmsWorld } from './sms-world.ts';

const SECRET = 'atsk_secret_key';
const PATH = '/version1/messaging';

const recipient = (number: string, statusCode: number, status: string): Replay =>
  json(201, {
    SMSMessageData: {
      Message: 'Sent to 1/1 Total Cost: KES 0.8000',
      Recipients: [
        { statusCode, number, status, cost: 'KES 0.8000', messageId: statusCode < 400 ? 'ATXid_1' : 'None' },
      ],
    },
  });

/** Africa's Talking by recorded answers, through the package or over our own port: one wire. */
export async function recordedAfricasTalking(through: 'package' | 'port'): Promise<SmsWorld> {
  let fate: SmsFate = 'accepted';
  const texts: string[] = [];

  function answer(request: RecordedRequest): Replay {
    const form = new URLSearchParams(request.body);
    const to = form.get('to') ?? '';
    if (request.path !== PATH || request.headers.apikey !== SECRET || form.get('username') !== 'sandbox') {
      return html(404);
    }
    texts.push(form.get('message') ?? '');
    switch (fate) {
      case 'accepted':
        return recipient(to, 101, 'Success');
      case 'blacklisted':
        return recipient(to, 406, 'UserInBlacklist');
      case 'not-now':
        return recipient(to, 405, 'InsufficientBalance');
      case 'http-500':
        return json(500, { error: 'internal' });
      case 'html':
        return html(200);
      case 'lost-answer':
        return 'drop';
      case 'hang':
        return 'hang';
      case 'wrong-key':
        return { status: 401, body: 'The supplied authentication is invalid', type: 'text/plain' };
    }
  }

  const server = await startReplayServer(answer);
  const http = makeHttpPort({ clock: systemClock });
  function providerAt(baseUrl: string): SmsProvider {
    const config = { username: 'sandbox', apiKey: SECRET, smsUrl: `${baseUrl}${PATH}`, timeoutMs: 300 };
    return through === 'package'
      ? makeAfricasTalkingSms({ clock: systemClock, config })
      : makeHttpSms({ http, clock: systemClock, config });
  }
  return {
    provider: providerAt(server.url),
    secret: SECRET,
    arrange: async (next) => {
      fate = next;
    },
    texts: async () => texts,
    unreachable: async () => providerAt(await deadAddress()),
    async stop() {
      http.close();
      await server.stop();
    },
  };
}

import { systemClock } from '../../../src/kernel/index.ts';
import { makeAfricasTalkingSms, makeHttpSms } from '../../../src/providers/sms/africastalking/index.ts';
import type { SmsProvider } from '../../../src/providers/sms/index.ts';
import { deadAddress } from '../replay-server.ts';
import { startSimulatedParties } from '../simulated-parties.ts';
import type { SmsWorld } from './sms-world.ts';

const SECRET = 'atsk_secret_key';
const PATH = '/africastalking/version1/messaging';
const TO = '+254711000001';

/** The simulator's SMS side, which keeps every message in an inbox. */
export async function simulatedAfricasTalking(through: 'package' | 'port'): Promise<SmsWorld> {
  const parties = await startSimulatedParties();
  function providerAt(baseUrl: string): SmsProvider {
    const config = { username: 'sandbox', apiKey: SECRET, smsUrl: `${baseUrl}${PATH}`, timeoutMs: 300 };
    return through === 'package'
      ? makeAfricasTalkingSms({ clock: systemClock, config })
      : makeHttpSms({ http: parties.http, clock: systemClock, config });
  }
  return {
    provider: providerAt(parties.url),
    secret: SECRET,
    async arrange(fate) {
      const faults = {
        'not-now': 'busy',
        'http-500': 'http500',
        html: 'html',
        'lost-answer': 'lostAnswer',
        hang: { delayMs: 1_000 },
        // It takes any key.
        'wrong-key': undefined,
      } as const;
      parties.core.sms.inboxes.block(TO, '*', fate === 'blacklisted');
      parties.setFault('sms', fate === 'accepted' || fate === 'blacklisted' ? undefined : faults[fate]);
    },
    texts: async () => parties.core.sms.inboxes.of(TO).map((message) => message.text),
    unreachable: async () => providerAt(await deadAddress()),
    stop: parties.stop,
  };
}

import { businessDay, systemClock } from '../../../src/kernel/index.ts';
import { makeRestBiller } from '../../../src/providers/billers/rest/index.ts';
import { deadAddress } from '../replay-server.ts';
import { startSimulatedParties } from '../simulated-parties.ts';
import type { BillerWorld } from './biller-world.ts';

const BILLERS = {
  prepaid: {
    id: 'jua-power',
    account: '04123456791',
    missingAccount: '99912345678',
    closedAccount: '55512345678',
    usedAccount: '44412345678',
  },
  postpaid: {
    id: 'maji-water',
    account: '100200300',
    missingAccount: '999000111',
    closedAccount: '555000111',
    usedAccount: '444000111',
  },
} as const;

/** The simulator's utilities, with books of their own. The meter's next sale comes with new keys. */
export async function simulatedRestBiller(kind: 'prepaid' | 'postpaid'): Promise<BillerWorld> {
  const parties = await startSimulatedParties();
  const { id, account, missingAccount, closedAccount, usedAccount } = BILLERS[kind];
  const connectorAt = (baseUrl: string) =>
    makeRestBiller({
      http: parties.http,
      clock: systemClock,
      baseUrl,
      apiKey: 'key',
      currency: 'KES',
      timeoutMs: 1_000,
      timeZone: 'Africa/Nairobi',
    });
  return {
    connector: connectorAt(`${parties.url}/billers/${id}`),
    kind,
    currency: 'KES',
    account,
    missingAccount,
    closedAccount,
    usedAccount,
    today: () => businessDay(systemClock.now(), 'Africa/Nairobi'),
    async arrange(fate) {
      const faults = {
        'lost-answer': 'lostAnswer',
        'http-500': 'http500',
        html: 'html',
        hang: { delayMs: 500 },
      } as const;
      parties.setFault('biller', fate === 'answered' ? undefined : faults[fate]);
    },
    unreachable: async () => connectorAt(await deadAddress()),
    stop: parties.stop,
  };
}

import { type Msisdn, systemClock } from '../../../src/kernel/index.ts';
import { memoryTokens } from '../../../src/platform/shared-token/index.ts';
import { makeDarajaPayouts } from '../../../src/providers/operators/daraja/index.ts';
import { deadAddress } from '../replay-server.ts';
import { startSimulatedParties } from '../simulated-parties.ts';
import type { PayoutFate, PayoutWorld } from './payout-world.ts';

const RECIPIENT = '+254711000001' as Msisdn;

/** Short codes that organisations have for themselves. */
export const OWN = { shortCode: '700111', initiator: 'own-payer', securityCredential: 'own-credential' };
const OTHER = { shortCode: '700222', initiator: 'other-payer', securityCredential: 'other-credential' };
export const OWN_BY_WRONG = [
  { ...OWN, securityCredential: 'another' },
  { ...OWN, initiator: OTHER.initiator },
  // Ours, by the user of somebody else.
  { ...OWN, shortCode: '174379' },
];

const FAULTS: Partial<Record<PayoutFate, 'lostAnswer' | 'http500' | 'html' | 'busy'>> = {
  'lost-answer': 'lostAnswer',
  'http-500': 'http500',
  html: 'html',
  pace: 'busy',
};
const CODES: Partial<Record<PayoutFate, string>> = {
  'not-registered': '2040',
  'float-short': '1',
  'credential-refused': '2001',
};

/** The simulator's operator: it moves money in its own books and calls back over HTTP. */
export async function simulatedDarajaPayouts(): Promise<PayoutWorld> {
  const parties = await startSimulatedParties();
  const { core, gateway, http } = parties;
  const operatorAt = (baseUrl: string) =>
    makeDarajaPayouts({
      http,
      tokens: memoryTokens({ clock: systemClock }),
      clock: systemClock,
      config: {
        ...{ baseUrl, consumerKey: 'key', consumerSecret: 'secret', shortCode: '174379', passkey: 'passkey' },
        ...{ initiator: 'api', securityCredential: 'credential', timeoutMs: 1_000 },
        callbackBaseUrl: `${gateway.url}/callbacks/daraja/0a1b2c`,
      },
      payouts: { shortCode: '174379', initiator: 'payer', securityCredential: 'credential' },
    });
  core.operator.books.deposit(100_000_000n, '174379', 'KES');
  for (const { shortCode, initiator, securityCredential: credential } of [OWN, OTHER]) {
    core.operator.accounts.open({ shortCode, initiator, credential });
    core.operator.books.deposit(50_000_000n, shortCode, 'KES');
  }
  return {
    operator: operatorAt(`${parties.url}/daraja`),
    recipient: RECIPIENT,
    async arrange(fate) {
      core.operator.payouts.decide(RECIPIENT, { code: CODES[fate] });
      parties.setFault('daraja', FAULTS[fate]);
    },
    requests: async () => parties.requests.filter((one) => one.path.includes('paymentrequest')).length,
    result: (token) => parties.calledBack(`/b2c/result/${token}`),
    statusResult: (token) => parties.calledBack(`/status/result/${token}`),
    balanceResult: (token) => parties.calledBack(`/balance/result/${token}`),
    unreachable: async () => operatorAt(await deadAddress()),
    stop: parties.stop,
  };
}

import { type Msisdn, systemClock } from '../../../src/kernel/index.ts';
import { memoryTokens } from '../../../src/platform/shared-token/index.ts';
import { makeDaraja } from '../../../src/providers/operators/daraja/index.ts';
import { deadAddress } from '../replay-server.ts';
import { startSimulatedParties } from '../simulated-parties.ts';
import type { OperatorWorld } from './operator-world.ts';

const PAYER = '+254711000001' as Msisdn;

/** The simulator's operator: it moves money in its own books and calls back over HTTP. */
export async function simulatedDaraja(): Promise<OperatorWorld> {
  const parties = await startSimulatedParties();
  const { core, gateway, http } = parties;
  const callbackBaseUrl = `${gateway.url}/callbacks/daraja/0a1b2c`;
  const operatorAt = (baseUrl: string) =>
    makeDaraja({
      http,
      tokens: memoryTokens({ clock: systemClock }),
      clock: systemClock,
      config: {
        baseUrl,
        consumerKey: 'key',
        consumerSecret: 'secret',
        shortCode: '174379',
        passkey: 'passkey',
        initiator: 'api',
        securityCredential: 'credential',
        callbackBaseUrl,
        timeoutMs: 1_000,
      },
    });
  const operator = operatorAt(`${parties.url}/daraja`);
  await operator.registerPaybill();
  return {
    operator,
    payer: PAYER,
    async arrange(fate) {
      core.desk.setSetting(PAYER, { answer: fate === 'cancelled' ? 'cancel' : 'pay', delayMs: 10 });
      const faults = { 'lost-answer': 'lostAnswer', 'http-500': 'http500', html: 'html', busy: 'busy' } as const;
      parties.setFault('daraja', fate === 'paid' || fate === 'cancelled' ? undefined : faults[fate]);
    },
    prompts: async () => parties.requests.filter((one) => one.path.includes('processrequest')).length,
    callback: (token) => parties.calledBack(`/stk/${token}`),
    async payPaybill(account, amount) {
      const paid = await core.operator.paybill.pay({ msisdn: PAYER, amountMinor: amount.amountMinor, account });
      if (!paid.moved) throw new Error('the simulated customer could not pay');
      return parties.calledBack('/c2b/confirmation');
    },
    statusResult: (token) => parties.calledBack(`/status/result/${token}`),
    reversalResult: (token) => parties.calledBack(`/reversal/result/${token}`),
    unreachable: async () => operatorAt(await deadAddress()),
    stop: parties.stop,
  };
}

import { expect } from 'chai';
import { money, newReference, newToken, systemChance } from '../../../src/kernel/index.ts';
import type { PayoutAccount, PayoutRequest } from '../../../src/providers/operators/index.ts';
import type { PayoutWorld } from './payout-world.ts';
import { OWN, OWN_BY_WRONG, simulatedDarajaPayouts } from './simulated-daraja-payouts.ts';

const amount = money(50_000n, 'KES');

describe('an account that somebody has for himself, at the simulated operator', () => {
  let world: PayoutWorld;
  before(async () => {
    world = await simulatedDarajaPayouts();
  });
  after(() => world.stop());

  const payout = (account: PayoutAccount): PayoutRequest => ({
    ...{ reference: newReference(systemChance), callbackToken: newToken(systemChance), amount, account },
    ...{ recipient: world.recipient, purpose: 'salary', remarks: 'Pay of November' },
  });

  it('pays from the account that is named, and asks about it there', async () => {
    const payFrom = async (from: PayoutAccount) => {
      const request = payout(from);
      const answer = await world.operator.pay(request);
      expect(answer.kind).to.equal('accepted');
      const told = world.operator.parsePayoutResult(await world.result(request.callbackToken));
      return { request, told };
    };
    const utility = async (from?: PayoutAccount) => {
      const token = newToken(systemChance);
      await world.operator.askBalance(token, from);
      return world.operator.parseBalanceResult(await world.balanceResult(token))?.accounts?.utilityMinor;
    };
    const [ours, theirs] = [await utility(), await utility(OWN)];
    const { request, told } = await payFrom(OWN);
    expect(told?.evidence).to.include({ outcome: 'succeeded' });
    expect(await utility(OWN)).to.equal((theirs ?? 0n) - amount.amountMinor);
    expect(await utility(), 'ours is untouched').to.equal(ours);
    const question = { requestId: request.reference, token: request.callbackToken };
    await world.operator.askStatus(question, OWN);
    const status = world.operator.parseStatusResult(await world.statusResult(request.callbackToken));
    expect(status).to.include({ completed: true, receipt: told?.evidence.receipt });
    const token = newToken(systemChance);
    await world.operator.askStatus({ ...question, token });
    expect(world.operator.parseStatusResult(await world.statusResult(token)), 'we do not see it').to.include({
      found: false,
    });
    for (const from of OWN_BY_WRONG) {
      const { told: refused } = await payFrom(from);
      expect(refused?.evidence).to.include({ outcome: 'failed', cause: 'credential-refused' });
      expect(await utility(from)).to.equal(undefined);
    }
    expect(await utility(OWN), 'nothing more was paid').to.equal((theirs ?? 0n) - amount.amountMinor);
  });
});

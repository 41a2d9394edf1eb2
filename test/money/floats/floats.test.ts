import { expect } from 'chai';
import { findBalance, type OperatorBalance, requestBalance } from '../../../src/money/floats/index.ts';
import { type Domain, inboxStates, openDomain, staysSound } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('what the account that pays people holds', (stores) => {
  let domain: Domain;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const request = () => domain.deps.database.transaction((tx) => requestBalance(domain.deps, tx, 'mpesa'));
  const now = async () => (await findBalance(domain.deps, 'mpesa')) as OperatorBalance;
  const body = (conversation: string, utility = '228037.00', code: string | number = 0) =>
    JSON.stringify({
      Result: {
        ...{ ResultCode: code, ResultDesc: 'x', ConversationID: conversation },
        ResultParameters: {
          ResultParameter: [
            { Key: 'AccountBalance', Value: `Utility Account|KES|${utility}|0&Charges Paid Account|KES|-15.40|0` },
            { Key: 'BOCompletedTime', Value: 20261120120000 },
          ],
        },
      },
    });
  async function asked(): Promise<string> {
    expect(await request()).to.equal(true);
    await domain.runOutbox();
    return (await now()).callbackToken;
  }
  async function told(text: string, token: string): Promise<void> {
    await domain.arrive('balance', text, token);
    await domain.runOutbox();
  }

  it('is asked, committed before the first byte, and told in cents', async () => {
    domain.payouts.balanceScript.push(async (token) => {
      expect((await now()).callbackToken).to.equal(token);
      return { kind: 'accepted', conversationId: 'AG_1' };
    });
    const token = await asked();
    await told(body('AG_1'), token);
    expect(await now()).to.include({
      ...{ utilityMinor: 22_803_700n, chargesMinor: -1_540n, workingMinor: null, currency: 'KES' },
      ...{ toldAtMs: domain.clock.now(), asOfMs: Date.UTC(2026, 10, 20, 9) },
    });
    expect(await inboxStates(domain)).to.deep.equal(['applied']);
  });

  it('is asked once while an answer is waited for, also by many at once, and anew afterwards', async () => {
    const asks = await Promise.all(Array.from({ length: 6 }, request));
    expect(asks.filter(Boolean)).to.have.length(1);
    await domain.runOutbox();
    expect(domain.payouts.balanceQuestions).to.have.length(1);
    await domain.clock.advance(60_000);
    expect(await request(), 'no answer came').to.equal(true);
    await domain.runOutbox();
    const [first, second] = domain.payouts.balanceQuestions as [string, string];
    await told(body('AG_BAL_1', '1.00'), first);
    expect((await now()).utilityMinor, 'the answer to a question that was asked anew').to.equal(null);
    await told(body('AG_BAL_2', '2.00'), second);
    expect((await now()).utilityMinor).to.equal(200n);
    await domain.clock.advance(1_000);
    expect(await request(), 'it was told').to.equal(true);
  });

  it('is not told by a forged answer: another token, another conversation, or a second one', async () => {
    const token = await asked();
    await told(body('AG_BAL_1', '9.00'), '0'.repeat(40));
    await told(body('AG_forged', '9.00'), token);
    expect((await now()).utilityMinor).to.equal(null);
    await told(body('AG_BAL_1', '5.00'), token);
    await told(body('AG_BAL_1', '9.00'), token);
    expect((await now()).utilityMinor).to.equal(500n);
    expect(await inboxStates(domain)).to.deep.equal(['repeated', 'staff', 'applied', 'repeated']);
  });

  it('believes an answer that is faster than the acknowledgement, once that has come', async () => {
    domain.payouts.balanceScript.push(async (token) => {
      await domain.arrive('balance', body('AG_1'), token);
      await domain.runOutbox();
      return { kind: 'accepted', conversationId: 'AG_1' };
    });
    await asked();
    expect((await now()).utilityMinor).to.equal(null);
    await domain.runFor(10_000);
    expect((await now()).utilityMinor).to.equal(22_803_700n);
  });

  it('keeps what it was told last when it is refused, times out, or the question is lost', async () => {
    await told(body('AG_BAL_1'), await asked());
    await domain.clock.advance(1_000);
    await told(body('AG_BAL_2', '1.00', 2001), await asked());
    await domain.clock.advance(60_000);
    await domain.arrive('balance-timeout', '{"Initiator":"p"}', await asked());
    await domain.runOutbox();
    await domain.clock.advance(60_000);
    domain.payouts.balanceScript.push({ kind: 'unknown', code: 'timeout', description: '' });
    await asked();
    const { utilityMinor, conversationId, toldAtMs, askedAtMs } = await now();
    expect({ utilityMinor, conversationId }).to.deep.equal({ utilityMinor: 22_803_700n, conversationId: null });
    expect(toldAtMs).to.be.lessThan(askedAtMs);
  });

  it('is asked of no account that is not set up', async () => {
    const payouts = domain.deps.payoutOperators;
    domain.deps.payoutOperators = new Map([['mpesa', { ...domain.payouts, shortCode: undefined }]]);
    const [refused] = await Promise.allSettled([request()]);
    domain.deps.payoutOperators = payouts;
    expect((refused as PromiseRejectedResult).reason).to.include({ code: 'payout.not-set-up' });
  });
});

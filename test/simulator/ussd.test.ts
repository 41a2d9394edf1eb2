import { expect } from 'chai';
import { GATEWAY, memorySimulator } from './support/virtual-runtime.ts';

const MSISDN = '+254711000001';
const HOPS = `${GATEWAY}/ussd/africastalking/demo`;

describe("the simulated network, on Africa's Talking's USSD wire", () => {
  /** `answers`: what the gateway says, hop by hop. */
  function network(
    ...answers: (string | { status?: number; body?: string; late?: boolean; headers?: Record<string, string> })[]
  ) {
    const simulator = memorySimulator(async ({ url, timeoutMs }) => {
      if (url !== HOPS) return {};
      const answer = answers.shift() ?? 'END Bye';
      if (typeof answer === 'string') return { body: answer };
      if (answer.late) {
        await new Promise<void>((resolve) => {
          simulator.runtime.clock.setTimer(timeoutMs, resolve);
        });
        throw new Error('no answer');
      }
      return answer;
    });
    const post = async (path: string, body: object) => {
      const answer = await simulator.call('POST', `/handset/api/${path}`, { msisdn: MSISDN, ...body });
      return answer === 'hang-up' ? undefined : answer.json;
    };
    const hops = () =>
      simulator.sent.filter(({ url }) => url === HOPS).map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    const ends = () => simulator.sentTo('/ended').map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    return {
      ...simulator,
      hops,
      ends,
      dial: (dialled = '*384*123#', on = 'safaricom') => post('dial', { network: on, dialled }),
      reply: (sessionId: string, text: string) => post('reply', { sessionId, text }),
      cancel: (sessionId: string) => post('cancel', { sessionId }),
    };
  }

  it('sends the inputs so far joined by a star, and a bare star for an empty reply', async () => {
    const { dial, reply, hops } = network('CON one', 'CON two', 'CON three', 'CON four', 'END five');
    const { id } = await dial();
    for (const input of ['1', '', '2*3', '100']) await reply(id, input);
    expect(hops().map(({ text }) => text)).to.deep.equal(['', '1', '1*', '1**2*3', '1**2*3*100']);
    expect(new Set(hops().map(({ sessionId }) => sessionId)).size).to.equal(1);
    expect(hops()[0]).to.include({ phoneNumber: MSISDN, networkCode: '63902', serviceCode: '*384*123#' });
  });

  it('carries a deep dial as text of the first hop', async () => {
    const { dial, hops } = network('CON confirm');
    await dial('*384*123*1*2*100200300*500#');
    expect(hops()[0]).to.include({ serviceCode: '*384*123#', text: '1*2*100200300*500' });
  });

  it('refuses codes that are not ours or not codes', async () => {
    const { dial, hops } = network();
    expect(await dial('*999#')).to.deep.equal({ refused: 'not-ours' });
    expect(await dial('*384*1234#')).to.deep.equal({ refused: 'not-ours' });
    expect(await dial('0711000002')).to.deep.equal({ refused: 'not-ussd' });
    expect(hops()).to.deep.equal([]);
  });

  it('tells the end of a session a moment after END, with what happened in it', async () => {
    const { dial, reply, ends, pass } = network('CON menu', 'END Thanks');
    const { id } = await dial();
    const last = await reply(id, '1');
    expect(last).to.include({ state: 'closed', end: 'ended', text: 'Thanks' });
    expect(ends()).to.deep.equal([]);
    await pass(1_000);
    const [end, ...more] = ends();
    expect(more).to.deep.equal([]);
    expect(end).to.include({
      sessionId: id,
      status: 'Success',
      hopsCount: '2',
      input: '1',
      lastAppResponse: 'END Thanks',
    });
    expect(end?.date).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it('closes a session after the idle time of its network', async () => {
    for (const [name, idleMs] of [
      ['safaricom', 30_000],
      ['airtel', 60_000],
    ] as const) {
      const { dial, ends, pass, core } = network('CON menu');
      await dial('*384*123#', name);
      await pass(idleMs - 1);
      expect(core.ussd.current(MSISDN)?.state).to.equal('open');
      await pass(1);
      expect(core.ussd.current(MSISDN)).to.equal(undefined);
      expect(ends()[0]).to.include({ status: 'Incomplete' });
    }
  });

  it('closes a session after 180 s however busy it is', async () => {
    const { dial, reply, ends, pass } = network(...Array.from({ length: 20 }, () => 'CON more'));
    const { id } = await dial();
    for (let count = 0; count < 8; count += 1) {
      await pass(20_000);
      await reply(id, '1');
    }
    expect(ends()).to.deep.equal([]);
    await pass(20_000);
    expect(ends()).to.have.length(1);
    expect(await reply(id, '1')).to.include({ status: 409 });
  });

  it('tells a cancelled session at once', async () => {
    const { dial, cancel, ends } = network('CON menu');
    const { id } = await dial();
    expect(await cancel(id)).to.include({ state: 'closed', end: 'cancelled' });
    expect(ends()[0]).to.include({ status: 'Incomplete' });
    expect(await cancel(id)).to.include({ status: 409 });
  });

  for (const [what, answer] of [
    ['a 404', { status: 404, body: 'CON hello' }],
    ['an empty body', { body: '' }],
    ['another prefix', { body: ' CON hello' }],
  ] as const) {
    it(`ends the session on ${what}`, async () => {
      const { dial, ends } = network(answer);
      expect(await dial()).to.include({ state: 'closed', end: 'refused' });
      expect(ends()[0]).to.include({ status: 'Failed' });
    });
  }

  it('gives the gateway 10 s', async () => {
    const { dial, pass, core } = network({ late: true });
    const dialled = dial();
    await pass(9_999);
    expect(core.ussd.current(MSISDN)?.state).to.equal('waiting');
    await pass(1);
    expect(await dialled).to.include({ state: 'closed', end: 'late' });
  });

  it('brings hop metadata back on the next request and in the notification', async () => {
    const { dial, reply, sent, ends, pass } = network(
      { body: 'CON one', headers: { 'at-ussd-hop-metadata': 'm1' } },
      { body: 'CON two', headers: { 'at-ussd-hop-metadata': 'm2' } },
    );
    const { id } = await dial();
    await reply(id, '1');
    expect(sent[1]?.headers).to.include({ 'at-ussd-hop-metadata': 'm1' });
    await pass(30_000);
    expect(ends()[0]?.hopsMetadata).to.equal('m1|m2');
  });

  it('counts a screen in septets or units, and cuts off what does not fit', async () => {
    const { dial } = network(`CON ${'a'.repeat(158)}€`, `CON ${'a'.repeat(161)}`, `CON ${'a'.repeat(80)}ŵ`);
    const full = await dial();
    expect(full.budget).to.deep.equal({ encoding: 'GSM-7', used: 160, limit: 160 });
    expect(full.cutOff).to.equal(0);
    const long = await dial();
    expect([long.text.length, long.cutOff]).to.deep.equal([160, 1]);
    const wide = await dial();
    expect(wide.budget).to.deep.equal({ encoding: 'UCS-2', used: 81, limit: 80 });
    expect([wide.text.length, wide.cutOff]).to.deep.equal([80, 1]);
  });

  it('shows a prompt only when the session is closed', async () => {
    const { dial, cancel, core, pass } = network('CON menu');
    const events: string[] = [];
    core.handsetLine.watch(MSISDN, ({ type }) => events.push(type));
    const { id } = await dial();
    const prompt = await core.operator.prompts.add({
      msisdn: MSISDN,
      amountMinor: 50_000n,
      account: 'M1',
      description: '',
      shortCode: '174379',
      callbackUrl: `${GATEWAY}/stk/1`,
    });
    void core.operator.prompts.ring(prompt, false);
    await pass(1_000);
    expect(events).to.not.include('prompt');
    expect(core.handsetLine.state(MSISDN).prompts).to.deep.equal([]);
    await cancel(id);
    expect(events.filter((type) => type === 'prompt')).to.have.length(1);
    expect(core.handsetLine.state(MSISDN).prompts).to.have.length(1);
  });

  it('fails a prompt that never could be shown with 1037', async () => {
    const { dial, reply, core, pass, sentTo } = network(...Array.from({ length: 9 }, () => 'CON menu'));
    const { id } = await dial();
    const prompt = await core.operator.prompts.add({
      msisdn: MSISDN,
      amountMinor: 50_000n,
      account: 'M1',
      description: '',
      shortCode: '174379',
      callbackUrl: `${GATEWAY}/stk/1`,
    });
    void core.operator.prompts.ring(prompt, false);
    for (let count = 0; count < 4; count += 1) {
      await pass(20_000);
      await reply(id, '1');
    }
    expect(JSON.parse(sentTo('/stk/1')[0]?.body ?? '{}')).to.have.nested.property('Body.stkCallback.ResultCode', 1037);
  });

  it('waits for a person while a browser is open for the number, and else pays after 500 ms', async () => {
    const { core, pass } = network();
    const ring = async () => {
      const prompt = await core.operator.prompts.add({
        msisdn: MSISDN,
        amountMinor: 50_000n,
        account: 'M1',
        description: '',
        shortCode: '174379',
        callbackUrl: `${GATEWAY}/stk/1`,
      });
      await core.operator.prompts.ring(prompt, false);
      await pass(600);
      return prompt.closed?.code;
    };
    const leave = core.handsetLine.watch(MSISDN, () => undefined);
    expect(await ring()).to.equal(undefined);
    leave();
    expect(await ring()).to.equal('0');
  });
});

import { expect } from 'chai';
import type { HandsetEvent } from '../../src/simulator/handset/index.ts';
import { PAYER } from './support/daraja-client.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';
import { GATEWAY, memorySimulator } from './support/virtual-runtime.ts';

describe("the line between the handset's page and the network", () => {
  /** A prompt that rings at a handset with a browser open. */
  async function ringing() {
    const simulator = memorySimulator();
    const events: HandsetEvent[] = [];
    simulator.core.handsetLine.watch(PAYER, (event) => events.push(event));
    const { prompts, books } = simulator.core.operator;
    const prompt = await prompts.add({
      msisdn: PAYER,
      amountMinor: 50_000n,
      account: 'M1',
      description: '',
      shortCode: '174379',
      callbackUrl: `${GATEWAY}/stk/1`,
    });
    await prompts.ring(prompt, false);
    const answer = async (body: object) => {
      const reply = await simulator.call('POST', `/handset/api/prompts/${prompt.checkoutRequestId}`, body);
      return reply === 'hang-up' ? 0 : reply.status;
    };
    const moved = () => books.all().length;
    const close = (as: 'pay' | 'cancel') => prompts.close(prompt, as);
    const result = () => JSON.parse(simulator.sentTo('/stk/1')[0]?.body ?? '{}').Body?.stkCallback.ResultCode;
    return { ...simulator, events, answer, close, moved, result };
  }

  it('pays once, however often the right PIN is sent', async () => {
    const { answer, moved, result, events, pass, sentTo } = await ringing();
    const statuses = await Promise.all([1, 2, 3].map(() => answer({ msisdn: PAYER, pin: '1234' })));
    await pass(70_000);
    expect(statuses).to.deep.equal([202, 409, 409]);
    expect([moved(), sentTo('/stk/1').length, result()]).to.deep.equal([1, 1, 0]);
    expect(events.map(({ type }) => type)).to.deep.equal(['prompt', 'prompt-closed', 'wallet']);
  });

  it('lets the first of two answers at once decide', async () => {
    const { close, moved, result, sentTo } = await ringing();
    await Promise.all([close('pay'), close('pay'), close('cancel')]);
    expect([moved(), sentTo('/stk/1').length, result()]).to.deep.equal([1, 1, 0]);
  });

  it('takes a wrong PIN and a cancellation for what they are, and nothing from another number', async () => {
    const wrong = await ringing();
    expect(await wrong.answer({ msisdn: '+254711000002', pin: '1234' })).to.equal(409);
    expect(await wrong.answer({ msisdn: PAYER, pin: '12345' })).to.equal(422);
    expect(await wrong.answer({ msisdn: PAYER, pin: '4321' })).to.equal(202);
    await wrong.pass(100);
    expect([wrong.moved(), wrong.result()]).to.deep.equal([0, 2001]);
    const cancelled = await ringing();
    await cancelled.answer({ msisdn: PAYER, cancel: true });
    await cancelled.pass(100);
    expect([cancelled.moved(), cancelled.result()]).to.deep.equal([0, 1032]);
  });

  it('lets a prompt that nobody answers expire after a minute', async () => {
    const { pass, result, events } = await ringing();
    await pass(59_999);
    expect(result()).to.equal(undefined);
    await pass(1);
    expect(result()).to.be.oneOf([1019, 1037]);
    expect(events.at(-1)).to.include({ type: 'prompt-closed', end: 'expired' });
  });

  describe('over sockets', () => {
    let simulator: SimulatorUnderTest;
    before(async () => {
      simulator = await runSimulator();
    });
    after(() => simulator.stop());

    it('streams the state and then every event of its number', async () => {
      const stopping = new AbortController();
      const response = await fetch(`${simulator.url}/handset/api/events?msisdn=254711000001`, {
        signal: stopping.signal,
      });
      expect(response.headers.get('content-type')).to.match(/^text\/event-stream/);
      const events = readEvents(response);
      const state = await events.next();
      expect(state.value).to.include({ type: 'state', msisdn: PAYER });
      expect(state.value?.wallet).to.deep.equal({ balance: '1000000.00', currency: 'KES' });
      for (const to of ['+254711000002', PAYER]) {
        const form = new URLSearchParams({ username: 'x', to, message: `To ${to}` });
        await simulator.call('POST', '/africastalking/version1/messaging', form, { apikey: 'k' });
      }
      const next = await events.next();
      expect(next.value).to.have.nested.property('message.text', `To ${PAYER}`);
      expect((await simulator.call('GET', `/control/handsets/${PAYER}`)).json).to.deep.equal({ kind: 'person' });
      stopping.abort();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await simulator.call('GET', `/control/handsets/${PAYER}`)).json.kind).to.equal('automatic');
    });

    it('refuses what a page of another site could send, and what is malformed', async () => {
      const dial = { msisdn: PAYER, network: 'safaricom', dialled: '*384*123#' };
      const plain = await simulator.call('POST', '/handset/api/dial', JSON.stringify(dial), {
        'content-type': 'text/plain',
      });
      expect(plain.status).to.equal(415);
      for (const body of [{}, { ...dial, network: 'nowhere' }, { ...dial, msisdn: 'x' }, []]) {
        expect((await simulator.call('POST', '/handset/api/dial', body)).status).to.equal(422);
      }
      expect((await simulator.call('GET', '/handset/api/events?msisdn=x')).status).to.equal(422);
      expect(simulator.gateway.of('/ussd')).to.deep.equal([]);
    });
  });
});

interface StreamedEvent {
  type: string;
  msisdn?: string;
  wallet?: object;
  message?: object;
}

async function* readEvents(response: Response): AsyncGenerator<StreamedEvent, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      if (block.startsWith('data: ')) yield JSON.parse(block.slice(6)) as StreamedEvent;
    }
  }
  return undefined;
}

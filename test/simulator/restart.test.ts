import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type BookRecord, memoryJournal } from '../../src/simulator/journal/index.ts';
import { darajaClient, PAYER } from './support/daraja-client.ts';
import { runSimulator, type SimulatorUnderTest } from './support/running-simulator.ts';
import { GATEWAY, memorySimulator } from './support/virtual-runtime.ts';

const KEY = { authorization: 'Bearer k' };

describe("the simulator's books", () => {
  let dataDir: string;
  let lives: SimulatorUnderTest[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'simulator-books-'));
    lives = [];
  });
  afterEach(async () => {
    for (const life of lives) await life.stop().catch(() => undefined);
    await rm(dataDir, { recursive: true, force: true });
  });

  const live = async () => {
    const simulator = await runSimulator({ dataDir });
    lives.push(simulator);
    return simulator;
  };
  const books = () => join(dataDir, 'simulator', 'books.jsonl');

  /** Money, a booking, a message and a setting; nothing is stopped, as in a kill. */
  async function firstLife() {
    const simulator = await live();
    const daraja = darajaClient(simulator);
    await daraja.signIn();
    await daraja.register();
    await simulator.call('PUT', `/control/handsets/${PAYER}`, { answer: 'pay', delayMs: 0 });
    const ack = await daraja.push();
    await simulator.gateway.until('/stk/');
    await simulator.call('POST', '/control/c2b', { msisdn: PAYER, amount: '7.00', account: 'X' });
    const payment = { account: '04123456789', amount: '200.00', currency: 'KES', paidAt: '2026-11-20T09:00:00Z' };
    const booked = await simulator.call('PUT', '/billers/jua-power/payments/MREF1', payment, KEY);
    const form = new URLSearchParams({ username: 'x', to: PAYER, message: 'Hello', from: 'MALIPO' });
    await simulator.call('POST', '/africastalking/version1/messaging', form, { apikey: 'k' });
    return { simulator, checkoutRequestId: ack.json.CheckoutRequestID as string, booked: booked.text };
  }

  const lists = async (simulator: SimulatorUnderTest) =>
    Promise.all(
      [
        'operator/transactions',
        'operator/prompts',
        'biller/postings',
        'messages',
        `wallets/${PAYER}`,
        `handsets/${PAYER}`,
      ].map(async (path) => (await simulator.call('GET', `/control/${path}`)).json),
    );

  it('are there after a life that was not ended', async () => {
    const { simulator, checkoutRequestId, booked } = await firstLife();
    const before = await lists(simulator);
    expect(before[0]).to.have.length(2);
    const next = await live();
    expect(await lists(next)).to.deep.equal(before);
    const payment = await next.call('GET', '/billers/jua-power/payments/MREF1', undefined, KEY);
    expect(payment.text).to.equal(booked);
    const daraja = darajaClient(next);
    await daraja.signIn();
    expect((await daraja.query(checkoutRequestId)).json.ResultCode).to.equal('0');
    expect((await next.call('GET', '/control/operator/addresses')).json.responseType).to.equal('Completed');
  });

  it('survive a torn last line, and the next life writes on', async () => {
    const { simulator } = await firstLife();
    const before = await lists(simulator);
    await appendFile(books(), '{"book":"paybill","transaction":{"receipt":"UK');
    const second = await live();
    expect(await lists(second)).to.deep.equal(before);
    await second.call('POST', '/control/c2b', { msisdn: PAYER, amount: '9.00', account: 'Y' });
    const third = await live();
    const [transactions] = await lists(third);
    expect(transactions.map(({ amount }: { amount: string }) => amount)).to.deep.equal(['500.00', '7.00', '9.00']);
    for (const line of (await readFile(books(), 'utf8')).trimEnd().split('\n')) JSON.parse(line);
  });

  it('hold what moved before it is announced, however slow the disk is', async () => {
    const simulator = memorySimulator();
    const kept: string[] = [];
    const append = (record: BookRecord) =>
      new Promise<void>((resolve) => {
        simulator.runtime.clock.setTimer(1_000, () => {
          kept.push(record.book);
          resolve();
        });
      });
    simulator.core.openBooks({ ...memoryJournal, append });
    const { operator } = simulator.core;
    const adding = operator.prompts.add({
      msisdn: PAYER,
      amountMinor: 50_000n,
      account: 'M1',
      description: '',
      shortCode: '174379',
      callbackUrl: `${GATEWAY}/stk/1`,
    });
    await simulator.pass(1_000);
    void operator.prompts.ring(await adding, false);
    await simulator.pass(1_499);
    expect(operator.books.all()).to.have.length(1);
    expect(simulator.sentTo('/stk/1')).to.deep.equal([]);
    await simulator.pass(1);
    expect(kept).to.deep.equal(['prompt', 'prompt-closed']);
    expect(simulator.sentTo('/stk/1')).to.have.length(1);
  });

  it('let a prompt that was waiting ring again', async () => {
    const first = await live();
    const daraja = darajaClient(first);
    await daraja.signIn();
    await first.call('PUT', `/control/handsets/${PAYER}`, { answer: 'pay', delayMs: 400 });
    await daraja.push({ CallBackURL: `${first.gateway.url}/stk/from-the-first-life` });
    await first.running.stop();
    const second = await live();
    await first.gateway.until('/stk/from-the-first-life');
    expect((await second.call('GET', '/control/operator/transactions')).json).to.have.length(1);
    await first.gateway.stop();
  });

  it('are emptied by a reset but for the paybill addresses', async () => {
    const { simulator } = await firstLife();
    await simulator.call('POST', '/control/reset');
    const lines = (await readFile(books(), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).book)).to.deep.equal(['addresses']);
    await simulator.call('POST', '/control/c2b', { msisdn: PAYER, amount: '3.00', account: 'Z' });
    const next = await live();
    const [transactions] = await lists(next);
    expect(transactions).to.have.length(1);
  });
});

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { newAccount, newNumber } from '../support/dial.ts';
import { type MortalService, startMortalService } from '../support/kill.ts';
import { loaderArgs, programFile } from '../support/program-args.ts';
import { eventually } from '../support/service-eventually.ts';
import { embeddedStores, type StorePair } from '../support/stores.ts';

/** Of the service as it would run with real parties: none of these values may ever come out. */
const SECRETS = {
  CALLBACK_KEY: 'leak-callback-key-0123456789',
  DATA_KEY: 'aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44',
  AFRICASTALKING_API_KEY: 'atsk_leak_0123456789abcdef',
  DARAJA_CONSUMER_KEY: 'leak-consumer-key-0123',
  DARAJA_CONSUMER_SECRET: 'leak-consumer-secret-0123',
  DARAJA_PASSKEY: 'leak-passkey-0123456789',
  DARAJA_SECURITY_CREDENTIAL: 'leak-security-credential-0123',
  JUA_POWER_KEY: 'leak-jua-key-0123',
  MAJI_WATER_KEY: 'leak-maji-key-0123',
} as const;
const PIN = '8264';

describe('what leaves the service', () => {
  let stores: StorePair;
  let town: MortalService;
  const numbers: string[] = [];
  const tokens: string[] = [];
  before(async function () {
    this.timeout(60_000);
    stores = await embeddedStores();
    const report = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${stores.dataDir}`;
    const env = { ...SECRETS, LOG_LEVEL: 'trace', NODE_OPTIONS: report };
    town = await startMortalService(stores, { split: false, env, key: SECRETS.CALLBACK_KEY });
  });
  after(async () => {
    await town?.stop();
    await stores?.drop();
  });

  /** PINs set and mistyped, a token bought, calls that fail, requests that are refused. */
  async function liveThroughADay(): Promise<void> {
    const jane = await town.phone();
    numbers.push(jane.msisdn);
    await jane.dial('*384*123*2*2*1#');
    await jane.choose(PIN);
    await jane.choose(PIN).ends('is set');
    await jane.dial('*384*123*4#');
    await jane.choose('0007').sees('Wrong PIN');
    await jane.choose(PIN).sees('no payments');
    const receipt = await jane.gets(/^Token/, await jane.pays({ biller: 1, account: newAccount(1), amount: 500 }));
    tokens.push(...(receipt.match(/\d{4}(-\d{4}){4}/g) ?? []));
    await town.control.faults({ daraja: { http500: 1 }, biller: { html: 1 }, sms: { busy: 1 } });
    const other = newNumber();
    numbers.push(other);
    await jane.dial(`*384*123*1*2*${newAccount()}#`);
    await fetch(`${town.gateway}/ussd/africastalking/${SECRETS.CALLBACK_KEY}`, { method: 'PUT', body: 'x' });
    await fetch(`${town.gateway}/sms/africastalking/${SECRETS.CALLBACK_KEY}/delivery`, { method: 'POST', body: '{' });
    for (const path of ['c2b/confirmation', 'stk', 'status/timeout/0123456789abcdef']) {
      const body = JSON.stringify({ phoneNumber: other, pin: PIN, MSISDN: other });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${town.gateway}/callbacks/daraja/${SECRETS.CALLBACK_KEY}/${path}`, {
        method: 'POST',
        headers,
        body,
      });
    }
    await town.control.faults({});
  }

  function expectClean(text: string, what: string): void {
    for (const [name, secret] of Object.entries(SECRETS))
      expect(text.includes(secret), `${name} in ${what}`).to.equal(false);
    for (const number of numbers) expect(text.includes(number.slice(4)), `a number in ${what}`).to.equal(false);
    for (const token of tokens) {
      expect(text.includes(token) || text.includes(token.replaceAll('-', '')), `a token in ${what}`).to.equal(false);
    }
    expect(text, `a PIN in ${what}`).not.to.match(new RegExp(`["' ]${PIN}["' ]`));
  }

  it('holds no secret: not the log at its most talkative, nor metrics, nor answers to errors, nor a report of node', async function () {
    this.timeout(60_000);
    await liveThroughADay();
    expect(tokens).to.have.length.greaterThan(0);
    const metrics = await (await fetch(`${town.gateway}/metrics`)).text();
    expect(metrics).to.include('malipo_hop_seconds');
    expectClean(metrics, 'the metrics');
    const hidden = await fetch(`${town.gateway}/ussd/africastalking/${SECRETS.CALLBACK_KEY}x`, { method: 'POST' });
    expectClean(`${await hidden.text()}${JSON.stringify([...hidden.headers])}`, 'an answer');
    town.victim.signal('SIGUSR2');
    const report = await eventually('the report is written', async () => {
      const name = readdirSync(stores.dataDir).find((file) => file.startsWith('report.'));
      const text = readFileSync(join(stores.dataDir, name ?? '-'), 'utf8');
      expect(JSON.parse(text).environmentVariables, 'it tells the environment').to.include({ LOG_LEVEL: 'trace' });
      return text;
    });
    expectClean(report, "node's report");
    await town.victim.stop();
    const output = town.victim.output();
    expect(output).to.include('"level":"').and.include('"msg":"');
    expectClean(output, 'the log');
  });
});

describe('what a crash leaves behind', () => {
  const SAID =
    'cannot pay +254711000001 with Bearer abcdefghijklmnop at /ussd/africastalking/a-callback-key-0123456789/ended';

  for (const [what, fail] of [
    ['an exception that nobody caught', 'setTimeout(() => { throw error; }, 1)'],
    ['a rejection that nobody caught', 'void Promise.reject(error)'],
  ] as const) {
    it(`is one masked line, and a process that ended with 1: ${what}`, async function () {
      this.timeout(60_000);
      const stores = await embeddedStores();
      const main = programFile('src/main.ts');
      const script = `await import(${JSON.stringify(main)});
        const error = Object.assign(new Error(${JSON.stringify(SAID)}), { config: { key: 'hung-on-by-a-client' } });
        ${fail};`;
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, PORT: '0', SIMULATOR_PORT: '0', DATA_DIR: stores.dataDir };
      const child = spawn(process.execPath, [...loaderArgs, '--input-type=module', '-e', script], { env });
      let words = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (words += chunk));
      const code = await new Promise((resolve) => child.once('close', resolve));
      await stores.drop();
      expect(code, words).to.equal(1);
      const line = words.split('\n').find((one) => one.includes('"level":"fatal"'));
      expect(line, words).to.include('cannot pay +254******001');
      expect(words).not.to.match(/711000001|abcdefghijklmnop|a-callback-key|hung-on-by-a-client/);
    });
  }
});

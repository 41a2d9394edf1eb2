import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isBalanced, trialBalance } from '../../src/money/ledger/index.ts';
import { newNumber, type Phone } from '../support/dial.ts';
import { KEY, startService, type TestService } from '../support/service.ts';
import { eventually } from '../support/service-eventually.ts';
import { describeOnStores } from '../support/stores.ts';
import { type HostileBillers, startHostileBillers } from './hostile-billers.ts';

/** What does something when it is taken for SQL, a text of ours, YAML, a template, a format or a shell's word. */
const HOSTILE = [
  ...["' OR 1=1 --", "'; DROP TABLE payment; --", '" OR ""="', "x' UNION SELECT 1", '\\', "\\'", '`id`', '%27%20OR'],
  ...['{amount, number, money}', '{account}', '{', '}', "'{'", "''", '{x, plural, other {#}}', '<b>{biller}</b>'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: another language's template, not ours
  ...['{{7*7}}', '${7*7}', '#{7*7}', '<%= 7 %>', '%s%n%x', '$(id)', '!!js/function', '&a [*a]', '- a: b', '? x'],
  ...['__proto__', 'constructor', 'null', 'true', '[object Object]', '<script>alert(1)</script>', '=1+1', '@SUM(1)'],
];

describeOnStores('text that would be run', (stores) => {
  let town: TestService;
  let billers: HostileBillers;
  let jane: Phone;
  before(async function () {
    this.timeout(60_000);
    billers = await startHostileBillers();
    town = await startService(stores(), {
      ...{ JUA_POWER_URL: billers.url, MAJI_WATER_URL: billers.url },
      ...{ RULE_ACCOUNTS_PER_DAY: '1000', RULE_PAYMENTS_PER_10_MINUTES: '1000', REPEAT_WINDOW_SECONDS: '0' },
    });
  });
  after(async () => {
    await town?.stop();
    await billers?.stop();
  });
  beforeEach(async () => {
    jane = await town.phone();
  });
  afterEach(async function () {
    this.timeout(60_000);
    await town.books.untilQuiet();
    expect(isBalanced(await trialBalance(town.books.database))).to.equal(true);
    const dead = await town.books.outbox({ state: 'dead' });
    expect(dead.map(({ topic, lastError }) => `${topic}: ${lastError}`)).to.deep.equal([]);
  });

  it('is no account, amount, payer or choice when a customer types it', async () => {
    for (const [way, choice, typed] of [
      ['*384*123*1*2#', undefined, /account/i],
      ['*384*123*1*2*100200300#', undefined, /amount/i],
      ['*384*123*1*2*100200300*500#', '2', /number/i],
      ['*384*123#', undefined, /not a choice/],
    ] as const) {
      for (const text of HOSTILE) {
        await jane.dial(way);
        if (choice) await jane.choose(choice);
        const screen = await jane.choose(text);
        expect(screen, text).to.match(/^CON /);
        expect(screen, text).to.match(typed);
      }
    }
    expect(await town.books.payments({ dialler: jane.msisdn as never })).to.deep.equal([]);
  }).timeout(60_000);

  it('is a nickname like any other, shown as it was typed', async () => {
    const names = HOSTILE.filter((text) => text.length <= 12 && !/[*#`]/.test(text));
    expect(names.length).to.be.greaterThan(12);
    await jane.dial('*384*123*2*1*2*100200300#');
    await jane.choose('1').ends('was added');
    for (const name of names) {
      await jane.dial('*384*123*2*1*2#').sees('A name for');
      await jane.choose(name).ends(`is now called ${name}`);
      await jane.dial('*384*123*2#').sees(`1 ${name} 100200300`);
    }
  }).timeout(60_000);

  it('is a name, a balance or a unit like any other when a biller says it', async () => {
    for (const text of HOSTILE.filter((one) => !one.startsWith('`'))) {
      billers.saying = text;
      await jane.dial('*384*123*1*2*100200300*500#').sees('Pay KES 500.00', '1 ');
      const first = [...text.trim()][0] ?? '';
      await jane.dial('*384*123*3*2*100200300#').sees(new RegExp(first.replace(/[\\^$.*+?()[\]{}|`]/g, '\\$&')));
    }
    for (const text of ["'; DROP TABLE payment; --", '{debt, number, money}', '{{7*7}}{', '&a [*a]']) {
      billers.saying = text;
      const reference = await jane.pays({ biller: 1, account: '04123456789', amount: 500 });
      await jane.gets(`Units ${text}.`, reference);
      await town.books.payment(reference, 'posted');
    }
  }).timeout(60_000);

  it('is an account or a name like any other in what the operator announces', async () => {
    const announce = async (text: string, index: number) => {
      const confirmation = {
        ...{ TransactionType: text, TransID: `SGHOSTILE${index}`, TransTime: text, TransAmount: '10.00' },
        ...{ BusinessShortCode: '174379', BillRefNumber: text, MSISDN: newNumber().slice(1) },
        ...{ FirstName: text, MiddleName: text, LastName: text, InvoiceNumber: text, ThirdPartyTransID: text },
      };
      const kept = await town.post(`/callbacks/daraja/${KEY}/c2b/confirmation`, confirmation);
      expect(kept.status, kept.text).to.equal(200);
      const asked = await town.post(`/callbacks/daraja/${KEY}/c2b/validation`, confirmation);
      expect(JSON.parse(asked.text).ResultCode, text).to.equal('C2B00012');
    };
    await Promise.all(HOSTILE.map(announce));
    await eventually('all of it is in suspense, under the words that came', async () => {
      const payments = await town.books.payments({ state: 'suspense' });
      expect(payments.map(({ account }) => account)).to.include.members(
        HOSTILE.map((text) => text.trim().slice(0, 32)),
      );
    });
  }).timeout(60_000);

  it('is a reason like any other when a prompt fails, and not passed on to the customer', async () => {
    for (const text of ["' OR 1=1 --", '{account}', '{{7*7}}']) {
      await jane.handset({ answer: 'ignore', promptTimeoutMs: 60_000 });
      const reference = await jane.pays({ biller: 2, account: '100200300', amount: 100 });
      const transfer = await eventually('the prompt is acknowledged', async () => {
        const [found] = await town.books.transfers({ reference });
        expect(found?.checkoutRequestId).to.be.a('string');
        return found;
      });
      const said = { MerchantRequestID: text, CheckoutRequestID: transfer?.checkoutRequestId, ResultCode: 1032 };
      const body = { Body: { stkCallback: { ...said, ResultDesc: text } } };
      expect((await town.post(`/callbacks/daraja/${KEY}/stk/${transfer?.callbackToken}`, body)).status).to.equal(200);
      const told = await jane.gets('NOT paid', reference);
      expect(told).to.include('You cancelled it').and.not.include(text);
    }
  }).timeout(60_000);

  it('is a message, a reason or a sender like any other in what the SMS provider passes on', async () => {
    const numbers = await Promise.all(
      HOSTILE.map(async (text, index) => {
        const from = newNumber();
        for (const [path, form] of [
          ['incoming', { date: '2026-11-20 09:00:00', from, id: `in-${index}`, linkId: text, text, to: '20384' }],
          ['delivery', { id: text, status: 'Failed', phoneNumber: from, failureReason: text, retryCount: '0' }],
          ['opt-out', { senderId: text, phoneNumber: from }],
        ] as [string, Record<string, string>][]) {
          const answer = await town.post(`/sms/africastalking/${KEY}/${path}`, new URLSearchParams(form));
          expect(answer.status, `${path} ${text}: ${answer.text}`).to.be.oneOf([200, 400]);
        }
        return from;
      }),
    );
    for (const from of numbers) {
      const told = await eventually('he is told how to pay', async () => {
        const [message] = await town.control.messages(from);
        expect(message).to.be.an('object');
        return message;
      });
      expect(told?.text).to.match(/^Write PAY account amount, .* Or dial \*384\*123#\.$/);
    }
  }).timeout(60_000);
});

describe('nothing from outside', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const sources = files.map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));

  it('is read as YAML: only our own files are', () => {
    const readers = sources.filter(({ text }) => /from 'yaml'/.test(text)).map(({ name }) => name);
    // Each reads files of menus/, given at the start.
    expect(readers.sort()).to.deep.equal([
      'channels/sms/keywords.ts',
      'channels/ussd/menus/menu-content.ts',
      'domain/approvals/load-bands.ts',
      'domain/billers/biller.ts',
      'domain/funding/payout-rules.ts',
      'domain/payout-lists/list-words.ts',
      'domain/reconciliation/load-recon-rules.ts',
      'platform/texts/read-texts.ts',
    ]);
  });

  it('is a text of ours: they are compiled where the files are read, and nowhere else', () => {
    const compilers = sources.filter(({ text }) => /new IntlMessageFormat\(/.test(text)).map(({ name }) => name);
    expect(compilers).to.deep.equal(['platform/texts/texts.ts']);
  });

  it('is code: nothing is evaluated', () => {
    const runs = /(?<![.\w])eval\(|new Function\(|from 'node:(vm|child_process)'/;
    expect(sources.filter(({ text }) => runs.test(text)).map(({ name }) => name)).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { type JudgeInput, judge, type Past } from '../../../src/domain/payments/history-rules.ts';
import { type Msisdn, money } from '../../../src/kernel/index.ts';
import { paymentSettings } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';

const NOW = 10_000_000_000;
const DAY_START = NOW - 6 * 3_600_000;
const JANE = '+254711000001' as Msisdn;
const OTIENO = '+254711000002' as Msisdn;
const ALI = '+254711000003' as Msisdn;

let made = 0;
const past = (patch: Partial<Past> & { minutesAgo?: number } = {}): Past => {
  made += 1;
  const { minutesAgo = 60, ...rest } = patch;
  return {
    id: `p${made}`,
    state: 'posted',
    channel: 'ussd',
    billerId: 'maji-water',
    account: '100200300',
    amountMinor: 100_00n,
    dialler: JANE,
    payer: JANE,
    createdAtMs: NOW - minutesAgo * 60_000,
    ...rest,
  };
};

interface Story {
  settings?: Partial<JudgeInput['settings']>;
  intent?: Partial<JudgeInput['intent']>;
  history?: Partial<JudgeInput['history']>;
}

const verdictOf = ({ settings, intent, history }: Story) =>
  judge({
    intent: { billerId: 'maji-water', account: '100200300', amount: kes(500), dialler: JANE, payer: JANE, ...intent },
    history: { ofPayer: [], ofDialler: [], hasPaidForDialler: false, payerBlocksPrompts: false, ...history },
    settings: { ...paymentSettings, ...settings },
    nowMs: NOW,
    dayStartMs: DAY_START,
  });
const word = (story: Story): string => {
  const verdict = verdictOf(story);
  return 'code' in verdict ? `${verdict.verdict} ${verdict.code}` : verdict.verdict;
};
const times = (count: number, patch: Parameters<typeof past>[0] = {}): Past[] =>
  Array.from({ length: count }, (_unused, index) => past({ ...patch, account: patch?.account ?? `10020${index}` }));

describe('the rules of suspicious use and limits', () => {
  const table: [string, Story, string][] = [
    ['nothing known', {}, 'go'],
    // The same payer and amount, two minutes.
    ['the same a moment ago', { history: { ofPayer: [past({ amountMinor: 50_000n, minutesAgo: 1 })] } }, 'recent-same'],
    [
      'the same, to another account',
      { history: { ofPayer: [past({ amountMinor: 50_000n, minutesAgo: 1, account: '777777' })] } },
      'recent-same',
    ],
    [
      'the same, which failed',
      { history: { ofPayer: [past({ amountMinor: 50_000n, minutesAgo: 1, state: 'failed' })] } },
      'recent-same',
    ],
    ['another amount', { history: { ofPayer: [past({ amountMinor: 49_900n, minutesAgo: 1 })] } }, 'go'],
    [
      'the same at the paybill',
      { history: { ofPayer: [past({ amountMinor: 50_000n, minutesAgo: 1, channel: 'paybill' })] } },
      'go',
    ],
    [
      'the same just within the window',
      { history: { ofPayer: [past({ amountMinor: 50_000n, createdAtMs: NOW - 119_999 })] } },
      'recent-same',
    ],
    [
      'the same when the window has passed',
      { history: { ofPayer: [past({ amountMinor: 50_000n, createdAtMs: NOW - 120_000 })] } },
      'go',
    ],
    // Limits a payer a day.
    ['up to the daily limit', { intent: { amount: kes(149_900) }, history: { ofPayer: [past()] } }, 'go'],
    [
      'one shilling over it',
      { intent: { amount: kes(149_901) }, history: { ofPayer: [past()] } },
      'refuse payment.limit-exceeded',
    ],
    [
      'what failed counts not',
      {
        intent: { amount: kes(150_000) },
        history: { ofPayer: [past({ state: 'failed' }), past({ state: 'expired' })] },
      },
      'go',
    ],
    [
      'what is held or asked counts',
      {
        intent: { amount: kes(149_900) },
        history: { ofPayer: [past({ state: 'held' }), past({ state: 'prompting' })] },
      },
      'refuse payment.limit-exceeded',
    ],
    [
      'what he sent to the paybill counts',
      { intent: { amount: kes(150_000) }, history: { ofPayer: [past({ channel: 'paybill' })] } },
      'refuse payment.limit-exceeded',
    ],
    [
      'yesterday counts not',
      { intent: { amount: kes(150_000) }, history: { ofPayer: [past({ createdAtMs: DAY_START - 1 })] } },
      'go',
    ],
    [
      'the first instant of today counts',
      { intent: { amount: kes(150_000) }, history: { ofPayer: [past({ createdAtMs: DAY_START })] } },
      'refuse payment.limit-exceeded',
    ],
    [
      'the limit of the operator, when it is the lower',
      { settings: { operatorDaily: kes(499) } },
      'refuse payment.limit-exceeded',
    ],
    // Whoever fills in the page is not known: the number that is asked is somebody else's.
    ['on the web, for the first time', { intent: { dialler: null } }, 'go'],
    [
      'on the web, a number that blocks it',
      { intent: { dialler: null }, history: { payerBlocksPrompts: true } },
      'refuse payer.blocked',
    ],
    [
      'on the web, asked three times today',
      { intent: { dialler: null }, history: { ofPayer: times(3, { channel: 'web', dialler: null }) } },
      'refuse payer.too-many-prompts',
    ],
    [
      'on the web, asked three times today by strangers in other ways',
      { intent: { dialler: null }, history: { ofPayer: times(3, { dialler: OTIENO }) } },
      'refuse payer.too-many-prompts',
    ],
    [
      'on the web, having paid there before',
      {
        intent: { dialler: null },
        history: { ofPayer: times(3, { channel: 'web', dialler: null }), hasPaidForDialler: true },
      },
      'go',
    ],
    [
      'by phone, asked three times from the web today',
      { intent: { payer: OTIENO }, history: { ofPayer: times(3, { channel: 'web', dialler: null, payer: OTIENO }) } },
      'refuse payer.too-many-prompts',
    ],
    [
      'on the web, the same a moment ago on the web: another may have asked',
      {
        intent: { dialler: null },
        history: { ofPayer: [past({ channel: 'web', dialler: null, amountMinor: 50_000n, minutesAgo: 1 })] },
      },
      'refuse payer.busy',
    ],
    [
      'on the web, the same a moment ago by phone',
      { intent: { dialler: null }, history: { ofPayer: [past({ amountMinor: 50_000n, minutesAgo: 1 })] } },
      'refuse payer.busy',
    ],
    [
      'by phone, the same a moment ago on the web',
      { history: { ofPayer: [past({ channel: 'web', dialler: null, amountMinor: 50_000n, minutesAgo: 1 })] } },
      'recent-same',
    ],
    // Prompts on somebody else's handset.
    ['a stranger, for the first time', { intent: { payer: OTIENO } }, 'go'],
    [
      'a stranger who blocks it',
      { intent: { payer: OTIENO }, history: { payerBlocksPrompts: true } },
      'refuse payer.blocked',
    ],
    ['oneself, though one blocks others', { history: { payerBlocksPrompts: true } }, 'go'],
    [
      'a stranger with two prompts today',
      { intent: { payer: OTIENO }, history: { ofPayer: times(2, { payer: OTIENO }) } },
      'go',
    ],
    [
      'a stranger with three prompts today',
      { intent: { payer: OTIENO }, history: { ofPayer: times(3, { payer: OTIENO }) } },
      'refuse payer.too-many-prompts',
    ],
    [
      'whoever caused them',
      { intent: { payer: OTIENO }, history: { ofPayer: times(3, { payer: OTIENO, dialler: ALI }) } },
      'refuse payer.too-many-prompts',
    ],
    [
      'that failed, too',
      { intent: { payer: OTIENO }, history: { ofPayer: times(3, { payer: OTIENO, state: 'failed' }) } },
      'refuse payer.too-many-prompts',
    ],
    [
      'a held one never reached him',
      { intent: { payer: OTIENO }, history: { ofPayer: times(3, { payer: OTIENO, state: 'held' }) } },
      'go',
    ],
    [
      'his own dials are none',
      { intent: { payer: OTIENO }, history: { ofPayer: times(3, { payer: OTIENO, dialler: OTIENO }) } },
      'go',
    ],
    [
      'one who has paid for him before',
      { intent: { payer: OTIENO }, history: { hasPaidForDialler: true, ofPayer: times(5, { payer: OTIENO }) } },
      'go',
    ],
    // Too many accounts, too fast.
    ['the tenth account today', { history: { ofPayer: times(9, { minutesAgo: 60 }) } }, 'go'],
    ['the eleventh', { history: { ofPayer: times(10, { minutesAgo: 60 }) } }, 'hold reasons.too-many-accounts'],
    [
      'the eleventh, when refused',
      { settings: { accountsAction: 'refuse' }, history: { ofPayer: times(10) } },
      'refuse payment.too-many-accounts',
    ],
    [
      'the eleventh of the dialler',
      { intent: { payer: OTIENO }, history: { hasPaidForDialler: true, ofDialler: times(10) } },
      'hold reasons.too-many-accounts',
    ],
    ['many payments to one account', { history: { ofPayer: times(40, { account: '100200300' }) } }, 'go'],
    [
      'one account at two billers is two',
      { settings: { accountsPerDay: 1 }, history: { ofPayer: [past({ billerId: 'jua-power' })] } },
      'hold reasons.too-many-accounts',
    ],
    [
      'the tenth payment in ten minutes',
      { history: { ofPayer: times(9, { account: '100200300', minutesAgo: 9 }) } },
      'go',
    ],
    [
      'the eleventh',
      { history: { ofPayer: times(10, { account: '100200300', minutesAgo: 9 }) } },
      'hold reasons.too-fast',
    ],
    [
      'the eleventh when ten minutes have passed',
      { history: { ofPayer: times(10, { account: '100200300', minutesAgo: 10 }) } },
      'go',
    ],
    [
      'the eleventh of the dialler, refused',
      {
        settings: { paymentsAction: 'refuse' },
        intent: { payer: OTIENO },
        history: { hasPaidForDialler: true, ofDialler: times(10, { account: '100200300', minutesAgo: 9 }) },
      },
      'refuse payment.too-fast',
    ],
    [
      'a limit says no before a rule holds',
      { settings: { customerDaily: kes(1) }, history: { ofPayer: times(10) } },
      'refuse payment.limit-exceeded',
    ],
  ];
  for (const [name, story, expected] of table) it(name, () => expect(word(story)).to.equal(expected));

  it('says what is left of the day, and never less than nothing', () => {
    const left = (ofPayer: Past[]) => {
      const verdict = verdictOf({ intent: { amount: kes(200_000) }, history: { ofPayer } });
      return verdict.verdict === 'refuse' ? verdict.details.left : undefined;
    };
    expect(left([past({ amountMinor: 14_000_000n })])).to.deep.equal(kes(10_000));
    expect(left([past({ amountMinor: 99_000_000n, state: 'posted' })])).to.deep.equal(money(0n, 'KES'));
  });

  it('says when it can be tried again', () => {
    const first = past({ amountMinor: 50_000n, createdAtMs: NOW - 30_000 });
    expect(verdictOf({ history: { ofPayer: [first] } })).to.deep.equal({
      verdict: 'recent-same',
      firstId: first.id,
      retryAtMs: Math.ceil((NOW + 90_000) / 60_000) * 60_000,
    });
  });
});

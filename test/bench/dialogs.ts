import { money } from '../../src/kernel/index.ts';
import { loadTexts, type TextValues } from '../../src/platform/texts/index.ts';

/** The dialogs that are walked, and the screens of them: floor and peer show what Malipo shows, letter for letter. */

const texts = loadTexts('menus/texts', { defaultLanguage: 'en', timeZone: 'Africa/Nairobi' });
const say = (id: string, values: TextValues = {}): string => texts.format('en', `ussd.${id}`, values);

const withBack = (...lines: string[]): string => [...lines, `${say('nav.back')} ${say('nav.home')}`].join('\n');
const choices = (...ids: string[]): string[] => ids.map((id, index) => `${index + 1} ${say(id)}`);
const BILLERS = ['1 Jua Power', '2 Maji Water'];

export const SCREENS = {
  home: [
    say('home.title'),
    ...choices('home.pay', 'home.accounts', 'home.check', 'home.payments', 'home.language', 'home.help'),
    `7 ${say('home.received')}`,
  ].join('\n'),
  payBiller: withBack(say('pay.biller'), ...BILLERS),
  payAccount: withBack(say('pay.account', { biller: 'Maji Water', billerKind: 'postpaid' })),
  language: withBack(say('language.title'), ...choices('language.english', 'language.swahili', 'language.french')),
  checkBiller: withBack(say('check.biller'), ...BILLERS),
  checkAccount: withBack(say('check.account', { biller: 'Jua Power', billerKind: 'prepaid' })),
} as const;

export type StaticScreen = keyof typeof SCREENS;

/** Where an input leads: the menu of floor and peer. */
export const WAYS: Readonly<Record<StaticScreen, Readonly<Record<string, StaticScreen>>>> = {
  home: { 1: 'payBiller', 3: 'checkBiller', 5: 'language' },
  payBiller: { 2: 'payAccount', 0: 'home', '00': 'home' },
  payAccount: { 0: 'payBiller', '00': 'home' },
  language: { 0: 'home', '00': 'home' },
  checkBiller: { 1: 'checkAccount', 0: 'home', '00': 'home' },
  checkAccount: { 0: 'checkBiller', '00': 'home' },
};

export const ACCOUNT = '100200300';
const AMOUNT = '500';

/** Where floor and peer put in what they know of the bill. */
const holes = { account: '{account}', holder: '{holder}', biller: 'Maji Water', payerKind: 'own', payerShown: '' };
const SAMPLE = money(123400n, 'KES');
const withHole = (text: string, name: string): string => text.replaceAll('1,234.00', `{${name}}`);
const bill = { due: SAMPLE, dueWhole: SAMPLE, dueKind: 'whole' };
const AMOUNT_SCREEN = withHole(withBack(say('pay.amount', { ...holes, ...bill })), 'due');
const CONFIRM_SCREEN = withHole(
  withBack(say('pay.confirm', { ...holes, amount: SAMPLE }), ...choices('pay.confirm-yes', 'pay.confirm-other')),
  'amount',
);

const fill = (screen: string, values: Readonly<Record<string, string>>): string =>
  screen.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

export const amountScreen = (account: string, holder: string, due: string): string =>
  fill(AMOUNT_SCREEN, { account, holder, due });

export const confirmScreen = (account: string, holder: string, amount: string): string =>
  fill(CONFIRM_SCREEN, { account, holder, amount });

/** `Jane Wanjiku` is `J*** W******`; `1250.00` is `1,250.00`. */
export const maskHolder = (name: string): string => name.replace(/\B\w/g, '*');
export const groupThousands = (amount: string): string => amount.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

export interface DialogStep {
  input: string;
  /** The whole answer. */
  sees: string;
}

const step = (input: string, screen: string): DialogStep => ({ input, sees: `CON ${screen}` });
const HOLDER = 'J*** W******';

/** The first step is the dialling itself, without an input. */
export const DIALOGS: Readonly<Record<'walk' | 'pay', readonly DialogStep[]>> = {
  /** Round the menu without a lookup. Ends at home, so that nothing is left to be resumed. */
  walk: [
    step('', SCREENS.home),
    step('1', SCREENS.payBiller),
    step('2', SCREENS.payAccount),
    step('0', SCREENS.payBiller),
    step('0', SCREENS.home),
    step('5', SCREENS.language),
    step('0', SCREENS.home),
    step('3', SCREENS.checkBiller),
    step('1', SCREENS.checkAccount),
    step('00', SCREENS.home),
  ],
  /** From dialling to the confirmation, with the lookup at the biller. */
  pay: [
    step('', SCREENS.home),
    step('1', SCREENS.payBiller),
    step('2', SCREENS.payAccount),
    step(ACCOUNT, amountScreen(ACCOUNT, HOLDER, '1,250.00')),
    step(AMOUNT, confirmScreen(ACCOUNT, HOLDER, '500.00')),
  ],
};
export type DialogName = keyof typeof DIALOGS;

/** The dialogs that are walked, and the screens of them: floor and peer show what Malipo shows, letter for letter. */

const BACK = '0 Back 00 Home';
const BILLERS = '1 Jua Power\n2 Maji Water';

export const SCREENS = {
  home: 'Malipo: bills by M-PESA\n1 Pay a bill\n2 My accounts\n3 Check a bill\n4 My payments\n5 Language\n6 Help',
  payBiller: `Pay a bill. Whom to?\n${BILLERS}\n${BACK}`,
  payAccount: `Maji Water\nEnter the account number:\n${BACK}`,
  language: `Language\n1 English\n2 Kiswahili\n3 Francais\n${BACK}`,
  checkBiller: `Check a bill. Whose?\n${BILLERS}\n${BACK}`,
  checkAccount: `Jua Power\nEnter the meter number to check:\n${BACK}`,
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

export const amountScreen = (account: string, holder: string, due: string): string =>
  `${holder}\n${account}\nDue: KES ${due}.\nEnter the amount:\n${BACK}`;

export const confirmScreen = (account: string, holder: string, amount: string): string =>
  `Pay KES ${amount} to Maji Water\n${account} ${holder}\nfrom your M-PESA?\n1 Confirm\n2 Another payer\n${BACK}`;

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

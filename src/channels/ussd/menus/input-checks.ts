import { foldToGsm7, isGsm7, readWrittenAmount } from '../../../kernel/index.ts';
import { type StoredScalar, storeMoney } from './stored-values.ts';

/** How an input screen reads what was typed. Business rules belong to the actions behind it; this is only the shape. */
export interface InputCheck {
  /** Text shown above the screen when the input does not fit. */
  readonly error: string;
  /** Kinds of variables that may take the value. */
  readonly gives: 'text' | 'money';
  /** Returns undefined for an input that does not fit. `currency` is the service's. */
  read(input: string, currency: string): StoredScalar | undefined;
}

const ACCOUNT = /^[A-Z0-9][A-Z0-9/-]{2,15}$/;
const PHONE = /^\+?[0-9][0-9 -]{5,18}$/;
const PIN = /^[0-9]{4}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const NICKNAME = /^[^\u0000-\u001f\u007f*#]{1,12}$/;

export const INPUT_CHECKS: Readonly<Record<string, InputCheck>> = {
  account: {
    error: 'ussd.error.account',
    gives: 'text',
    read(input) {
      const account = input.replaceAll(' ', '').toUpperCase();
      return ACCOUNT.test(account) ? account : undefined;
    },
  },
  amount: {
    error: 'ussd.error.amount',
    gives: 'money',
    read(input, currency) {
      const amount = readWrittenAmount(input, currency);
      return amount && amount.amountMinor > 0n ? storeMoney(amount) : undefined;
    },
  },
  phone: {
    error: 'ussd.error.phone',
    gives: 'text',
    read: (input) => (PHONE.test(input) ? input : undefined),
  },
  pin: {
    error: 'ussd.error.pin',
    gives: 'text',
    read: (input) => (PIN.test(input) ? input : undefined),
  },
  nickname: {
    error: 'ussd.error.nickname',
    gives: 'text',
    read(input) {
      const nickname = foldToGsm7(input).trim();
      return NICKNAME.test(nickname) && isGsm7(nickname) ? nickname : undefined;
    },
  },
};

import { type Money, readWrittenAmount } from '../../kernel/index.ts';
import { type CommandName, type Keywords, plainWord } from './keywords.ts';

/** What a customer asks for by SMS. `language` is that of the word he used. */
export type SmsCommand =
  | { kind: 'pay'; language: string; account: string; amount: Money; billerId?: string }
  | { kind: 'balance'; language: string; account?: string; billerId?: string }
  | { kind: 'receipt' | 'status'; language: string; reference?: string }
  | { kind: 'stop' | 'start' | 'help'; language: string }
  /** Whether money came; without a language where it is 1 or 2. */
  | { kind: 'answer'; answer: 'yes' | 'no'; language?: string; reference?: string }
  /** A command whose rest cannot be read without guessing. */
  | { kind: 'unclear'; language: string; command: 'pay' | 'balance' | 'answer'; what: 'shape' | 'amount' }
  | { kind: 'unknown' };

/** Longer than any command, and than what somebody writes by mistake. */
const LONGEST = 320;
const MOST_WORDS = 12;
const ACCOUNT = /^(?=.*\d)[0-9A-Z-]{3,32}$/;
const REFERENCE = /^[0-9A-Z]{6,24}$/;
const LETTERS_ALONE = /^[A-Z]{10}$/;

/** Reads a message. Never throws, and never guesses: an amount that may be read in two ways is `unclear`. */
export function parseCommand(text: string, currency: string, keywords: Keywords): SmsCommand {
  const written = wordsOf(text);
  const found = firstWord(written, keywords);
  if (!found) return readDigit(written) ?? { kind: 'unknown' };
  const { command, language, rest } = found;
  switch (command) {
    case 'pay':
      return readPay(language, rest, currency, keywords);
    case 'balance':
      return readBalance(language, rest, keywords);
    case 'receipt':
    case 'status': {
      const reference = referenceAmong(rest.map(plainWord));
      return { kind: command, language, ...(reference === undefined ? {} : { reference }) };
    }
    case 'yes':
    case 'no':
      return readAnswer(command, language, rest, keywords);
    default:
      return { kind: command, language };
  }
}

/** Who writes both means neither. */
function readAnswer(answer: 'yes' | 'no', language: string, rest: readonly string[], keywords: Keywords): SmsCommand {
  const words = rest.map(plainWord);
  const other = answer === 'yes' ? 'no' : 'yes';
  if (words.some((word) => keywords.commandOf(word)?.command === other)) {
    return { kind: 'unclear', language, command: 'answer', what: 'shape' };
  }
  const reference = referenceAmong(words);
  return { kind: 'answer', answer, language, ...(reference === undefined ? {} : { reference }) };
}

/** `1`, or `2 MABCDEFGHJ`; whatever else follows makes it something else. */
function readDigit(written: readonly string[]): SmsCommand | undefined {
  const [digit = '', ...rest] = written.map(plainWord);
  if ((digit !== '1' && digit !== '2') || rest.length > 1) return undefined;
  const reference = referenceAmong(rest);
  if (rest.length === 1 && reference === undefined) return undefined;
  return { kind: 'answer', answer: digit === '1' ? 'yes' : 'no', ...(reference === undefined ? {} : { reference }) };
}

/** One in fifteen references has no digit: it is taken for one when it is all that was written. */
function referenceAmong(words: readonly string[]): string | undefined {
  const [only, ...others] = words;
  if (only && others.length === 0 && LETTERS_ALONE.test(only)) return only;
  return words.find((word) => REFERENCE.test(word) && /\d/.test(word));
}

/** The words as written, with spaces of every kind made one, digits of Arabic script made ours, and signs that only part words gone. */
function wordsOf(text: string): string[] {
  if (text.length > LONGEST) return [];
  const plain = text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', ',')
    // Digits of double width; nothing else is folded, or a raised 2 would become a digit of the amount.
    .replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10))
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}*#;:|"'()<>[\]]+/gu, ' ')
    .trim();
  return plain === '' ? [] : plain.split(' ', MOST_WORDS);
}

interface Found {
  command: CommandName;
  language: string;
  rest: string[];
}

function firstWord([first, ...rest]: readonly string[], keywords: Keywords): Found | undefined {
  if (first === undefined) return undefined;
  const known = keywords.commandOf(plainWord(first));
  if (known) return { ...known, rest };
  // `PAY100200300 500`, `PAY,100200300 500`: the sign or space between was forgotten.
  const glued = /^(\p{L}+)[.,-]?(\d.*)$/u.exec(first);
  const word = glued && keywords.commandOf(plainWord(glued[1] ?? ''));
  if (!word || word.command === 'yes' || word.command === 'no') return undefined;
  return { ...word, rest: [glued?.[2] ?? '', ...rest] };
}

/** Takes out what names a company or says nothing. Undefined when two companies are named. */
function takeBiller(words: readonly string[], keywords: Keywords): { billerId?: string; rest: string[] } | undefined {
  const rest: string[] = [];
  const named = new Set<string>();
  for (const written of words) {
    const word = plainWord(written);
    const billerId = keywords.billerOf(word);
    if (billerId !== undefined) named.add(billerId);
    // A sign alone says nothing; a sign before digits may: it stays, and is refused.
    else if (!keywords.isFiller(word) && !/^[^\p{L}\p{N}]+$/u.test(written)) rest.push(written);
  }
  const [billerId, another] = named;
  if (another !== undefined) return undefined;
  return { rest, ...(billerId === undefined ? {} : { billerId }) };
}

function readPay(language: string, words: readonly string[], currency: string, keywords: Keywords): SmsCommand {
  const unclear = (what: 'shape' | 'amount'): SmsCommand => ({ kind: 'unclear', language, command: 'pay', what });
  const taken = takeBiller(words, keywords);
  if (!taken) return unclear('shape');
  const rest = taken.rest.filter((written) => !keywords.isMoneyWord(plainWord(written)));
  const [first = '', second = '', ...more] = rest;
  const account = accountOf(first);
  if (account === undefined || second === '') return unclear('shape');
  // `1 250` is twelve hundred and fifty, or one and something else.
  if (more.length > 0) return unclear('amount');
  const amount = readWrittenAmount(second, currency, keywords.isMoneyWord);
  if (!amount || amount.amountMinor === 0n) return unclear('amount');
  return { kind: 'pay', language, account, amount, ...named(taken) };
}

function readBalance(language: string, words: readonly string[], keywords: Keywords): SmsCommand {
  const taken = takeBiller(words, keywords);
  if (!taken || taken.rest.length > 1) return { kind: 'unclear', language, command: 'balance', what: 'shape' };
  const [written] = taken.rest;
  if (written === undefined) return { kind: 'balance', language, ...named(taken) };
  const account = accountOf(written);
  if (account === undefined) return { kind: 'unclear', language, command: 'balance', what: 'shape' };
  return { kind: 'balance', language, account, ...named(taken) };
}

const named = ({ billerId }: { billerId?: string }) => (billerId === undefined ? {} : { billerId });

function accountOf(written: string): string | undefined {
  const account = plainWord(written).replaceAll('-', '');
  return ACCOUNT.test(account) ? account : undefined;
}

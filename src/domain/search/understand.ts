import { type Money, type Msisdn, parseMoney, parseMsisdn } from '../../kernel/index.ts';

/** One thing that the words could mean. */
export type Reading =
  | { kind: 'phone'; msisdn: Msisdn }
  | { kind: 'reference'; reference: string }
  | { kind: 'receipt'; receipt: string }
  | { kind: 'token'; digits: string }
  | { kind: 'account'; account: string }
  | { kind: 'amount'; amount: Money }
  | { kind: 'day'; day: string }
  | { kind: 'id'; id: string }
  | { kind: 'name'; name: string };

export interface SearchSettings {
  /** ISO country by which numbers are read, and the currency of amounts without one. */
  country: string;
  currency: string;
  /** `2026-11-20`: dates without a year are the last such day up to today. */
  today: string;
}

export const LONGEST_QUERY = 1_000;
/** Readings of one query; a pasted conversation says more than anybody looks for at once. */
const MOST_READINGS = 12;

const REFERENCE = /\bM[2-9A-HJ-NP-Z]{9}\b/g;
/** M-PESA's receipts: ten letters and digits that begin with a letter; most have both. */
const RECEIPT = /\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z][A-Z0-9]{7,11}\b/g;
/** One in ten of them has no digit, and may as well be a word. */
const RECEIPT_OF_LETTERS = /\b[A-Z]{10}\b/g;
const TOKEN = /(?<!\d)\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}(?!\d)/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const PHONE = /(?<![\d-])\+?\d[\d ()-]{7,16}\d(?![\d-])/g;
const DATE = /\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?\b/g;
const AMOUNT =
  /\b(?:KES|KSH|SH|UGX|TZS)\.?\s*([\d,]+(?:\.\d{1,2})?)|(?<![\d.])(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,7}(?:\.\d{1,2})?)(?![\d.])/gi;
const ACCOUNT = /(?<![\dA-Za-z-])\d{5,16}(?![\dA-Za-z-])/g;

/** Everything that the words could mean, the most certain first. Never throws. */
export function understand(written: string, settings: SearchSettings): Reading[] {
  // Spaces of all kinds, and what copying leaves behind.
  let text = written
    .normalize('NFKC')
    .slice(0, LONGEST_QUERY)
    .replace(/[\s\u200b-\u200f\ufeff]+/g, ' ')
    .trim();
  const readings: Reading[] = [];
  /** Takes what fits out of the text, so that the next pattern does not read it again. */
  const take = (pattern: RegExp, read: (match: string, groups: string[]) => Reading | undefined) => {
    text = text.replace(pattern, (match: string, ...rest: unknown[]) => {
      const reading = read(
        match,
        rest.filter((one): one is string => typeof one === 'string'),
      );
      if (!reading) return match;
      readings.push(reading);
      return ' ';
    });
  };
  take(UUID, (id) => ({ kind: 'id', id: id.toLowerCase() }));
  take(TOKEN, (token) => ({ kind: 'token', digits: token.replace(/\D/g, '') }));
  text = readWords(text, readings);
  text = readDays(text, settings, readings);
  for (const [phone] of text.matchAll(PHONE)) readPhone(phone, settings, readings);
  text = text.replace(PHONE, (phone) => (isPhone(phone, settings) ? ' ' : phone));
  readNumbers(text, settings, readings);
  const name = text.replace(AMOUNT, ' ').replace(/\s+/g, ' ').trim();
  const mayBeName = readings.every((one) => one.kind === 'receipt' && !/\d/.test(one.receipt));
  if (mayBeName && /^\p{L}[\p{L} .'-]{2,59}$/u.test(name)) readings.push({ kind: 'name', name });
  return withoutRepeats(readings).slice(0, MOST_READINGS);
}

function withoutRepeats(readings: readonly Reading[]): Reading[] {
  const key = (reading: Reading) =>
    JSON.stringify(reading, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return [...new Map(readings.map((reading) => [key(reading), reading])).values()];
}

/** References and receipts: a reference looks like a receipt, so it is both until one is found. */
function readWords(text: string, readings: Reading[]): string {
  const upper = text.toUpperCase();
  if (upper.length !== text.length) return text;
  // Words of a sentence are no receipts: in a long text only those that are written in capitals.
  const source = text.includes(' ') && text.length > 24 ? text : upper;
  const taken: [number, number][] = [];
  for (const { 0: word, index } of source.matchAll(REFERENCE)) {
    readings.push({ kind: 'reference', reference: word });
    taken.push([index, word.length]);
  }
  for (const { 0: word, index } of source.matchAll(RECEIPT)) {
    readings.push({ kind: 'receipt', receipt: word });
    if (!taken.some(([at]) => at === index)) taken.push([index, word.length]);
  }
  // Among words that are all in capitals, one more of ten letters says nothing.
  if (source !== upper || text.length <= 24) {
    for (const [word] of source.matchAll(RECEIPT_OF_LETTERS)) readings.push({ kind: 'receipt', receipt: word });
  }
  let rest = text;
  for (const [at, length] of taken) rest = rest.slice(0, at) + ' '.repeat(length) + rest.slice(at + length);
  return rest;
}

function readDays(text: string, { today }: SearchSettings, readings: Reading[]): string {
  return text.replace(DATE, (match: string, ...groups: (string | undefined)[]) => {
    const [year, month, day, first, second, third] = groups;
    const found = year ? isoDay(year, month ?? '', day ?? '') : dayWithoutYear(first ?? '', second ?? '', third, today);
    if (!found) return match;
    readings.push({ kind: 'day', day: found });
    return ' ';
  });
}

/** Day before month, as it is written in East Africa. */
function dayWithoutYear(day: string, month: string, year: string | undefined, today: string): string | undefined {
  if (year) return isoDay(year.length === 2 ? `20${year}` : year, month, day);
  const thisYear = isoDay(today.slice(0, 4), month, day);
  if (thisYear && thisYear <= today) return thisYear;
  return isoDay(String(Number(today.slice(0, 4)) - 1), month, day);
}

function isoDay(year: string, month: string, day: string): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

const isPhone = (text: string, { country }: SearchSettings) => parseMsisdn(text, country) !== undefined;

/** Digits alone that are not written with the country's code may as well be an account. */
function readPhone(text: string, { country }: SearchSettings, readings: Reading[]): void {
  const msisdn = parseMsisdn(text, country);
  if (!msisdn) return;
  readings.push({ kind: 'phone', msisdn });
  if (/^\d{5,16}$/.test(text) && msisdn !== `+${text}`) readings.push({ kind: 'account', account: text });
}

/** A number that is no phone is an account, an amount, or either. */
function readNumbers(text: string, { currency }: SearchSettings, readings: Reading[]): void {
  for (const [digits] of text.matchAll(ACCOUNT)) readings.push({ kind: 'account', account: digits });
  for (const match of text.matchAll(AMOUNT)) {
    const amount = parseMoney((match[1] ?? match[2] ?? '').replaceAll(',', ''), currency);
    if (amount && amount.amountMinor > 0n) readings.push({ kind: 'amount', amount });
  }
}

import { invariant } from '../../kernel/index.ts';

/** What is within a code, beside its biller. */
export interface Packed {
  account: string;
  amountMinor?: bigint | undefined;
  /** Two letters. */
  language: string;
  expiresAtMs: number;
}

/**
 * The first byte says how the rest is written, and is never 0: version 1, whether the account is digits only, whether there is an
 * amount. Then the language (two letters), the last day (from 2026 on), the account behind its length, the amount.
 */
const VERSION = 0b0100_0000;
const VERSION_MASK = 0b1111_1100;
const IS_DIGITS = 0b01;
const HAS_AMOUNT = 0b10;

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1) / DAY_MS;
const LAST_DAY = 0xffff;
const LONGEST_ACCOUNT = 64;
const LETTERS_FROM = 0x61;

export function packLink({ account, amountMinor, language, expiresAtMs }: Packed): Buffer {
  invariant(/^[a-z]{2}/.test(language), 'a language begins with two letters');
  invariant(/^[\x21-\x7e]+$/.test(account) && account.length <= LONGEST_ACCOUNT, 'an account fits a link');
  const isDigits = /^\d+$/.test(account);
  const day = Math.min(LAST_DAY, Math.max(0, Math.ceil(expiresAtMs / DAY_MS) - FIRST_DAY));
  const letters = (language.charCodeAt(0) - LETTERS_FROM) * 26 + (language.charCodeAt(1) - LETTERS_FROM);
  const head = Buffer.from([VERSION | (isDigits ? IS_DIGITS : 0) | (amountMinor === undefined ? 0 : HAS_AMOUNT)]);
  return Buffer.concat([
    head,
    twoBytes(letters),
    twoBytes(day),
    Buffer.from([account.length]),
    isDigits ? bytesOf(BigInt(account), digitBytes(account.length)) : Buffer.from(account, 'ascii'),
    amountMinor === undefined ? Buffer.alloc(0) : bytesOf(amountMinor),
  ]);
}

/** Undefined for a version that is not ours. What is read was signed by us, so its shape is right. */
export function unpackLink(packed: Buffer): Packed | undefined {
  const [head = 0, ...rest] = packed;
  const [high = 0, low = 0, dayHigh = 0, dayLow = 0, length = 0] = rest;
  if ((head & VERSION_MASK) !== VERSION) return undefined;
  const letters = high * 256 + low;
  const isDigits = (head & IS_DIGITS) !== 0;
  const end = 6 + (isDigits ? digitBytes(length) : length);
  const written = packed.subarray(6, end);
  const amount = packed.subarray(end);
  return {
    account: isDigits ? numberOf(written).toString().padStart(length, '0') : written.toString('ascii'),
    language: String.fromCharCode(LETTERS_FROM + Math.floor(letters / 26), LETTERS_FROM + (letters % 26)),
    expiresAtMs: (FIRST_DAY + dayHigh * 256 + dayLow) * DAY_MS,
    ...(head & HAS_AMOUNT ? { amountMinor: numberOf(amount) } : {}),
  };
}

const twoBytes = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const numberOf = (bytes: Buffer): bigint => BigInt(`0x0${bytes.toString('hex')}`);
/** As many bytes as any number of so many digits needs. */
const digitBytes = (digits: number): number => Math.ceil((digits * Math.log2(10)) / 8);

function bytesOf(value: bigint, length?: number): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(length === undefined ? even : even.padStart(length * 2, '0'), 'hex');
}

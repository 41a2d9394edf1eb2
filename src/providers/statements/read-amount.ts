import { LARGEST_AMOUNT_MINOR, minorDigits } from '../../kernel/index.ts';

export interface NumberFormat {
  decimal: '.' | ',';
  /** Between groups of three; '' for none. */
  thousands: ',' | '.' | ' ' | "'" | '';
}

export const ENGLISH_NUMBERS: NumberFormat = { decimal: '.', thousands: ',' };

/**
 * A signed amount as people and spreadsheets write it: `1,250.00`, `-50`, `(50.00)`. A text says why it is none: digits past
 * the minor unit are refused and never rounded, and a separator must stand where it belongs.
 */
export function readAmount(text: string, currency: string, format: NumberFormat = ENGLISH_NUMBERS): bigint | string {
  let body = text.trim();
  let isNegative = false;
  if (body.startsWith('(') && body.endsWith(')')) [body, isNegative] = [body.slice(1, -1), true];
  else if (body.startsWith('-')) [body, isNegative] = [body.slice(1), true];
  const parts = body.split(format.decimal);
  const [whole = '', fraction = ''] = parts;
  const digits = wholeDigits(whole, format.thousands);
  if (parts.length > 2 || digits === undefined || !/^\d*$/.test(fraction) || (parts.length === 2 && fraction === '')) {
    return `"${text.slice(0, 40)}" is not an amount`;
  }
  const places = minorDigits(currency);
  if (/[^0]/.test(fraction.slice(places))) {
    return `"${text.slice(0, 40)}" has more decimals than ${currency} has`;
  }
  const amountMinor = BigInt(digits + fraction.slice(0, places).padEnd(places, '0'));
  if (amountMinor > LARGEST_AMOUNT_MINOR) return `"${text.slice(0, 40)}" is larger than any amount`;
  return isNegative ? -amountMinor : amountMinor;
}

function wholeDigits(text: string, thousands: NumberFormat['thousands']): string | undefined {
  if (/^\d{1,15}$/.test(text)) return text;
  if (thousands === '' || text.length > 20) return undefined;
  const [first = '', ...groups] = text.split(thousands);
  const isGrouped = /^\d{1,3}$/.test(first) && groups.length > 0 && groups.every((group) => /^\d{3}$/.test(group));
  return isGrouped ? first + groups.join('') : undefined;
}

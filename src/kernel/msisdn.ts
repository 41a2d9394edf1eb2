import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/mobile';

/** A phone number in E.164 with its plus sign: `+254711000001`. */
export type Msisdn = string & { readonly __brand: 'Msisdn' };

/**
 * Reads a number in any usual spelling (`0711 000 001`, `254711000001`, `+254711000001`).
 * Returns undefined when it cannot be a mobile number of any network.
 */
export function parseMsisdn(text: string, country: string): Msisdn | undefined {
  const trimmed = text.trim();
  if (trimmed.length < 4 || trimmed.length > 24 || !/^[+\d][\d\s().-]*$/.test(trimmed)) return undefined;
  for (const candidate of [trimmed, `+${trimmed}`]) {
    const parsed = parsePhoneNumberFromString(candidate, country as CountryCode);
    if (parsed?.isValid()) return parsed.number as unknown as Msisdn;
  }
  return undefined;
}

/** ISO 3166 of the number's plan; undefined where several countries share it. */
export function countryOf(msisdn: Msisdn): string | undefined {
  return parsePhoneNumberFromString(msisdn)?.country;
}

/** Whether the number belongs to a country's numbering plan (ISO 3166, `KE`). */
export function isOfCountry(msisdn: Msisdn, country: string): boolean {
  return parsePhoneNumberFromString(msisdn)?.country === country;
}

const E164 = /^\+[1-9]\d{6,14}$/;

/** True for a string that already is E.164; the cheap check for numbers that a gateway sends. */
export function isMsisdn(text: string): text is Msisdn {
  return E164.test(text);
}

/** For logs and screens: country code and the last three digits, `+254******001`. */
export function maskMsisdn(msisdn: string): string {
  return msisdn.length < 8 ? '***' : `${msisdn.slice(0, 4)}${'*'.repeat(msisdn.length - 7)}${msisdn.slice(-3)}`;
}

/**
 * Whether a number fits an operator's masked spelling, such as `2547 ***** 126` or `25470****149`.
 * False for a mask that shows fewer than five digits: it says too little to point at one person.
 */
export function fitsMask(msisdn: Msisdn, mask: string): boolean {
  const [head, tail, ...rest] = mask.replace(/[\s+]/g, '').split(/\*+/);
  if (head === undefined || tail === undefined || rest.length > 0) return false;
  if (!/^\d*$/.test(head + tail) || head.length + tail.length < 5) return false;
  const digits = msisdn.slice(1);
  return digits.startsWith(head) && digits.endsWith(tail) && digits.length > head.length + tail.length;
}

/**
 * How a number may stand in a text that somebody else wrote: with its country code, with or without plus or zeros, or as it is dialled at
 * home, and not as a part of a longer number. `digits` is what every spelling has in it, to look for first.
 */
export function spellingsOf(msisdn: Msisdn): { digits: string; pattern: RegExp } {
  const parsed = parsePhoneNumberFromString(msisdn);
  const digits = String(parsed?.nationalNumber ?? msisdn.slice(1));
  const code = String(parsed?.countryCallingCode ?? '');
  return { digits, pattern: new RegExp(`(?<!\\d)(?:(?:\\+|00)?${code}|0)?${digits}(?!\\d)`, 'g') };
}

const NUMBER_IN_TEXT = /(?<![\d-])\+?\d[\d ()-]{7,16}\d(?![\d-])/g;

/** A text that a person wrote, with every phone number in it masked. What has neither zero, plus nor country code in front may be an account. */
export function maskNumbersIn(text: string, country: string): string {
  return text.replace(NUMBER_IN_TEXT, (written) => {
    const isWhole = /^[+0]/.test(written) || written.replace(/\D/g, '').length > 10;
    const msisdn = isWhole ? parseMsisdn(written, country) : undefined;
    return msisdn ? maskMsisdn(msisdn) : written;
  });
}

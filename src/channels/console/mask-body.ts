import { maskMsisdn, parseMsisdn } from '../../kernel/index.ts';

/** What a provider's message may hold that a reader does not need: secrets and names by their field, numbers by their shape. */
const SECRET = /pass|secret|token|credential|pin$|.key$/i;
const NAME = /name$/i;
const PHONE = /msisdn|phone|mobile/i;
/** What others are told apart by: digits in it that are no phone number stay. */
const REFERENCE = /ids?$|ref|account|linked|receipt/i;

/** Digits that are no number of a person: times, dates, amounts with their decimals, UUIDs. */
const TIME = String.raw`(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d)`;
const DATE = String.raw`(?<!\d)(?:\d{2}[./-]\d{2}[./-]\d{4}|\d{4}[/-]\d{2}[/-]\d{2})(?:[T ]\d{1,2}:\d{2})?(?!\d)`;
const AMOUNT = String.raw`(?<![\d+])[1-9]\d{0,8}\.\d{1,2}(?![\d.])`;
const UUID = String.raw`\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b`;
/** Nine or more, however they are written; not those of an id such as ws_CO_21072024125132001. */
const RUN = String.raw`(?<![\d_])\+?\d(?:[ ().-]{0,2}\d){8,}(?!_)`;
const DIGITS = new RegExp(`(${[TIME, DATE, AMOUNT, UUID].join('|')})|${RUN}`, 'gi');
/** Who pays and who is paid, as operators write it: `254711000001 - JANE WANJIKU`, the number masked by then. */
const NAME_AFTER_NUMBER = /([+\d][\d ]{0,20}\*[\d* ]{0,20}[-–]\s{0,3})(\p{L}[\p{L}\p{M}*.'’ -]*)/gu;
const SECRET_IN_TEXT = /\b((?:pin|password|siri|code secret)\W{1,3}(?:is |ni |est )?)\d{4,8}\b/gi;

/** The body, indented where it is JSON, with secrets, names and phone numbers masked. `country` is ISO 3166: how a number is read that has no code in front. */
export function maskBody(body: string, country: string): string {
  try {
    return JSON.stringify(masked('', JSON.parse(body), country), null, 2);
  } catch {
    return maskText(body, country);
  }
}

function masked(field: string, value: unknown, country: string): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(field, item, country));
  if (typeof value === 'object' && value !== null) return maskedObject(value, country);
  return typeof value === 'string' || typeof value === 'number' ? maskedValue(field, value, country) : value;
}

function maskedObject(value: object, country: string): object {
  const fields = Object.entries(value);
  const named = namedIn(fields);
  return Object.fromEntries(
    fields.map(([field, inner]) => {
      if (!named) return [field, masked(field, inner, country)];
      return [field, field === named[0] ? inner : masked(named[1], inner, country)];
    }),
  );
}

/** Where the name of a field is itself a value: `{Name, Value}` and `{Key, Value}`, which Daraja writes without a Value too. */
function namedIn(fields: [string, unknown][]): [string, string] | undefined {
  const [field, name] = fields.find(([one]) => /^(?:name|key)$/i.test(one)) ?? [];
  if (field === undefined || typeof name !== 'string') return undefined;
  const isPair = fields.length === 2 && fields.some(([one]) => /^value$/i.test(one));
  return isPair || (fields.length === 1 && /^[NK]/.test(field)) ? [field, name] : undefined;
}

function maskedValue(field: string, value: string | number, country: string): string | number {
  if (SECRET.test(field)) return '***';
  const written = String(value);
  const text = PHONE.test(field) ? maskNumber(written, country) : maskText(written, country, REFERENCE.test(field));
  const shown = NAME.test(field) ? starred(text) : text;
  return shown === written ? value : shown;
}

function maskText(text: string, country: string, isReference = false): string {
  return text
    .replace(DIGITS, (written, kept?: string) => kept ?? maskRun(written, country, isReference))
    .replace(NAME_AFTER_NUMBER, (_, number: string, name: string) => `${number}${starred(name)}`)
    .replace(SECRET_IN_TEXT, '$1***');
}

/** A number is not written in more groups than that, with what stands between them. */
const MOST_PIECES = 13;
/** More is no text that a reader needs, and would take long to look through. */
const LONGEST_RUN = 80;
const PREPAID_TOKEN = /^\d{4}(?:[ -]?\d{4}){4}$/;

/** Digits that stand together, some of them a phone number perhaps: `500 0711 000 001`. The longest that can be one is taken for one. */
function maskRun(written: string, country: string, isReference: boolean): string {
  if (written.length > LONGEST_RUN || PREPAID_TOKEN.test(written)) return ends(written);
  const pieces = written.split(/([ ().-]+)/);
  let text = '';
  for (let first = 0; first < pieces.length; first += 1) {
    let last = Math.min(pieces.length, first + MOST_PIECES);
    while (last > first + 1 && !isPhone(pieces.slice(first, last).join(''), country)) last -= 1;
    const piece = pieces.slice(first, last).join('');
    if (isPhone(piece, country)) text += maskNumber(piece, country);
    else text += piece.length < 9 || isReference ? piece : ends(piece);
    first = last - 1;
  }
  return text;
}

/** What has neither zero, plus nor country code in front may be an account. */
function isPhone(written: string, country: string): boolean {
  const isWhole = /^[+0]/.test(written) || (/^\d/.test(written) && written.replace(/\D/g, '').length > 10);
  return isWhole && /\d$/.test(written) && parseMsisdn(written, country) !== undefined;
}

/** Of an account or a token enough to compare it by. */
function ends(written: string): string {
  const digits = written.replace(/\D/g, '');
  return `${digits.slice(0, 2)}${'*'.repeat(digits.length - 5)}${digits.slice(-3)}`;
}

/** As numbers are masked everywhere, whatever the spelling was; what is masked already stays. */
function maskNumber(written: string, country: string): string {
  return written.includes('*') ? written : maskMsisdn(parseMsisdn(written, country) ?? written);
}

function starred(name: string): string {
  return name.replace(/(?<=[\p{L}\p{M}'’.-])[\p{L}\p{M}]/gu, '*');
}

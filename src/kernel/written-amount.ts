import { type Money, parseMoney } from './money.ts';

const LONGEST = 24;
const SPACES = /[ \u00a0\u202f]/g;
const LETTERS_BEFORE = /^([A-Z]{2,9})[.:]? ?(?=\d)/i;
const LETTERS_AFTER = /(?<=\d) ?([A-Z]{2,9})\.?$/i;
/** `500/=` and `500/-`, as shops write it. */
const SHILLING_SIGN = /\/[=-]?$/;

/** Spellings of one amount; what fits none of them is not guessed at. */
const WHOLE = /^[1-9]\d{0,8}$/;
const WITH_POINT = /^(?:0|[1-9]\d{0,8})\.\d{1,2}$/;
const WITH_COMMA = /^(?:0|[1-9]\d{0,8}),\d{1,2}$/;
const COMMAS_IN_THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?$/;
const POINTS_IN_THOUSANDS = /^[1-9]\d{0,2}(?:\.\d{3})+,\d{1,2}$|^[1-9]\d{0,2}(?:\.\d{3}){2,}$/;
const SPACES_IN_THOUSANDS = /^[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d{1,2})?$/;

/**
 * Reads an amount as people write it: `1250`, `1,250`, `1,250.00`, `1250,00`, `1.250,00`, `1 250`, `KES 1250`, `1250/=`. Undefined for
 * whatever may be read in two ways (`1.250`), has a leading zero, or is no amount. Every channel reads by this one: what is 481 shillings
 * in an SMS must not be 48,100 on a screen. `isMoneyWord` is asked about the letters beside the digits, in capitals.
 */
export function readWrittenAmount(
  written: string,
  currency: string,
  isMoneyWord: (word: string) => boolean = (word) => word === currency,
): Money | undefined {
  if (written.length > LONGEST) return undefined;
  let text = written
    .replace(SPACES, ' ')
    .trim()
    .replace(/[.,!?;]+$/, '');
  const before = LETTERS_BEFORE.exec(text);
  if (before?.[1]) {
    if (!isMoneyWord(before[1].toUpperCase())) return undefined;
    text = text.slice(before[0].length);
  }
  text = text.replace(SHILLING_SIGN, '');
  const after = LETTERS_AFTER.exec(text);
  if (after?.[1]) {
    if (!isMoneyWord(after[1].toUpperCase())) return undefined;
    text = text.slice(0, after.index);
  }
  const decimal = toDecimal(text);
  return decimal === undefined ? undefined : parseMoney(decimal, currency);
}

function toDecimal(text: string): string | undefined {
  if (WHOLE.test(text) || WITH_POINT.test(text)) return text;
  if (WITH_COMMA.test(text)) return text.replace(',', '.');
  if (COMMAS_IN_THOUSANDS.test(text)) return text.replaceAll(',', '');
  if (POINTS_IN_THOUSANDS.test(text)) return text.replaceAll('.', '').replace(',', '.');
  if (SPACES_IN_THOUSANDS.test(text)) return text.replaceAll(' ', '').replace(',', '.');
  return undefined;
}

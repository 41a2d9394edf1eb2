import { minorDigits, parseMoney } from '../../kernel/index.ts';
import type { CellKind } from '../../platform/tables/index.ts';
import type { CellFault } from './check-phone.ts';
import type { FindingCode } from './finding.ts';
import type { ListRules } from './list-rules.ts';

export interface AmountRead {
  amountMinor: bigint | null;
  found: CellFault[];
}

/** Points and commas mean one thing here and another there: 1.250 is a thousand in Paris and one in Nairobi. */
const SEPARATED = /^[+-]?\d[\d.,\s'\u2019_\u066c]*$/;
const POINT_OF_THOUSANDS = /^\d{1,3}(\.\d{3})+$/;

/** Reads an amount of the rules' currency in minor units, without rounding and without guessing. */
export function checkAmount(text: string, kind: CellKind, rules: ListRules, isWholeOnly: boolean): AmountRead {
  const { currency } = rules;
  const none = (code: FindingCode, values: CellFault['values'] = { text }): AmountRead => ({
    amountMinor: null,
    found: [{ code, severity: 'fault', values }],
  });
  if (text === '') return none('amount.missing', {});
  if (/^(-|\u2212|\().*\d/.test(text)) return none('amount.negative');
  if (kind !== 'number' && POINT_OF_THOUSANDS.test(text)) return none('amount.separators');
  const amount = parseMoney(text, currency);
  if (!amount) return none(whyNot(text), { text, currency });
  const { amountMinor } = amount;
  const minor = (limit: bigint) => ({ minor: String(limit), currency });
  if (amountMinor === 0n) return none('amount.zero', {});
  const found: CellFault[] = [];
  const fault = (code: FindingCode, values: CellFault['values']) => found.push({ code, severity: 'fault', values });
  if (isWholeOnly && amountMinor % 10n ** BigInt(minorDigits(currency)) !== 0n) fault('amount.not-whole', { text });
  if (amountMinor < rules.leastMinor) fault('amount.least', { least: minor(rules.leastMinor) });
  if (amountMinor > rules.mostMinor) fault('amount.most', { most: minor(rules.mostMinor) });
  return { amountMinor, found };
}

function whyNot(text: string): FindingCode {
  if (/^\d{1,15}\.\d+$/.test(text)) return 'amount.decimals';
  if (SEPARATED.test(text) && /[.,\s'\u2019_\u066c]/.test(text)) return 'amount.separators';
  if (/\p{L}/u.test(text) && /\d/.test(text) && !/^\d+([.,]\d+)?e[+-]?\d+$/i.test(text)) return 'amount.words';
  return 'amount.not-a-number';
}

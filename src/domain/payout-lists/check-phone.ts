import { isOfCountry, type Msisdn, parseMsisdn } from '../../kernel/index.ts';
import type { CellKind } from '../../platform/tables/index.ts';
import type { FindingCode, FindingValues, Severity } from './finding.ts';
import type { ListRules } from './list-rules.ts';
import type { ListWords } from './list-words.ts';

/** What was found in a cell; the place is its caller's to know. */
export interface CellFault {
  code: FindingCode;
  severity: Severity;
  values: FindingValues;
}

export interface PhoneRead {
  msisdn: Msisdn | null;
  /** Who would pay it. */
  operator: string | null;
  found: CellFault[];
}

const SCIENTIFIC = /^\+?\d+([.,]\d+)?\s*e\s*[+-]?\d+$/i;
/** A spreadsheet that shows 2.54712E+11 and is saved so keeps six digits of twelve. */
const LOST_DIGITS = /^\d{7,}0{5}$/;
/** As a number, since no shorter one is shown that way. */
const SHORTEST_SHORTENED = 12;

/**
 * Reads a phone number, of which no digit is ever made up: what a spreadsheet has shortened is told, and not filled with zeros. A
 * zero that a spreadsheet took from the front is put back where only one number is meant, and told as a warning.
 */
export function checkPhone(text: string, kind: CellKind, rules: ListRules, words: ListWords): PhoneRead {
  const none = (code: FindingCode): PhoneRead => ({
    msisdn: null,
    operator: null,
    found: [{ code, severity: 'fault', values: code === 'phone.missing' ? {} : { text } }],
  });
  if (text === '') return none('phone.missing');
  if (SCIENTIFIC.test(text)) return none('phone.scientific');
  if (kind === 'number' && text.length >= SHORTEST_SHORTENED && LOST_DIGITS.test(text)) return none('phone.rounded');
  const msisdn = parseMsisdn(text, rules.country);
  if (msisdn === undefined) return none('phone.not-a-number');
  const found: CellFault[] = [];
  const hasLostZero = /^[1-9]\d*$/.test(text) && msisdn !== `+${text}`;
  if (hasLostZero) found.push({ code: 'phone.lost-zero', severity: 'warning', values: { text, read: msisdn } });
  const network = words.networkOf(msisdn);
  const payer = network?.operator && rules.operators.find(({ name }) => name === network.operator);
  if (payer) return { msisdn, operator: payer.name, found };
  return { msisdn, ...elsewhere(msisdn, network, rules, found) };
}

/** Numbers move between the networks of a country, so only the operator knows: it is sent there, with a warning. */
function elsewhere(
  msisdn: Msisdn,
  network: ReturnType<ListWords['networkOf']>,
  { operators }: ListRules,
  found: CellFault[],
): Pick<PhoneRead, 'operator' | 'found'> {
  const near = operators.find(({ country }) => (network ? country === network.country : isOfCountry(msisdn, country)));
  if (!near) {
    found.push({ code: 'phone.no-operator', severity: 'fault', values: { text: msisdn } });
    return { operator: null, found };
  }
  found.push(
    network
      ? { code: 'phone.other-network', severity: 'warning', values: { network: network.name, operator: near.name } }
      : { code: 'phone.unknown-network', severity: 'warning', values: { operator: near.name } },
  );
  return { operator: near.name, found };
}

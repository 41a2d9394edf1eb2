import { type Organisation, rulesOf } from '../../domain/organisations/index.ts';
import type { NewRow } from '../../domain/payout-batches/index.ts';
import {
  type CheckedRow,
  checkGivenRows,
  fieldOfGiven,
  findingWords,
  type GivenRow,
  type KeptFinding,
  type PayoutPurpose,
} from '../../domain/payout-lists/index.ts';
import { invariant, Refusal } from '../../kernel/index.ts';
import type { ApiDomain } from './api-deps.ts';
import type { FieldFault } from './problems.ts';

/** Places that one answer names. */
const MOST_NAMED = 100;

/** Rows that came as JSON, for a batch of this purpose, by the rules of lists: all of them are good, or `batch.rows-refused` names those that are not. */
export function readRows(
  deps: ApiDomain,
  organisation: Organisation,
  purpose: PayoutPurpose,
  given: readonly GivenRow[],
): { rows: NewRow[]; warnings: FieldFault[] } {
  const rules = rulesOf(organisation, deps.payers, purpose);
  const checked = checkGivenRows({ rules, listWords: deps.listWords }, given);
  const errors = foundIn(deps, checked, 'fault');
  if (errors.length > 0) throw new Refusal('batch.rows-refused', { errors });
  return { rows: checked.map(rowOf), warnings: foundIn(deps, checked, 'warning') };
}

function foundIn(deps: ApiDomain, checked: readonly CheckedRow[], wanted: KeptFinding['severity']): FieldFault[] {
  const found: FieldFault[] = [];
  for (const [at, { findings }] of checked.entries()) {
    for (const finding of findings) {
      if (finding.severity !== wanted) continue;
      const field = fieldOfGiven(finding.column);
      const detail = findingWords({ texts: deps.texts, words: deps.listWords }, 'en', finding);
      found.push({ detail, pointer: `#/rows/${at}${field === undefined ? '' : `/${field}`}` });
      if (found.length === MOST_NAMED) return found;
    }
  }
  return found;
}

function rowOf({ msisdn, amountMinor, name, reference, standing }: CheckedRow): NewRow {
  invariant(msisdn !== null && amountMinor !== null, 'a row without a fault has a number and an amount');
  // As a row of a list that was read: whoever submits it gives a reason.
  return { msisdn, amountMinor, name, reference, warnings: standing === 'warning' ? 'list' : null };
}

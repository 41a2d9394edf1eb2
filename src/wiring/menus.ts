import { join } from 'node:path';
import { proveMessageTexts } from '../domain/messages/index.ts';
import { loadTexts, type Texts, TextsError, type TextsOptions } from '../platform/texts/index.ts';

/** Where menus, their texts and the list of billers are, from the working directory. */
export const MENUS_DIRECTORY = 'menus';
export const RECONCILIATION_FILE = `${MENUS_DIRECTORY}/reconciliation.yaml`;
export const KEYWORDS_FILE = `${MENUS_DIRECTORY}/keywords.yaml`;
export const APPROVALS_FILE = `${MENUS_DIRECTORY}/approvals.yaml`;
export const PAYOUTS_FILE = `${MENUS_DIRECTORY}/payouts.yaml`;
export const PAYOUT_LISTS_FILE = `${MENUS_DIRECTORY}/payout-lists.yaml`;
export const BILLERS_FILE = `${MENUS_DIRECTORY}/billers.yaml`;

/**
 * The texts of a directory of menus: all of them, those of SMS proven to be there and to want nothing that they are not
 * given. Throws `TextsError`.
 */
export function loadAllTexts(options: TextsOptions, directory = MENUS_DIRECTORY): Texts {
  const path = join(directory, 'texts');
  const texts = loadTexts(path, options);
  const problems = proveMessageTexts(texts);
  if (problems.length > 0) throw new TextsError(problems.map((problem) => `${path}: ${problem}`));
  return texts;
}

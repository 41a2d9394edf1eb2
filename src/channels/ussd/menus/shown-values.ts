import { countSeptets, foldToGsm7, isGsm7, type Money, money } from '../../../kernel/index.ts';
import type { Texts, TextValue } from '../../../platform/texts/index.ts';
import type { ScalarVariable, Variable } from './menu-schema.ts';
import { isStoredMoney, type StoredItem, type StoredValue, type Variables } from './stored-values.ts';

/** What showing a stored value needs of its menu. */
export interface ValueContext {
  readonly variables: Readonly<Record<string, Variable>>;
  readonly texts: Texts;
  /** Values that do not depend on the session. */
  readonly constants: Readonly<Record<string, string>>;
  /** Languages whose texts are all GSM-7: there a value must not turn the screen into UCS-2, which halves it. */
  readonly gsmLanguages: ReadonlySet<string>;
}

/** A phrase may name another phrase (a state names its reason), and no deeper. */
const DEEPEST_PHRASE = 2;

/** The values that a text's placeholders take from the session's variables; what is not set is empty. */
export function valuesOfText(
  context: ValueContext,
  language: string,
  textId: string,
  variables: Variables,
  depth = 0,
): Record<string, TextValue> {
  const values: Record<string, TextValue> = {};
  for (const name of context.texts.placeholders(textId)) {
    const declared = context.variables[name];
    if (!declared || declared.kind === 'list') continue;
    if (declared.kind === 'constant') {
      values[name] = context.constants[name] ?? '';
      continue;
    }
    values[name] = shownValue(context, language, declared, variables[name], variables, depth);
  }
  return values;
}

/** The values that the text of one list item takes from its fields. */
export function valuesOfItem(
  context: ValueContext,
  language: string,
  fields: Readonly<Record<string, ScalarVariable>>,
  textId: string,
  item: StoredItem,
): Record<string, TextValue> {
  const values: Record<string, TextValue> = {};
  for (const name of context.texts.placeholders(textId)) {
    const declared = fields[name];
    if (declared) values[name] = shownValue(context, language, declared, item[name], item, 1);
  }
  return values;
}

function shownValue(
  context: ValueContext,
  language: string,
  declared: ScalarVariable,
  stored: StoredValue | undefined,
  all: Variables,
  depth: number,
): TextValue {
  switch (declared.kind) {
    case 'money':
      return isStoredMoney(stored) ? toMoney(stored) : '';
    case 'date':
      return new Date(typeof stored === 'number' ? stored : 0);
    case 'count':
      return typeof stored === 'number' ? stored : 0;
    case 'phrase': {
      if (typeof stored !== 'string' || depth >= DEEPEST_PHRASE || !context.texts.has(stored)) return '';
      return context.texts.format(language, stored, valuesOfText(context, language, stored, all, depth + 1));
    }
    case 'text':
      return shownText(String(stored ?? ''), declared.widest, context.gsmLanguages.has(language));
    case 'option':
    case 'constant':
    case 'hidden':
      return String(stored ?? '');
  }
}

function toMoney({ amountMinor, currency }: { amountMinor: string; currency: string }): Money {
  return money(BigInt(amountMinor), currency);
}

/** Folds a name or account to what the screen was proven with: no wider than the widest, GSM-7 where the language is. */
export function shownText(text: string, widest: string, gsmOnly: boolean): string {
  const folded = foldToGsm7(text);
  const shown =
    gsmOnly && !isGsm7(folded) ? [...folded].map((letter) => (isGsm7(letter) ? letter : '?')).join('') : folded;
  const room = widthOf(widest);
  if (widthOf(shown) <= room) return shown;
  let [cut, width] = ['', 0];
  for (const letter of shown) {
    width += widthOf(letter);
    if (width > room) break;
    cut += letter;
  }
  return cut;
}

const widthOf = (text: string): number => countSeptets(text) ?? text.length;

import { countSeptets, foldToGsm7, parseMoney } from '../../../kernel/index.ts';
import type { TextValue } from '../../../platform/texts/index.ts';
import type { DetailKind } from './action-spec.ts';
import type { CompiledMenu } from './compiled-menu.ts';
import type { ServiceLists } from './compiled-screen.ts';
import type { ScalarVariable } from './menu-schema.ts';
import { expandPattern } from './menu-texts.ts';
import { type StoredItem, type StoredScalar, storeMoney, type Variables } from './stored-values.ts';

/** More combinations of options than this on one screen would make the proof slow: say fewer things on it. */
const MOST_COMBINATIONS = 64;

/** By menu, and within by language and the options that vary: a proof asks for the same ones hundreds of times. */
const known = new WeakMap<CompiledMenu, Map<string, Variables[]>>();

/**
 * Every variable at its widest in a language: one set for each combination of the options that the given texts select by, the
 * same on every network. Throws when there are too many combinations.
 */
export function widestVariables(
  menu: CompiledMenu,
  textIds: readonly string[],
  language: string,
): readonly Variables[] {
  const options = [...findOptions(menu, textIds)].sort();
  const ofMenu = known.get(menu) ?? new Map<string, Variables[]>();
  known.set(menu, ofMenu);
  const key = [language, ...options].join(' ');
  const sets = ofMenu.get(key) ?? combineWidest(menu, options, language);
  ofMenu.set(key, sets);
  return sets;
}

function combineWidest(menu: CompiledMenu, options: readonly string[], language: string): Variables[] {
  const declared = Object.entries(menu.source.variables);
  const base: Record<string, Variables[string]> = {};
  for (const [name, variable] of declared) {
    if (variable.kind === 'list' || variable.kind === 'phrase' || variable.kind === 'option') continue;
    base[name] = widestScalar(menu, variable, language);
  }
  let sets: Record<string, Variables[string]>[] = [base];
  for (const name of options) {
    const variable = menu.source.variables[name];
    if (variable?.kind !== 'option') continue;
    sets = sets.flatMap((set) => variable.of.map((word) => ({ ...set, [name]: word })));
    if (sets.length > MOST_COMBINATIONS) throw new Error(`more than ${MOST_COMBINATIONS} combinations of options`);
  }
  for (const set of sets) {
    // A phrase may show another one: those without phrases of their own are settled first.
    for (let round = 0; round < 2; round += 1) {
      for (const [name, variable] of declared) {
        if (variable.kind === 'phrase') set[name] = widestPhrase(menu, variable.of, language, set);
      }
    }
    for (const [name, variable] of declared) {
      if (variable.kind !== 'list') continue;
      const item = Object.fromEntries(
        Object.entries(variable.fields).map(([field, scalar]) => [
          field,
          scalar.kind === 'phrase'
            ? widestPhrase(menu, scalar.of, language, set)
            : widestScalar(menu, scalar, language),
        ]),
      ) as StoredItem;
      set[name] = Array.from({ length: variable.most }, () => item);
    }
  }
  return sets;
}

/** The lists that the service gives, as long and as wide as the menu declares them. */
export function widestLists(menu: CompiledMenu): ServiceLists {
  const [language = ''] = menu.texts.languages;
  return Object.fromEntries(
    Object.entries(menu.source.variables).flatMap(([name, variable]) => {
      if (variable.kind !== 'list' || variable.from !== 'service') return [];
      const fields = Object.entries(variable.fields);
      const item = Object.fromEntries(fields.map(([field, scalar]) => [field, widestScalar(menu, scalar, language)]));
      return [[name, Array.from({ length: variable.most }, () => item)]];
    }),
  );
}

/** A refusal's details at their widest. */
export function widestDetails(
  menu: CompiledMenu,
  details: Readonly<Record<string, DetailKind>>,
  language: string,
): Record<string, TextValue> {
  return Object.fromEntries(
    Object.entries(details).map(([name, kind]): [string, TextValue] => {
      if (kind === 'count') return [name, menu.source.widest.count];
      if (kind === 'money') return [name, widestMoney(menu.source.widest.money)];
      if (kind === 'date') return [name, new Date(widestDate(language))];
      return [name, kind.widest];
    }),
  );
}

/** Options that the texts select by, those inside phrases included. */
function findOptions(menu: CompiledMenu, textIds: readonly string[]): Set<string> {
  const options = new Set<string>();
  const seen = new Set(textIds.filter((id) => menu.texts.has(id)));
  for (const id of seen) {
    for (const name of menu.texts.placeholders(id)) {
      const variable = menu.source.variables[name];
      if (variable?.kind === 'option') options.add(name);
      if (variable?.kind !== 'phrase') continue;
      for (const textId of variable.of.flatMap((pattern) => expandPattern(pattern, menu.texts.ids()))) {
        if (menu.texts.has(textId)) seen.add(textId);
      }
    }
  }
  return options;
}

function widestScalar(menu: CompiledMenu, variable: ScalarVariable, language: string): StoredScalar {
  switch (variable.kind) {
    case 'text':
    case 'constant':
      return variable.widest;
    case 'money':
      return storeMoney(widestMoney(variable.widest ?? menu.source.widest.money));
    case 'count':
      return variable.widest ?? menu.source.widest.count;
    case 'date':
      return widestDate(language);
    case 'option':
    case 'phrase':
      return variable.of[0] ?? '';
    case 'hidden':
      return '';
  }
}

function widestPhrase(menu: CompiledMenu, patterns: readonly string[], language: string, set: Variables): string {
  let [widest, most] = ['', -1];
  for (const id of patterns.flatMap((pattern) => expandPattern(pattern, menu.texts.ids()))) {
    if (!menu.texts.has(id)) continue;
    const text = menu.line(id, language, set);
    // One letter outside GSM-7 costs more than any length inside it.
    const weight = countSeptets(text) ?? text.length + 1000;
    if (weight > most) [widest, most] = [id, weight];
  }
  return widest;
}

function widestMoney(text: string) {
  const [amount = '', currency = ''] = text.split(' ');
  const parsed = parseMoney(amount, currency);
  if (!parsed) throw new Error(`the widest amount ${text} is not an amount`);
  return parsed;
}

const dates = new Map<string, number>();

/** Late on a day of two digits in the month whose short name is the longest. */
function widestDate(language: string): number {
  const known = dates.get(language);
  if (known !== undefined) return known;
  const month = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' });
  let [widest, most] = [0, -1];
  for (let index = 0; index < 12; index += 1) {
    const at = Date.UTC(2026, index, 22, 12, 44);
    const length = foldToGsm7(month.format(at)).length;
    if (length > most) [widest, most] = [at, length];
  }
  dates.set(language, widest);
  return widest;
}

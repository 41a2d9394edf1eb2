import { distance } from 'fastest-levenshtein';

/** Under it two names are told as those of different people, and whoever submits says why it is right. */
export const LOWEST_MATCH = 50;

/** A mistyped letter or two keeps a word itself; fewer letters in common than this, and it is another. */
const LEAST_ALIKE = 0.7;
const INITIAL = 0.8;
/** One word of a name is borne by many. */
const MOST_BY_ONE_WORD = 0.8;

/**
 * How well a name that was given fits the one that an operator holds, from 0 (nothing in common) to 100. Words fit in any order, with
 * or without accents; an initial, or a word that the operator has masked after its first letters, fits less than the whole word does.
 * Undefined when one of them has no letters.
 */
export function scoreNames(given: string, held: string): number | undefined {
  const [some, others] = [wordsOf(given), wordsOf(held)].sort((one, other) => one.length - other.length);
  if (!some?.length || !others?.length) return undefined;
  const free = [...others];
  let sum = 0;
  // The longest first, so that an initial takes no word from its own whole form.
  for (const word of some.sort((one, other) => other.length - one.length)) {
    const likeness = free.map((other) => likenessOf(word, other));
    const best = Math.max(...likeness);
    if (best === 0) continue;
    sum += best;
    free.splice(likeness.indexOf(best), 1);
  }
  const most = some.length === 1 && others.length > 1 ? MOST_BY_ONE_WORD : 1;
  return Math.round((sum / some.length) * most * 100);
}

/** Titles say nothing of who it is. */
const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'bw', 'bi', 'mme', 'mlle']);

function wordsOf(name: string): string[] {
  const words = name
    .normalize('NFD')
    .replace(/\p{M}|['’‘`]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}*]+/u)
    .filter((word) => /\p{L}/u.test(word));
  const [first, ...rest] = words;
  return first !== undefined && rest.length > 0 && TITLES.has(first) ? rest : words;
}

function likenessOf(one: string, other: string): number {
  if (one === other) return 1;
  const [shownOne, shownOther] = [one.replace(/\*.*/, ''), other.replace(/\*.*/, '')];
  const isPart = shownOne !== one || shownOther !== other || shownOne.length === 1 || shownOther.length === 1;
  if (isPart) {
    const length = Math.min(shownOne.length, shownOther.length);
    return length > 0 && shownOne.slice(0, length) === shownOther.slice(0, length) ? INITIAL : 0;
  }
  const likeness = 1 - distance(one, other) / Math.max(one.length, other.length);
  return likeness >= LEAST_ALIKE ? likeness : 0;
}

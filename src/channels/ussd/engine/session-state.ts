import type { Variables } from '../menus/index.ts';

/** What is kept of a session between two hops. Every field is always there, so that copies of it are cheap. */
export interface SessionState {
  /** Version of the menu that the session is on. */
  menu: string;
  lang: string;
  /** The screen that is shown. */
  at: string;
  /** Page of it, from 0. */
  page: number | undefined;
  /** Inputs in a row that this screen did not take. */
  tries: number | undefined;
  /** The line on top of the screen, as shown. */
  error: string | undefined;
  /** Screens to go back to, the last one on top. */
  back: readonly string[];
  vars: Variables;
  hops: number;
  /** Length of all inputs so far as the gateway joins them; what they were is known by the hash alone. */
  length: number;
  hash: string;
  /** The only input so far was an empty first reply, which some gateways send on as `*` and some as nothing. */
  bareStar: boolean | undefined;
  ended: boolean | undefined;
  /** Text id of the END that the engine decided on; the menu's own END is a screen. */
  final: string | undefined;
  /** A payment that the next dial shows first. */
  payment: string | undefined;
  /** While the customer is asked whether to go on: the session that dropped, and its screen. */
  dropped: { session: string; at: string } | undefined;
}

/** What most hops do not have: JSON of it follows the first line. */
type Rest = Pick<SessionState, 'error' | 'final' | 'payment' | 'dropped'> & { vars: Variables | undefined };

/**
 * One line of words (none holds a space), then JSON of what is left, if anything is: half the cost of JSON for the whole,
 * on every hop twice.
 */
export function encodeState(state: SessionState): string {
  const { menu, lang, at, page, tries, hops, length, hash, bareStar, ended, back } = state;
  const flags = (ended ? 'e' : '') + (bareStar ? 's' : '');
  const line = `${menu} ${lang} ${at} ${page ?? 0} ${tries ?? 0} ${hops} ${length} ${hash} ${flags} ${back.join('>')}`;
  const { error, final, payment, dropped } = state;
  const vars = hasAny(state.vars) ? state.vars : undefined;
  if (!vars && error === undefined && final === undefined && payment === undefined && !dropped) return line;
  const rest: Rest = { error, final, payment, dropped, vars };
  return `${line}\n${JSON.stringify(rest)}`;
}

/** Undefined for what this code did not write: the session then starts again. */
export function decodeState(text: string): SessionState | undefined {
  const cut = text.indexOf('\n');
  const words = (cut === -1 ? text : text.slice(0, cut)).split(' ');
  const [menu, lang, at, page, tries, hops, length, hash, flags, back] = words;
  if (!menu || !lang || !at || !hash || flags === undefined || back === undefined || words.length !== 10)
    return undefined;
  const rest = cut === -1 ? NOTHING : parseRest(text.slice(cut + 1));
  if (!rest) return undefined;
  return {
    menu,
    lang,
    at,
    page: Number(page) || undefined,
    tries: Number(tries) || undefined,
    error: rest.error,
    back: back === '' ? [] : back.split('>'),
    vars: rest.vars ?? {},
    hops: Number(hops) || 0,
    length: Number(length) || 0,
    hash,
    bareStar: flags.includes('s') || undefined,
    ended: flags.includes('e') || undefined,
    final: rest.final,
    payment: rest.payment,
    dropped: rest.dropped,
  };
}

const NOTHING: Partial<Rest> = {};

function parseRest(text: string): Partial<Rest> | undefined {
  try {
    const rest: unknown = JSON.parse(text);
    return typeof rest === 'object' && rest !== null ? rest : undefined;
  } catch {
    return undefined;
  }
}

function hasAny(variables: Variables): boolean {
  for (const _ in variables) return true;
  return false;
}

/** A session before its first turn was stored. */
export function freshState(menu: string, lang: string, at: string): SessionState {
  return {
    menu,
    lang,
    at,
    page: undefined,
    tries: undefined,
    error: undefined,
    back: [],
    vars: {},
    hops: 0,
    length: 0,
    hash: '',
    bareStar: undefined,
    ended: undefined,
    final: undefined,
    payment: undefined,
    dropped: undefined,
  };
}

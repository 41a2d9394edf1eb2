import type { Variables } from '../menus/index.ts';

/** What is kept of a session between two hops. JSON of it is the `state` of the session store; small, since every hop carries it twice. */
export interface SessionState {
  /** Version of the menu that the session is on. */
  menu: string;
  lang: string;
  /** The screen that is shown. */
  at: string;
  /** Page of it, from 0. */
  page?: number;
  /** Inputs in a row that this screen did not take. */
  tries?: number;
  /** The line on top of the screen, as shown. */
  error?: string;
  /** Screens to go back to, the last one on top. */
  back: readonly string[];
  vars: Variables;
  hops: number;
  /** Length of all inputs so far as the gateway joins them; what they were is known by the hash alone. */
  length: number;
  hash: string;
  /** The only input so far was an empty first reply, which some gateways send on as `*` and some as nothing. */
  bareStar?: true;
  ended?: true;
  /** Text id of the END that the engine decided on; the menu's own END is a screen. */
  final?: string;
  /** A payment that the next dial shows first. */
  payment?: string;
  /** While the customer is asked whether to go on: the session that dropped, and its screen. */
  dropped?: { session: string; at: string };
}

export const encodeState = (state: SessionState): string => JSON.stringify(state);

/** Undefined for what this code did not write: the session then starts again. */
export function decodeState(text: string): SessionState | undefined {
  try {
    const state = JSON.parse(text) as SessionState;
    return typeof state.at === 'string' && typeof state.menu === 'string' && Array.isArray(state.back)
      ? state
      : undefined;
  } catch {
    return undefined;
  }
}

export interface Fresh {
  menu: string;
  lang: string;
  at: string;
  vars?: Variables;
}

/** A session before its first turn was stored. */
export function freshState({ menu, lang, at, vars }: Fresh): SessionState {
  return { menu, lang, at, back: [], vars: vars ?? {}, hops: 0, length: 0, hash: '' };
}

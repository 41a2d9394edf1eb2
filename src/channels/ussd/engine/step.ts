import { invariant } from '../../../kernel/index.ts';
import type { NetworkName } from '../../../providers/ussd/index.ts';
import {
  type CompiledMenu,
  ENGINE_TEXTS,
  INPUT_CHECKS,
  type Target,
  targetError,
  targetNode,
  type Variables,
} from '../menus/index.ts';
import type { SessionState } from './session-state.ts';

/** What follows from an input: a screen, or a node that must be run before there is one. */
export type Step =
  | { kind: 'screen'; state: SessionState }
  /** `secret`: what was typed on a secret screen; it is in no state. */
  | { kind: 'run'; state: SessionState; node: string; secret: string };

/** Screens that 0 can lead back to; more would let a session grow without bound. */
const MOST_BACK = 16;

/** Wrong choices in a row before the session ends; an input screen says its own. */
const ATTEMPTS = 3;

const HOME = '00';
const BACK = '0';
const MORE = '98';

/** One step of the menu. Pure: the state goes in and the next one comes out. */
export function step(menu: CompiledMenu, state: SessionState, typed: string, network: NetworkName): Step {
  const node = menu.screen(state.at);
  const input = typed.trim();
  if (input === HOME) return { kind: 'screen', state: goHome(menu, state) };
  if (input === BACK) return { kind: 'screen', state: goBack(menu, state) };
  switch (node.kind) {
    case 'choices':
    case 'confirm':
      return choose(menu, state, input, network);
    case 'input':
      return take(menu, state, input);
    case 'end':
      return { kind: 'screen', state };
  }
}

function choose(menu: CompiledMenu, state: SessionState, input: string, network: NetworkName): Step {
  if (input === MORE && hasNextPage(menu, state, network)) {
    return { kind: 'screen', state: { ...state, page: (state.page ?? 0) + 1 } };
  }
  const picked = menu.pick(state.at, input, state.vars);
  if (!picked) return { kind: 'screen', state: refuseInput(menu, state, ENGINE_TEXTS.badChoice) };
  if (picked.kind === 'choice') {
    const { set, to } = picked.choice;
    return follow(menu, set ? setVariables(state, set) : state, to);
  }
  const node = menu.screen(state.at);
  invariant(node.kind === 'choices' && node.list, 'an item was picked from a list');
  const kept: Record<string, Variables[string]> = {};
  for (const [name, field] of Object.entries(node.list.keep)) kept[name] = picked.item[field] ?? '';
  return follow(menu, setVariables(state, kept), node.list.to);
}

function hasNextPage(menu: CompiledMenu, state: SessionState, network: NetworkName): boolean {
  const pages = menu.pages(state.at, viewOf(state, network));
  return (state.page ?? 0) + 1 < pages.length;
}

/** What showing the state's screen depends on. */
export function viewOf(state: SessionState, network: NetworkName) {
  return { language: state.lang, network, variables: state.vars, error: state.error };
}

function take(menu: CompiledMenu, state: SessionState, input: string): Step {
  const node = menu.screen(state.at);
  invariant(node.kind === 'input', 'an input screen takes an input');
  const check = INPUT_CHECKS[node.check];
  invariant(check, `unknown check ${node.check}`);
  const value = check.read(input, menu.currency);
  if (value === undefined) return { kind: 'screen', state: refuseInput(menu, state, check.error) };
  if (node.secret) return follow(menu, state, node.to, String(value));
  return follow(menu, node.as === undefined ? state : setVariables(state, { [node.as]: value }), node.to);
}

/** Goes where a target says: to a screen at once, to anything else by way of the turn. */
export function follow(menu: CompiledMenu, state: SessionState, target: Target, secret = ''): Step {
  const id = targetNode(target);
  const node = menu.node(id);
  invariant(node, `no node ${id}`);
  if (node.kind === 'action' || node.kind === 'resume') return { kind: 'run', state, node: id, secret };
  const errorText = targetError(target);
  const error = errorText === undefined ? undefined : menu.line(errorText, state.lang, state.vars);
  return { kind: 'screen', state: land(menu, state, id, error) };
}

/** Arrives at a screen. One that was seen before is gone back to, so that the way back does not run in circles. */
export function land(menu: CompiledMenu, state: SessionState, id: string, error?: string): SessionState {
  if (id === state.at && error !== undefined) return countTry(menu, state, error);
  if (id === menu.source.start) return error === undefined ? goHome(menu, state) : { ...goHome(menu, state), error };
  const node = menu.screen(id);
  const seen = state.back.indexOf(id);
  const back = seen >= 0 ? state.back.slice(0, seen) : withScreen(menu, state, id);
  const next = arrive(state, id, back);
  next.error = error;
  if (node.kind === 'end') next.ended = true;
  return next;
}

function withScreen(menu: CompiledMenu, { at, back }: SessionState, next: string): readonly string[] {
  const { entries } = menu.source;
  const node = menu.screen(at);
  if (at === entries.resume || at === entries.underWay || (node.kind === 'input' && node.secret)) return back;
  if (at === next) return back;
  return [...back.slice(1 - MOST_BACK), at];
}

/** The same screen again with what was wrong on top; once too often, the end. */
export function countTry(menu: CompiledMenu, state: SessionState, error: string): SessionState {
  const node = menu.screen(state.at);
  const most = node.kind === 'input' ? node.attempts : ATTEMPTS;
  const tries = (state.tries ?? 0) + 1;
  const again = { ...state, page: undefined, tries, error };
  return tries < most ? again : finish(again, ENGINE_TEXTS.tooManyTries);
}

function refuseInput(menu: CompiledMenu, state: SessionState, textId: string): SessionState {
  return countTry(menu, state, menu.line(textId, state.lang, state.vars));
}

/** Ends the session with a text of the engine. The screen stays known, so that a session that failed can be taken up. */
export function finish(state: SessionState, textId: string): SessionState {
  return { ...state, ended: true, final: textId };
}

export function goHome(menu: CompiledMenu, state: SessionState): SessionState {
  const home = arrive(state, menu.source.start, []);
  home.vars = keptVariables(menu, state.vars);
  return home;
}

function goBack(menu: CompiledMenu, state: SessionState): SessionState {
  const page = state.page ?? 0;
  if (page > 0) return { ...state, page: page > 1 ? page - 1 : undefined };
  const before = state.back.at(-1);
  if (before === undefined || before === menu.source.start) return goHome(menu, state);
  return arrive(state, before, state.back.slice(0, -1));
}

export function setVariables(state: SessionState, values: Variables): SessionState {
  return { ...state, vars: { ...state.vars, ...values } };
}

/** At another screen, without what belonged to the one that is left. */
function arrive(state: SessionState, at: string, back: readonly string[]): SessionState {
  // Written out, since a copy by spread costs a microsecond and every hop makes one.
  return {
    menu: state.menu,
    lang: state.lang,
    at,
    page: undefined,
    tries: undefined,
    error: undefined,
    back,
    vars: state.vars,
    hops: state.hops,
    length: state.length,
    hash: state.hash,
    bareStar: state.bareStar,
    ended: state.ended,
    final: state.final,
    payment: state.payment,
    dropped: undefined,
  };
}

/** Going home forgets the bill at hand, but not that the PIN was right. */
function keptVariables(menu: CompiledMenu, variables: Variables): Variables {
  const kept: Record<string, Variables[string]> = {};
  for (const name of menu.unlocking) {
    const value = variables[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

import type { UssdHop, UssdReply } from '../../../providers/ussd/index.ts';
import { ENGINE_TEXTS } from '../menus/index.ts';
import { dialRecord, parseDial } from './dial-record.ts';
import { openSession } from './open-session.ts';
import { dialledInputs, latestTurnKeyOf, newInput, turnKeyOf, withPrefix } from './prefix.ts';
import { advance, type Turn } from './run-node.ts';
import { decodeState, encodeState, freshState, type SessionState } from './session-state.ts';
import { decodeAnswer, encodeAnswer, show } from './show.ts';
import { finish } from './step.ts';
import { reach, type TurnDeps, type TurnWatch } from './turn-deps.ts';

/** A session that is longer than this is not a person paying a bill. */
const MOST_HOPS = 60;

/** Inputs of one dial string that are read; the longest way to a confirmation takes five. */
const MOST_DIALLED = 30;

/** A dial string that has run so many actions is read no further. */
const MOST_DIALLED_ACTIONS = 4;

export const sessionKeyOf = ({ gateway, sessionId }: { gateway: string; sessionId: string }): string =>
  `${gateway}:${sessionId}`;

type Begun = Omit<Turn, 'menu' | 'state'> & { version: number };

/**
 * One try of the turn: read, step, act, store in one compare-and-set. Undefined when another request of the session was
 * stored first. Throws `StoreFault` when the store is out of reach.
 */
export async function tryTurn(deps: TurnDeps, hop: UssdHop, watch: TurnWatch): Promise<UssdReply | undefined> {
  const { store, seal } = deps;
  const { msisdn, input } = hop;
  const sessionKey = sessionKeyOf(hop);
  const isCumulative = input.kind === 'cumulative';
  const knownKey = isCumulative ? turnKeyOf(seal, sessionKey, input.text) : '';
  const opens = isCumulative ? input.text === '' : input.first;
  const first = opens ? await reach(store.readFirst(msisdn, sessionKey, knownKey)) : undefined;
  const { session, answered } = first ?? (await reach(store.read(msisdn, sessionKey, knownKey)));
  if (answered !== undefined) {
    watch.kind = 'repeat';
    return decodeAnswer(answered);
  }
  const version = session?.version ?? 0;
  const turnKey = isCumulative ? knownKey : latestTurnKeyOf(seal, sessionKey, version, input.text);
  const begun: Begun = { deps, hop, sessionKey, turnKey, watch, actions: 0, version };
  const before = session && decodeState(session.state);
  if (before) return goOn(begun, before);
  const { dial } = first ?? (await reach(store.readFirst(msisdn, sessionKey, knownKey)));
  return begin(begun, dial);
}

/** A session that is not known: a new one, or one that was lost, whose inputs are then fed again as if dialled. */
async function begin(begun: Begun, dial: string | undefined): Promise<UssdReply | undefined> {
  const { deps, hop, sessionKey, watch } = begun;
  const { input } = hop;
  const menu = deps.menus.current();
  const dialled =
    input.kind === 'cumulative' || input.first
      ? dialledInputs({ text: input.text, dialled: input.kind === 'cumulative' ? input.dialled : '' })
      : [];
  const isDeep = dialled.length > 0;
  watch.kind = isDeep ? 'deep' : 'first';
  const state = await openSession(deps, menu, hop, sessionKey, parseDial(dial), isDeep);
  watch.language = state.lang;
  const turn: Turn = { ...begun, menu, state };
  await feedDialled(turn, dialled);
  return keep(turn, begun.version);
}

/**
 * Feeds the inputs of a dial string through the same checks as typed ones. Stops at the first that does not fit, at a
 * confirmation, and before a secret screen: what is left is dropped.
 */
async function feedDialled(turn: Turn, inputs: readonly string[]): Promise<void> {
  for (const typed of inputs.slice(0, MOST_DIALLED)) {
    const node = turn.menu.screen(turn.state.at);
    if (node.kind === 'confirm' || (node.kind === 'input' && node.secret)) return;
    if (turn.actions >= MOST_DIALLED_ACTIONS) return;
    await advance(turn, typed);
    if (turn.state.ended || turn.state.error !== undefined) return;
  }
}

async function goOn(begun: Begun, before: SessionState): Promise<UssdReply | undefined> {
  const { deps, hop, sessionKey, watch } = begun;
  const { input, network } = hop;
  watch.language = before.lang;
  const menu = deps.menus.held(before.menu) ?? (await reach(deps.menus.fetch(before.menu)));
  if (!menu) return restart(begun, before);
  const typed = typedInput(begun, before);
  // Too old, not of this session, or after its end: nothing changes.
  if (typed === undefined || before.ended) {
    watch.kind = 'stale';
    watch.screen = before.at;
    return show(menu, before, network);
  }
  const turn: Turn = { ...begun, menu, state: before };
  if (before.hops >= MOST_HOPS) turn.state = finish(before, ENGINE_TEXTS.tooLong);
  else await advance(turn, typed);
  if (turn.actions > 0) watch.kind = 'action';
  return keep(turn, begun.version);

  function typedInput({ deps: { seal } }: Begun, state: SessionState): string | undefined {
    if (input.kind === 'cumulative') return newInput(seal, sessionKey, state, input.text);
    return input.first ? undefined : input.text;
  }
}

/** The session's version of the menu is nowhere to be found: it starts again on the current one. */
function restart(begun: Begun, before: SessionState): Promise<UssdReply | undefined> {
  const menu = begun.deps.menus.current();
  const { lang, hops, payment } = before;
  const error = menu.line(ENGINE_TEXTS.menuChanged, lang, {});
  const fresh = freshState({ menu: menu.hash, lang, at: menu.source.start });
  const state = { ...fresh, hops, error, ...(payment === undefined ? {} : { payment }) };
  return keep({ ...begun, menu, state }, begun.version);
}

/** Stores the turn with its answer; if another request was first, gives the answer that this turn had, if it had one. */
async function keep(turn: Turn, version: number): Promise<UssdReply | undefined> {
  const { deps, hop, menu, watch, turnKey, sessionKey } = turn;
  const { input, msisdn } = hop;
  const counted = { ...turn.state, hops: turn.state.hops + 1 };
  let state = input.kind === 'cumulative' ? withPrefix(counted, input.text, turnKey) : counted;
  let reply = show(menu, state, hop.network);
  watch.screen = state.at;
  if (watch.late) {
    // The customer has had this answer already, and his session is over.
    reply = watch.late;
    if (!state.ended) state = finish(state, ENGINE_TEXTS.late);
  }
  const answer = encodeAnswer(reply);
  const dial = dialRecord(menu, state, sessionKey);
  const write = { expectedVersion: version, turnKey, state: encodeState(state), answer, dial };
  const stored = await reach(deps.store.storeTurn(msisdn, sessionKey, write));
  if (stored.stored) return reply;
  if (stored.answered !== undefined) return decodeAnswer(stored.answered);
  // A payment that was made is told, whatever the other request did.
  return watch.made;
}

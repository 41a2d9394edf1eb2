import type { UssdReply } from '../../../providers/ussd/index.ts';
import { ENGINE_TEXTS } from '../menus/index.ts';
import { dialRecord, parseDial } from './dial-record.ts';
import { holdsSecret, keptText, readKept } from './kept-text.ts';
import { openSession } from './open-session.ts';
import { dialledInputs, latestTurnKeyOf, newInput, notePrefix, turnKeyOf } from './prefix.ts';
import { runFrom } from './run-node.ts';
import { decodeState, encodeState, freshState, type SessionState } from './session-state.ts';
import { decodeAnswer, encodeAnswer, show } from './show.ts';
import { finish, step } from './step.ts';
import { ask, type Place, type Turn } from './turn.ts';

/** A session that is longer than this is not a person paying a bill. */
const MOST_HOPS = 60;

/** Inputs of one dial string that are read; the longest way to a confirmation takes five. */
const MOST_DIALLED = 30;

/** A dial string that has run so many actions is read no further. */
const MOST_DIALLED_ACTIONS = 4;

/**
 * One try of the turn: read, step, act, store in one compare-and-set. Undefined when another request of the session was
 * stored first. Throws what the store throws, with `turn.atStore` set.
 */
export async function tryTurn(turn: Turn): Promise<UssdReply | undefined> {
  const { deps, hop, sessionKey } = turn;
  const { store, seal } = deps;
  const { msisdn, input } = hop;
  const isCumulative = input.kind === 'cumulative';
  const knownKey = isCumulative ? turnKeyOf(seal, sessionKey, input.text) : '';
  const opens = isCumulative ? input.text === '' : input.first;
  turn.atStore = true;
  const first = opens ? await store.readFirst(msisdn, sessionKey, knownKey) : undefined;
  const { session, answered } = first ?? (await store.read(msisdn, sessionKey, knownKey));
  turn.atStore = false;
  if (answered !== undefined) {
    turn.kind = 'repeat';
    return decodeAnswer(readKept(deps.sealing, answered));
  }
  const version = session?.version ?? 0;
  turn.turnKey = isCumulative ? knownKey : latestTurnKeyOf(seal, sessionKey, version, input.text);
  const before = session && decodeState(readKept(deps.sealing, session.state));
  if (!before) {
    const { dial } = first ?? (await ask(turn, store.readFirst(msisdn, sessionKey, knownKey)));
    return keep(turn, await begin(turn, dial), version);
  }
  turn.language = before.lang;
  const menu = deps.menus.held(before.menu) ?? (await ask(turn, deps.menus.fetch(before.menu)));
  if (!menu) return keep(turn, restart(turn, before), version);
  const typed = typedInput(turn, before);
  // Too old, not of this session, or after its end: nothing changes.
  if (typed === undefined || before.ended) {
    turn.kind = 'stale';
    turn.screen = before.at;
    return show(menu, before, hop.network);
  }
  if (before.hops >= MOST_HOPS) return keep(turn, { menu, state: finish(before, ENGINE_TEXTS.tooLong) }, version);
  const next = step(menu, before, typed, hop.network);
  if (next.kind === 'screen') return keep(turn, { menu, state: next.state }, version);
  turn.kind = 'action';
  return keep(turn, await runFrom(turn, menu, next), version);
}

function typedInput({ deps, hop, sessionKey }: Turn, state: SessionState): string | undefined {
  const { input } = hop;
  if (input.kind === 'cumulative') return newInput(deps.seal, sessionKey, state, input.text);
  return input.first ? undefined : input.text;
}

/** A session that is not known: a new one, or one that was lost, whose inputs are then fed again as if dialled. */
async function begin(turn: Turn, dial: string | undefined): Promise<Place> {
  const { deps, hop, sessionKey } = turn;
  const { input } = hop;
  const menu = deps.menus.current();
  const isFirst = input.kind === 'cumulative' || input.first;
  const dialled = isFirst ? dialledInputs(input.text, input.kind === 'cumulative' ? input.dialled : '') : [];
  turn.kind = dialled.length > 0 ? 'deep' : 'first';
  const state = await openSession(deps, menu, hop, sessionKey, parseDial(dial), dialled.length > 0);
  turn.language = state.lang;
  return feedDialled(turn, { menu, state }, dialled);
}

/**
 * Feeds the inputs of a dial string through the same checks as typed ones. Stops at the first that does not fit, at a
 * confirmation, and before a secret screen: what is left is dropped.
 */
async function feedDialled(turn: Turn, from: Place, inputs: readonly string[]): Promise<Place> {
  let place = from;
  for (const typed of inputs.slice(0, MOST_DIALLED)) {
    const node = place.menu.screen(place.state.at);
    if (node.kind === 'confirm' || (node.kind === 'input' && node.secret)) break;
    if (turn.actions >= MOST_DIALLED_ACTIONS) break;
    const next = step(place.menu, place.state, typed, turn.hop.network);
    place = next.kind === 'screen' ? { menu: place.menu, state: next.state } : await runFrom(turn, place.menu, next);
    if (place.state.ended || place.state.error !== undefined) break;
  }
  return place;
}

/** The session's version of the menu is nowhere to be found: it starts again on the current one. */
function restart({ deps }: Turn, { lang, hops, payment }: SessionState): Place {
  const menu = deps.menus.current();
  const error = menu.line(ENGINE_TEXTS.menuChanged, lang, {});
  return { menu, state: { ...freshState(menu.hash, lang, menu.source.start), hops, payment, error } };
}

/** Stores the turn with its answer; if another request was first, gives the answer that this turn had, if it had one. */
async function keep(turn: Turn, place: Place, version: number): Promise<UssdReply | undefined> {
  const { deps, hop, turnKey, sessionKey } = turn;
  const { menu } = place;
  const { input, msisdn } = hop;
  // Nobody else has this state: it was read or made by this very turn.
  let { state } = place;
  state.hops += 1;
  state.hash = turnKey;
  if (input.kind === 'cumulative') notePrefix(state, input.text, turnKey);
  let reply = show(menu, state, hop.network);
  turn.screen = state.at;
  if (turn.late) {
    // The customer has had this answer already, and his session is over.
    reply = turn.late;
    if (!state.ended) state = finish(state, ENGINE_TEXTS.late);
  }
  const isSecret = holdsSecret(menu, state);
  turn.atStore = true;
  const stored = await deps.store.storeTurn(msisdn, sessionKey, {
    expectedVersion: version,
    turnKey,
    state: keptText(deps.sealing, isSecret, encodeState(state)),
    answer: keptText(deps.sealing, isSecret, encodeAnswer(reply)),
    dial: dialRecord(menu, state, sessionKey),
  });
  turn.atStore = false;
  if (stored.stored) return reply;
  if (stored.answered !== undefined) return decodeAnswer(readKept(deps.sealing, stored.answered));
  // A payment that was made is told, whatever the other request did.
  return turn.made;
}

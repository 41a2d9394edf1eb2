import type { UssdHop, UssdReply } from '../../../providers/ussd/index.ts';
import type { CompiledMenu } from '../menus/index.ts';
import type { SessionState } from './session-state.ts';
import type { HopEvent, TurnDeps } from './turn-deps.ts';

/** A request while it is answered; what is known of it is what can be said when its time is up or the store fails. */
export interface Turn {
  readonly deps: TurnDeps;
  readonly hop: UssdHop;
  readonly sessionKey: string;
  /** Of this very request; everything that an action writes is keyed by it. */
  turnKey: string;
  language: string;
  kind: HopEvent['kind'];
  screen: string | undefined;
  /** Actions that were run. */
  actions: number;
  /** Redis, or the archive of menus, is being asked: a failure is theirs. */
  atStore: boolean;
  /** A confirmed payment is being made, and it is not known yet whether it was. */
  paying: boolean;
  /** The answer that tells of a payment that was made: from then on nothing else may be said. */
  made: UssdReply | undefined;
  /** The answer that was given because the time was up, or because something failed. */
  late: UssdReply | undefined;
}

/** A session at the point that a turn has reached. */
export interface Place {
  readonly menu: CompiledMenu;
  readonly state: SessionState;
}

export function makeTurn(deps: TurnDeps, hop: UssdHop): Turn {
  return {
    deps,
    hop,
    sessionKey: sessionKeyOf(hop),
    turnKey: '',
    language: deps.defaultLanguage,
    kind: 'plain',
    screen: undefined,
    actions: 0,
    atStore: false,
    paying: false,
    made: undefined,
    late: undefined,
  };
}

export const sessionKeyOf = ({ gateway, sessionId }: { gateway: string; sessionId: string }): string =>
  `${gateway}:${sessionId}`;

/** Waits for the store, so that a failure is known to be its. */
export async function ask<T>(turn: Turn, work: Promise<T>): Promise<T> {
  turn.atStore = true;
  const result = await work;
  turn.atStore = false;
  return result;
}

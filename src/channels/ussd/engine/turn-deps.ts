import type { Clock, Msisdn } from '../../../kernel/index.ts';
import type { SessionStore } from '../../../platform/sessions/index.ts';
import type { NetworkName } from '../../../providers/ussd/index.ts';
import type { Action } from '../actions/index.ts';
import type { MenuLibrary } from '../menus/index.ts';
import type { UssdBiller, UssdDomain } from '../ussd-domain.ts';
import type { SessionSealing } from './kept-text.ts';
import type { Sealer } from './prefix.ts';

export interface UssdLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** One hop, for metrics and for who looks at dialogs later. */
export interface HopEvent {
  /**
   * `first` a new session, `deep` one that was dialled with inputs, `plain` a step of the menu, `action` one that asked
   * the domain, `repeat` a turn that was answered before, `stale` a text that does not go on, `failed` no turn was taken.
   */
  kind: 'first' | 'deep' | 'plain' | 'action' | 'repeat' | 'stale' | 'failed';
  /** The screen that was shown; left out for a repeat and a failure. */
  screen: string | undefined;
  sessionKey: string;
  msisdn: Msisdn;
  ended: boolean;
  network: NetworkName;
  durationMs: number;
}

/** The gateway's word that a session is over. */
export interface EndEvent {
  sessionKey: string;
  msisdn: Msisdn;
  status: 'success' | 'incomplete' | 'failed';
}

/** What a turn needs. */
export interface TurnDeps {
  clock: Clock;
  store: SessionStore;
  menus: MenuLibrary;
  domain: UssdDomain;
  actions: Readonly<Record<string, Action>>;
  /** By id. */
  billers: ReadonlyMap<string, UssdBiller>;
  seal: Sealer;
  sealing: SessionSealing;
  defaultLanguage: string;
  /** A whole hop; past it the session ends with a screen that says what is known. */
  hopTimeoutMs: number;
  lookupTimeoutMs: number;
  log: UssdLog;
  observe: ((event: HopEvent) => void) | undefined;
  observeEnd: ((event: EndEvent) => void) | undefined;
}

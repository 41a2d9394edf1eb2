import type { Msisdn } from '../../../kernel/index.ts';
import type { ActionSpec, Variables } from '../menus/index.ts';
import type { UssdBiller, UssdDomain } from '../ussd-domain.ts';

/** What an action may know and use. It keeps nothing itself: what it finds out goes into the session's variables. */
export interface ActionContext {
  domain: UssdDomain;
  /** By id. */
  billers: ReadonlyMap<string, UssdBiller>;
  lookupTimeoutMs: number;
  msisdn: Msisdn;
  language: string;
  sessionKey: string;
  /** Whatever the action writes is keyed by it: the same turn may be run more than once. */
  turnKey: string;
  variables: Variables;
  /** Constants that the menu gives under `with`. */
  params: Readonly<Record<string, string>>;
  /** What was typed on a secret screen, in the very turn it was typed. */
  secret: string;
  /** Keyed hash of the session and the text: for a secret that must be compared with a later one, or as a name. */
  seal(what: 'pin' | 'pay', text: string): string;
}

export interface ActionResult {
  outcome: string;
  set?: Variables;
  /** The customer chose another language. */
  language?: string;
  /** A payment was confirmed: kept with the number's last dial. From here on nothing may say that it was not made. */
  paymentId?: string;
}

export interface Action extends ActionSpec {
  run(context: ActionContext): Promise<ActionResult>;
}

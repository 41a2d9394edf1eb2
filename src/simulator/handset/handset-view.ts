/** What the browser's page is told. Amounts are decimals, times epoch milliseconds. */

export interface PromptView {
  id: string;
  amount: string;
  currency: string;
  /** The paybill that asks. */
  payTo: string;
  account: string;
  expiresInMs: number;
}

export interface MessageView {
  id: string;
  from: string;
  text: string;
  at: number;
}

export type ScreenBudget = {
  encoding: 'GSM-7' | 'UCS-2';
  /** Septets or UCS-2 units that the screen's text takes. */
  used: number;
  limit: number;
};

/** Why a session is over. Only `ended` is the gateway's own wish. */
export type SessionEnd = 'ended' | 'cancelled' | 'idle' | 'too-long' | 'unreachable' | 'late' | 'refused';

export interface SessionView {
  id: string;
  /** `waiting`: the gateway has been asked and has not answered. */
  state: 'waiting' | 'open' | 'closed';
  text: string;
  budget: ScreenBudget;
  /** What did not fit; the network cuts it off. */
  cutOff: number;
  hops: number;
  /** How long the gateway took for the last hop. */
  answerMs: number;
  idleLimitMs: number;
  /** Until the network closes the session for want of a reply; only while it is open. */
  idleLeftMs: number;
  sessionLimitMs: number;
  sessionLeftMs: number;
  inputLimit: number;
  end?: SessionEnd;
  /** In plain words, for beside the phone. */
  why?: string;
}

export type PromptEnd = 'paid' | 'cancelled' | 'wrong-pin' | 'no-funds' | 'expired' | 'failed';

export type HandsetEvent =
  | { type: 'prompt'; prompt: PromptView }
  | { type: 'prompt-closed'; id: string; end: PromptEnd; receipt?: string }
  | { type: 'message'; message: MessageView }
  | { type: 'wallet'; balance: string; currency: string }
  | { type: 'session'; session: SessionView }
  | { type: 'reset' };

/** What is kept of one USSD session; `state` is opaque text of the channel. */
export interface StoredSession {
  /** Counts the turns that were stored, from 1. */
  version: number;
  state: string;
}

/** What one hop reads, in one round trip. */
export interface SessionRead {
  session: StoredSession | undefined;
  /** The answer that this very turn already had, when it is a repeat. */
  answered: string | undefined;
}

export interface TurnWrite {
  /** The version that was read; 0 for a session that did not exist. */
  expectedVersion: number;
  turnKey: string;
  state: string;
  answer: string;
  /** The record of the number's last dial, opaque text; lives `dialTtlMs`. */
  dial: string;
}

export type TurnStored =
  | { stored: true }
  /** Another turn was stored first; `answered` is its answer if it was this same turn. */
  | { stored: false; answered: string | undefined };

/**
 * USSD sessions. Everything of one number lives under the hash tag of the number, so that on a Redis Cluster a hop is one
 * read and one write on one node. Throws when the store is out of reach: the channel then ends with a screen that says so.
 */
export interface SessionStore {
  read(msisdn: string, sessionKey: string, turnKey: string): Promise<SessionRead>;
  /** As `read`, and the number's last dial with it: for a session that begins. Still one round trip. */
  readFirst(msisdn: string, sessionKey: string, turnKey: string): Promise<SessionRead & { dial: string | undefined }>;
  /** Stores session, answer and dial record if the version is still the expected one: one atomic compare-and-set. */
  storeTurn(msisdn: string, sessionKey: string, write: TurnWrite): Promise<TurnStored>;
  /** The last dial's record alone, for the session-end notification and for payments that end. */
  readDial(msisdn: string): Promise<string | undefined>;
  /** Replaces the dial record if it still is `expected`; keeps its remaining time to live. */
  replaceDial(msisdn: string, expected: string, replacement: string): Promise<boolean>;
  /** For /health/ready. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

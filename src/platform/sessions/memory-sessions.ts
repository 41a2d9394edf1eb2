import type { Runtime } from '../../kernel/index.ts';
import type { SessionStore } from './session-store.ts';
import { ANSWERS_KEPT, type SessionTimes } from './session-times.ts';

export interface MemorySessionOptions extends SessionTimes {
  /** Sessions, and dials, that are kept at once; past it the oldest goes. 100,000 when left out. */
  most?: number;
}

interface Session {
  version: number;
  state: string;
  answers: Map<string, string>;
}

/** Sessions of a single process, gone when it stops. Same promises as the Redis one. */
export function memorySessions(runtime: Pick<Runtime, 'clock'>, options: MemorySessionOptions): SessionStore {
  const most = options.most ?? 100_000;
  const sessions = expiringMap<Session>(runtime, options.sessionTtlMs, most);
  const dials = expiringMap<string>(runtime, options.dialTtlMs, most);
  const read = (msisdn: string, sessionKey: string, turnKey: string) => {
    const session = sessions.get(`${msisdn} ${sessionKey}`);
    return {
      session: session && { version: session.version, state: session.state },
      answered: session?.answers.get(turnKey),
    };
  };
  return {
    async read(msisdn, sessionKey, turnKey) {
      return read(msisdn, sessionKey, turnKey);
    },
    async readFirst(msisdn, sessionKey, turnKey) {
      return { ...read(msisdn, sessionKey, turnKey), dial: dials.get(msisdn) };
    },
    async storeTurn(msisdn, sessionKey, { expectedVersion, turnKey, state, answer, dial }) {
      const key = `${msisdn} ${sessionKey}`;
      const before = sessions.get(key);
      const version = before?.version ?? 0;
      if (version !== expectedVersion) return { stored: false, answered: before?.answers.get(turnKey) };
      const answers = before && version % ANSWERS_KEPT !== 0 ? before.answers : new Map<string, string>();
      answers.set(turnKey, answer);
      sessions.set(key, { version: version + 1, state, answers });
      dials.set(msisdn, dial);
      return { stored: true };
    },
    async readDial(msisdn) {
      return dials.get(msisdn);
    },
    async replaceDial(msisdn, expected, replacement) {
      return dials.get(msisdn) === expected && dials.replace(msisdn, replacement);
    },
    async ping() {},
    async close() {
      sessions.clear();
      dials.clear();
    },
  };
}

/** Every entry lives equally long after it was set, so the order of setting is the order of expiry: eviction looks at the front only. */
function expiringMap<V>({ clock }: Pick<Runtime, 'clock'>, ttlMs: number, most: number) {
  const entries = new Map<string, { value: V; expiresAtMs: number }>();
  const live = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.expiresAtMs > clock.now() ? entry : undefined;
  };
  const evict = () => {
    const nowMs = clock.now();
    for (const [key, { expiresAtMs }] of entries) {
      if (expiresAtMs > nowMs && entries.size <= most) return;
      entries.delete(key);
    }
  };
  return {
    get: (key: string) => live(key)?.value,
    set(key: string, value: V) {
      entries.delete(key);
      entries.set(key, { value, expiresAtMs: clock.now() + ttlMs });
      evict();
    },
    /** Keeps the time that is left. */
    replace(key: string, value: V): boolean {
      const entry = live(key);
      if (entry) entry.value = value;
      return entry !== undefined;
    },
    clear: () => entries.clear(),
  };
}

export { type MemorySessionOptions, memorySessions } from './memory-sessions.ts';
export { redisSessions } from './redis-sessions.ts';
export type { SessionRead, SessionStore, StoredSession, TurnStored, TurnWrite } from './session-store.ts';
export type { SessionTimes } from './session-times.ts';

import type { SessionStore } from '../../../src/platform/sessions/index.ts';
import type { Draw } from './draw.ts';
import { type Life, never } from './life.ts';

/** Sessions in memory as one life sees them: a write can be the last thing it does, done or not. */
export function lifeSessions(life: Life, inner: SessionStore, draw: Draw): SessionStore {
  const answered = async <T>(work: () => Promise<T>): Promise<T> => {
    if (draw.hits(0.1)) await life.sleep(draw.int(1, 15));
    const result = await work();
    return life.isAlive() ? result : never();
  };
  const written = async <T>(work: () => Promise<T>): Promise<T> => {
    await life.pass('before session write');
    const result = await answered(work);
    await life.pass('after session write');
    return result;
  };
  return {
    read: (...args) => answered(() => inner.read(...args)),
    readFirst: (...args) => answered(() => inner.readFirst(...args)),
    storeTurn: (...args) => written(() => inner.storeTurn(...args)),
    readDial: (...args) => answered(() => inner.readDial(...args)),
    replaceDial: (...args) => written(() => inner.replaceDial(...args)),
    ping: () => inner.ping(),
    close: () => inner.close(),
  };
}

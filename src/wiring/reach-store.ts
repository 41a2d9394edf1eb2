import { type Runtime, sleep } from '../kernel/index.ts';
import type { Log } from '../platform/log/index.ts';

/** A store may come up a little after us: a reboot starts everything at once. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 1_000;

/** Opens a store, trying for half a minute; then rejects with one line that names the variable of its address. */
export async function reachStore<T>(
  { clock }: Pick<Runtime, 'clock'>,
  log: Log,
  variable: string,
  open: () => Promise<T>,
): Promise<T> {
  const untilMs = clock.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown error';
      if (clock.now() >= untilMs) throw new Error(`${variable} is out of reach: ${reason}`, { cause: error });
      if (attempt === 1) log.warn({ variable, reason }, 'a store is out of reach; trying again');
      await sleep(clock, PAUSE_MS);
    }
  }
}

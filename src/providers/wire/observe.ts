import type { Clock } from '../../kernel/index.ts';

/** What an adapter logs to. Fields never hold secrets, tokens or full phone numbers. */
export interface ProviderLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Called once a request to a provider, for metrics: its name, how it ended (a bounded set of words), and how long it took. */
export type ProviderObserver = (call: string, outcome: string, durationMs: number) => void;

/** Starts measuring one call. */
export function elapsedObserver(clock: Clock, observe: ProviderObserver | undefined, call: string) {
  const startedMs = clock.now();
  return (outcome: string): void => observe?.(call, outcome, clock.now() - startedMs);
}

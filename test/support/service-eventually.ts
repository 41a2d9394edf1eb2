/** Long enough for a slow, busy machine; a test that passes waits for a fraction of it. */
const PATIENCE_MS = 30_000;
const POLL_MS = 25;

/** Tries until `attempt` no longer throws and returns what it returned; after the limit, fails with its last reason. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T> | T,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > endMs) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`${what}: not within ${patienceMs} ms: ${reason}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

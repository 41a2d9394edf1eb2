import type { Cluster } from './cluster.ts';

/** What the two web processes said of their readiness, in turn. */
export interface ReadinessWatch {
  /** Answers since the last call: `ready`, `down`, or the names of what is out of reach. */
  take(): Set<string>;
  stop(): void;
}

const EVERY_MS = 250;
/** A machine that is busy answers late; one that is down, never. */
const PATIENCE_MS = 8_000;

export function watchReadiness({ webUrls }: Pick<Cluster, 'webUrls'>): ReadinessWatch {
  let seen = new Set<string>();
  const ask = async (url: string): Promise<void> => {
    try {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      const { failed } = (await answer.json()) as { failed?: string[] };
      seen.add(answer.ok ? 'ready' : (failed ?? ['?']).join('+'));
    } catch {
      seen.add('down');
    }
  };
  const timer = setInterval(() => {
    for (const url of webUrls) void ask(url);
  }, EVERY_MS);
  return {
    take() {
      const taken = seen;
      seen = new Set();
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}

export async function untilAllReady({ webUrls }: Pick<Cluster, 'webUrls'>, withinMs: number): Promise<void> {
  const endMs = Date.now() + withinMs;
  for (const url of webUrls) {
    for (;;) {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok) break;
      if (Date.now() > endMs) throw new Error(`${url} is not ready again`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

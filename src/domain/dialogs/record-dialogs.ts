import { type Msisdn, type Runtime, sleep } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { type DialogEnd, type DialogPart, DialogPartSchema } from './dialog-part.ts';

export interface SeenHop {
  sessionKey: string;
  msisdn: Msisdn;
  network: string;
  /** Left out when no screen was reached (a failure). */
  screen: string | undefined;
  ended: boolean;
}

export interface DialogRecorder {
  /** Takes note of an answered hop. Costs no I/O and never throws. */
  hop(seen: SeenHop): void;
  /** The gateway says how the session ended. */
  end(session: { sessionKey: string; msisdn: Msisdn; endedAs: DialogEnd }): void;
  /** Writes what was gathered; resolves when it is written or lost. */
  flush(): Promise<void>;
  /** Writes what was gathered and ends. */
  stop(): Promise<void>;
}

const FLUSH_EVERY_MS = 5_000;
/** Sessions that may wait to be written; more hops than that are left out, since money comes first. */
const MOST_WAITING = 50_000;
const ROWS_TOGETHER = 500;
const LONGEST_PATH = 4_000;

export function recordDialogs(deps: { runtime: Runtime; database: Database; log: Pick<Log, 'warn'> }): DialogRecorder {
  const { runtime, database, log } = deps;
  const { clock, ids } = runtime;
  const stopping = new AbortController();
  let waiting = new Map<string, DialogPart>();
  let leftOut = 0;

  /** The part that is being gathered for a session; undefined when there are too many. */
  function partOf(sessionKey: string, msisdn: Msisdn, network: string): DialogPart | undefined {
    const known = waiting.get(sessionKey);
    if (known) return known;
    if (waiting.size >= MOST_WAITING) {
      leftOut += 1;
      return undefined;
    }
    const now = clock.now();
    const part: DialogPart = {
      ...{ id: '', sessionKey, msisdn, network, fromMs: now, toMs: now, hops: 0 },
      ...{ lastScreen: null, endedAs: 'open', path: '' },
    };
    waiting.set(sessionKey, part);
    return part;
  }

  async function flush(): Promise<void> {
    if (waiting.size === 0) return;
    const parts = [...waiting.values()];
    waiting = new Map();
    for (const part of parts) part.id = ids.next();
    try {
      for (let start = 0; start < parts.length; start += ROWS_TOGETHER) {
        const rows = parts.slice(start, start + ROWS_TOGETHER);
        await database.transaction((tx) => tx.manager.insert(DialogPartSchema, rows));
      }
      if (leftOut > 0) log.warn({ leftOut }, 'hops were left out of the dialogs: too many waited to be written');
      leftOut = 0;
    } catch (err) {
      log.warn({ err, sessions: parts.length }, 'dialogs could not be written and are lost; payments are not affected');
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(clock, FLUSH_EVERY_MS, stopping.signal);
      await flush();
    }
  }
  const running = run();

  return {
    hop({ sessionKey, msisdn, network, screen, ended }) {
      const part = partOf(sessionKey, msisdn, network);
      if (!part) return;
      part.toMs = clock.now();
      part.hops += 1;
      if (ended) part.endedAs = 'ended';
      if (screen === undefined) return;
      part.lastScreen = screen;
      const word = `${screen}@${part.toMs - part.fromMs}`;
      if (part.path.length + word.length < LONGEST_PATH) part.path = part.path ? `${part.path} ${word}` : word;
    },
    end({ sessionKey, msisdn, endedAs }) {
      const part = partOf(sessionKey, msisdn, '');
      if (!part) return;
      part.toMs = clock.now();
      part.endedAs = endedAs;
    },
    flush,
    async stop() {
      stopping.abort();
      await running;
      await flush();
    },
  };
}

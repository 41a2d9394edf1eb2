import { type Clock, makeRuntime, type Runtime } from '../../../src/kernel/index.ts';
import type { HttpPort, IncomingAnswer, OutgoingRequest } from '../../../src/platform/http/index.ts';
import { seededFractions } from '../../../src/simulator/faults/index.ts';
import {
  DEFAULT_SIMULATOR_CONFIG,
  makeSimulatorCore,
  type SimulatorConfig,
  silentLog,
} from '../../../src/simulator/index.ts';

/** Time that moves only when it is told to, and chance from a seed. */
export interface VirtualTime {
  readonly runtime: Runtime;
  /** Lets the time pass, timer by timer, with everything that each sets going. */
  pass(ms: number): Promise<void>;
}

export function virtualTime(seed = 'a seed', startMs = Date.UTC(2026, 10, 20, 9, 0, 0)): VirtualTime {
  let nowMs = startMs;
  let order = 0;
  const waiting = new Set<{ at: number; order: number; task: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    setTimer(delayMs, task) {
      order += 1;
      const entry = { at: nowMs + Math.max(0, delayMs), order, task };
      waiting.add(entry);
      return { cancel: () => void waiting.delete(entry) };
    },
  };
  const fractions = seededFractions(seed);
  const fraction = () => fractions.next();
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => Math.floor(fraction() * 256)));
  return {
    runtime: makeRuntime(clock, { fraction, bytes }),
    async pass(ms) {
      const until = nowMs + ms;
      await settle();
      for (;;) {
        const next = [...waiting].sort((one, other) => one.at - other.at || one.order - other.order)[0];
        if (!next || next.at > until) break;
        waiting.delete(next);
        nowMs = next.at;
        next.task();
        await settle();
      }
      nowMs = until;
    },
  };
}

/** Until no promise that is ready is left. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export interface MemorySimulator extends VirtualTime {
  core: ReturnType<typeof makeSimulatorCore>;
  /** What the parties sent out, oldest first. */
  sent: OutgoingRequest[];
  sentTo(pathEnd: string): OutgoingRequest[];
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<MemoryAnswer>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the wire brings
export type MemoryAnswer = { status: number; json: any; body: string } | 'hang-up';

export const GATEWAY = 'http://gateway.test';

/** The simulator in memory, on virtual time, without a socket. `answer` plays the gateway. */
export function memorySimulator(
  answer: (request: OutgoingRequest) => Partial<IncomingAnswer> | Promise<Partial<IncomingAnswer>> = () => ({}),
  config: Partial<SimulatorConfig> = {},
): MemorySimulator {
  const time = virtualTime();
  const sent: OutgoingRequest[] = [];
  const http: HttpPort = {
    async request(request) {
      sent.push(request);
      return { status: 200, headers: {}, body: '{}', ...(await answer(request)) };
    },
  };
  const core = makeSimulatorCore({
    runtime: time.runtime,
    http,
    log: silentLog,
    config: { ...DEFAULT_SIMULATOR_CONFIG, gatewayUrl: GATEWAY, ...config },
  });
  return {
    ...time,
    core,
    sent,
    sentTo: (pathEnd) => sent.filter(({ url }) => url.endsWith(pathEnd)),
    async call(method, path, body, headers = {}) {
      const [pathname = '', query = ''] = path.split('?');
      const isText = typeof body === 'string';
      const type = isText ? 'application/x-www-form-urlencoded' : 'application/json';
      const reply = await core.handle({
        method,
        path: pathname,
        query: new URLSearchParams(query),
        headers: { 'content-type': type, ...headers },
        body: body === undefined ? '' : isText ? body : JSON.stringify(body),
      });
      if (reply === 'hang-up') return reply;
      return { status: reply.status, body: reply.body, json: readJson(reply.body) };
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

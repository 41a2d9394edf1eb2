import { systemRuntime } from '../../src/kernel/index.ts';
import { makeHttpPort } from '../../src/platform/http/index.ts';
import {
  DEFAULT_SIMULATOR_CONFIG,
  makeSimulatorCore,
  type SimulatorCore,
  silentLog,
} from '../../src/simulator/index.ts';
import { type RecordedRequest, type Replay, type ReplayServer, startReplayServer } from './replay-server.ts';

type Fault = 'lostAnswer' | 'http500' | 'html' | 'busy';

/** The simulator's parties behind a socket, and a gateway that keeps what they call back. */
export interface SimulatedParties {
  readonly core: SimulatorCore;
  /** Where the parties are, such as `http://127.0.0.1:1234`. */
  readonly url: string;
  readonly gateway: ReplayServer;
  /** The requests that the parties have had. */
  readonly requests: readonly RecordedRequest[];
  /** From now on the party has this fault every time, or is late; without arguments after the first: none. */
  setFault(party: 'daraja' | 'biller' | 'sms', fault?: Fault | { delayMs: number }): void;
  /** The body that was called back to a path that ends so; waits for it, two seconds at most. */
  calledBack(pathEnd: string): Promise<unknown>;
  http: ReturnType<typeof makeHttpPort>;
  stop(): Promise<void>;
}

export async function startSimulatedParties(): Promise<SimulatedParties> {
  const runtime = systemRuntime;
  const http = makeHttpPort(runtime);
  const gateway = await startReplayServer(({ path }) => ({
    status: 200,
    body: JSON.stringify(
      path.endsWith('/validation') ? { ResultCode: '0', ResultDesc: 'Accepted' } : { ResultCode: 0 },
    ),
  }));
  const config = { ...DEFAULT_SIMULATOR_CONFIG, gatewayUrl: gateway.url };
  const core = makeSimulatorCore({ runtime, http, log: silentLog, config });
  const server = await startReplayServer((request) => handle(core, request));
  return {
    core,
    url: server.url,
    gateway,
    requests: server.requests,
    setFault(party, fault) {
      const plan =
        typeof fault === 'object'
          ? { delayMs: [fault.delayMs, fault.delayMs] as [number, number] }
          : fault && { [fault]: 1 };
      core.faults.apply({ seed: 1, [party]: plan ?? {} });
    },
    async calledBack(pathEnd) {
      for (let waited = 0; waited < 200; waited += 1) {
        const found = gateway.requests.find((one) => one.path.endsWith(pathEnd));
        if (found) return JSON.parse(found.body);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`nothing was called back to ${pathEnd}`);
    },
    http,
    async stop() {
      await core.stop();
      http.close();
      await Promise.all([server.stop(), gateway.stop()]);
    },
  };
}

async function handle(core: SimulatorCore, request: RecordedRequest): Promise<Replay> {
  const url = new URL(request.path, 'http://simulator');
  const { authorization, apikey, 'content-type': type } = request.headers;
  const answer = await core.handle({
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(typeof apikey === 'string' && { apikey }),
      ...(type !== undefined && { 'content-type': type }),
    },
    body: request.body,
  });
  if (answer === 'hang-up') return 'drop';
  return { status: answer.status, body: answer.body, type: answer.headers['content-type'] ?? 'text/plain' };
}

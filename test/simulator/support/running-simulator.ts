import { systemRuntime } from '../../../src/kernel/index.ts';
import { makeHttpPort } from '../../../src/platform/http/index.ts';
import {
  type RunningSimulator,
  type SimulatorConfig,
  silentLog,
  startSimulator,
} from '../../../src/simulator/index.ts';
import { type StubGateway, startStubGateway } from './stub-gateway.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the wire brings
  json: any;
}

export interface SimulatorUnderTest {
  url: string;
  gateway: StubGateway;
  running: RunningSimulator;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

export const PASSKEY = 'a-passkey';

/** A simulator on a free port with a stub for its gateway. Everything is quick, so that a test does not wait. */
export async function runSimulator(
  config: Partial<SimulatorConfig> & { dataDir?: string } = {},
): Promise<SimulatorUnderTest> {
  const gateway = await startStubGateway();
  const http = makeHttpPort(systemRuntime);
  const running = await startSimulator({
    runtime: systemRuntime,
    log: silentLog,
    http,
    config: {
      host: '127.0.0.1',
      port: 0,
      gatewayUrl: gateway.url,
      deliveryReportAfterMs: 10,
      operator: { shortCode: '174379', passkey: PASSKEY, consumerKey: 'key', consumerSecret: 'secret' },
      ...config,
    },
  });
  const url = `http://127.0.0.1:${running.port}`;
  return {
    url,
    gateway,
    running,
    async call(method, path, body, headers = {}) {
      const isForm = body instanceof URLSearchParams;
      const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
        ...(body !== undefined && { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    },
    async stop() {
      await running.stop();
      http.close();
      await gateway.stop();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

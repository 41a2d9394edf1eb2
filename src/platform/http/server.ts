import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';
import type { Clock } from '../../kernel/index.ts';
import { requestListener } from './app.ts';

export interface ServerOptions {
  /** 0 for a free one. */
  port: number;
  host: string;
  clock: Clock;
  /** How long `stop` waits for answers under way; then their connections are cut. */
  stopWithinMs?: number;
  /** Instead of the limits that hold by default. */
  limits?: Partial<ServerLimits>;
}

export interface ServerLimits {
  maxHeaderSize: number;
  /** How long the head of a request may take, and all of it. */
  headersTimeout: number;
  requestTimeout: number;
  /** How often that is looked at. */
  connectionsCheckingInterval: number;
  keepAliveTimeout: number;
  maxConnections: number;
}

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, finishes what is in hand, closes what is idle. May be called again. */
  stop(): Promise<void>;
}

/** Past these node:http itself answers 431 or 408; what it cannot read as HTTP it answers with 400. */
export const SERVER_LIMITS: Readonly<ServerLimits> = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  /** Longer than a usual proxy keeps its side, so that the proxy is the one that closes. */
  keepAliveTimeout: 65_000,
  maxConnections: 20_000,
};
const STOP_POLL_MS = 20;

/** Listens; rejects when the address is taken. */
export function startServer(app: Koa, options: ServerOptions): Promise<RunningServer> {
  const listener = requestListener(app);
  let stopping: Promise<void> | undefined;
  const { maxConnections, ...limits } = { ...SERVER_LIMITS, ...options.limits };
  const server = http.createServer(limits, (req, res) => {
    if (stopping) res.shouldKeepAlive = false;
    listener(req, res);
  });
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const { port } = server.address() as AddressInfo;
      const stop = () => {
        stopping ??= stopServer(server, options.clock, options.stopWithinMs ?? 10_000);
        return stopping;
      };
      resolve({ port, stop });
    });
  });
}

function stopServer(server: http.Server, clock: Clock, stopWithinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = clock.setTimer(stopWithinMs, () => server.closeAllConnections());
    // A connection whose answer ends after `close` stays open, idle, until somebody closes it.
    let poll = clock.setTimer(STOP_POLL_MS, closeIdle);
    function closeIdle() {
      server.closeIdleConnections();
      poll = clock.setTimer(STOP_POLL_MS, closeIdle);
    }
    server.close(() => {
      deadline.cancel();
      poll.cancel();
      resolve();
    });
  });
}

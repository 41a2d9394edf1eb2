import Router from '@koa/router';
import { systemClock } from '../../../src/kernel/index.ts';
import { type AppDeps, makeApp, type RunningServer, startServer } from '../../../src/platform/http/index.ts';
import { type Log, makeLog } from '../../../src/platform/log/index.ts';

export interface AppServer extends RunningServer {
  /** What was logged, parsed. */
  readonly lines: Record<string, unknown>[];
  readonly log: Log;
}

/** The application with these routes on a free port, its log kept. */
export async function appServer(
  addRoutes: (router: Router, log: Log) => void,
  deps?: Partial<AppDeps>,
): Promise<AppServer> {
  const lines: Record<string, unknown>[] = [];
  const log = makeLog('debug', { write: (line) => void lines.push(JSON.parse(line)) });
  const app = makeApp({ log, ...deps });
  const router = new Router();
  addRoutes(router, log);
  app.use(router.routes());
  const server = await startServer(app, { port: 0, host: '127.0.0.1', clock: systemClock, stopWithinMs: 500 });
  return { ...server, lines, log };
}

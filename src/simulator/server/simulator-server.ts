import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { makeTimers, problemReply, type SimulatorAnswer, type SimulatorLog } from '../basis/index.ts';
import type { SimulatorCore, SimulatorDeps } from '../core.ts';
import { streamEvents } from './event-stream.ts';
import { type PageFile, readPageFiles } from './page-files.ts';

export interface RunningServer {
  port: number;
  stop(): Promise<void>;
}

const LARGEST_BODY_BYTES = 1_048_576;
/** Longer than clients keep a connection, so that it is they who close it and no request runs into a closing socket. */
const KEEP_ALIVE_MS = 75_000;

/** The simulator's sockets: plain node:http, because the load of a benchmark goes through it. */
export async function startServer(
  deps: { core: SimulatorCore; log: SimulatorLog; runtime: SimulatorDeps['runtime'] },
  address: { host: string; port: number },
): Promise<RunningServer> {
  const { core, log } = deps;
  const timers = makeTimers(deps.runtime.clock);
  const pages = await readPageFiles();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 60_000 }, (request, response) => {
    serve({ core, timers, pages }, request, response).catch((error: unknown) => {
      log.error({ err: error, method: request.method }, 'the simulator failed on a request');
      if (response.headersSent) request.socket.destroy();
      else write(response, problemReply(500, 'The simulator failed'));
    });
  });
  await listen(server, address);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : address.port,
    async stop() {
      timers.cancelAll();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface ServeDeps {
  core: SimulatorCore;
  timers: ReturnType<typeof makeTimers>;
  pages: ReadonlyMap<string, PageFile>;
}

async function serve(deps: ServeDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '/', method = 'GET', headers } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  if (method === 'GET' || method === 'HEAD') {
    const page = deps.pages.get(path);
    if (page) return void response.writeHead(200, page.headers).end(method === 'HEAD' ? undefined : page.body);
    if (path === '/') return void response.writeHead(302, { location: '/handset' }).end();
    if (path === '/handset/') return void response.writeHead(301, { location: '/handset' }).end();
  }
  const driven = path.startsWith('/control') || path.startsWith('/handset');
  if (driven && headers['sec-fetch-site'] === 'cross-site') {
    return write(response, problemReply(403, 'Not from another site'));
  }
  if (path === '/handset/api/events' && method === 'GET') return streamEvents(deps, query, request, response);
  const body = await readBody(request);
  if (body === undefined) return write(response, problemReply(413, 'The body is too large'));
  const answer = await deps.core.handle({ method, path, query, headers: flat(headers), body });
  if (answer === 'hang-up') return void request.socket.destroy();
  write(response, answer);
}

function write(response: ServerResponse, answer: Exclude<SimulatorAnswer, 'hang-up'>): void {
  const body = answer.bytes ?? Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}

const READ_HEADERS = [
  'authorization',
  'apikey',
  'content-type',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
] as const;

/** Only the headers that some party reads. */
function flat(headers: IncomingMessage['headers']): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name of READ_HEADERS) {
    const value = headers[name];
    if (value !== undefined) read[name] = String(value);
  }
  return read;
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') {
    request.resume();
    return '';
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > LARGEST_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

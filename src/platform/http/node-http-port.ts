import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { Runtime } from '../../kernel/index.ts';
import { HttpFault, type HttpPort, type IncomingAnswer, type OutgoingRequest } from './http-port.ts';

/** The largest answer that is read. */
export const ANSWER_LIMIT_BYTES = 1024 * 1024;

/** A kept connection is closed after this: well before usual servers close theirs, so that few requests meet a closed one. */
const IDLE_SOCKET_MS = 4_000;
const RECENT_MS = 1_000;

export interface NodeHttpPortOptions {
  /** Connections to one host; further requests wait for one within their own time limit. */
  socketsPerHost?: number;
}

/** The port over node:http and node:https with kept connections. `close` ends the idle ones. */
export function makeHttpPort(
  runtime: Pick<Runtime, 'clock'>,
  options: NodeHttpPortOptions = {},
): HttpPort & { close(): void } {
  const maxSockets = options.socketsPerHost ?? 64;
  const pool = {
    keepAlive: true,
    maxSockets,
    maxTotalSockets: 4 * maxSockets,
    // As many as may be open: what is gathered goes out in bursts, and a connection that is closed after one costs more than its request.
    maxFreeSockets: maxSockets,
  };
  const [kept, recent] = [IDLE_SOCKET_MS, RECENT_MS].map((timeout) => agentsOf({ ...pool, timeout })) as [
    Agents,
    Agents,
  ];
  const agents = { kept, recent };
  return {
    request: (request) => new Promise((resolve, reject) => exchange(runtime, agents, request, resolve, reject)),
    close() {
      for (const some of [kept, recent]) {
        some['http:'].destroy();
        some['https:'].destroy();
      }
    },
  };
}

interface Agents {
  'http:': http.Agent;
  'https:': https.Agent;
}

function agentsOf(pool: http.AgentOptions): Agents {
  return { 'http:': new http.Agent(pool), 'https:': new https.Agent(pool) };
}

function exchange(
  { clock }: Pick<Runtime, 'clock'>,
  agents: Readonly<Record<'kept' | 'recent', Agents>>,
  { method, url, headers, body, timeoutMs, connection = 'kept', connectTo, cutAnswerAtBytes }: OutgoingRequest,
  resolve: (answer: IncomingAnswer) => void,
  reject: (fault: HttpFault) => void,
): void {
  let target: URL;
  let req: http.ClientRequest;
  try {
    target = new URL(url);
    const isOwn = connection === 'new' || connectTo !== undefined;
    const agent = isOwn ? false : agents[connection][target.protocol === 'https:' ? 'https:' : 'http:'];
    const length = body === undefined && method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body ?? '') };
    const pinned = connectTo === undefined ? {} : { lookup: lookupOf(connectTo) };
    const settings = { method, headers: { ...headers, ...length }, agent, ...pinned } as const;
    req = (target.protocol === 'https:' ? https : http).request(target, settings);
  } catch (error) {
    // Only a request that cannot be written at all throws here: an address or a header that is not one.
    reject(new HttpFault(`${method}: ${describe(error)}`, 'no'));
    return;
  }
  const mayHaveLeft = watchSending(req, target.protocol === 'https:');
  let settled = false;
  const settle = (outcome: IncomingAnswer | string) => {
    if (settled) return;
    settled = true;
    timer.cancel();
    if (typeof outcome !== 'string') return resolve(outcome);
    req.destroy();
    // Neither path nor query: they may hold a key, a number or an account.
    reject(new HttpFault(`${method} ${target.host}: ${outcome}`, mayHaveLeft() ? 'maybe' : 'no'));
  };
  const timer = clock.setTimer(timeoutMs, () => settle(`no answer within ${timeoutMs} ms`));
  req.on('response', (res) => readAnswer(res, settle, cutAnswerAtBytes));
  req.on('error', (error) => settle(describe(error)));
  req.on('close', () => settle('the connection was closed without an answer'));
  req.end(body);
}

/** Answers every name with that address. (A host that is an address itself is never looked up.) */
function lookupOf(address: string): LookupFunction {
  const family = isIP(address);
  return (_name, { all }, done) => {
    // The callback of node:net takes either shape; its type knows one of them only.
    if (all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

/**
 * Tells whether a byte of the request may have left. Certainly not while it waits for a connection, nor before a fresh one is
 * open (TLS included, since the request is written after the handshake). A kept connection counts as soon as it is given out.
 */
function watchSending(req: http.ClientRequest, secure: boolean): () => boolean {
  let mayHaveLeft = false;
  req.on('socket', (socket: Socket) => {
    if (req.reusedSocket || !socket.connecting) mayHaveLeft = true;
    else {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        mayHaveLeft = true;
      });
    }
  });
  return () => mayHaveLeft;
}

function readAnswer(
  res: http.IncomingMessage,
  settle: (outcome: IncomingAnswer | string) => void,
  cutAtBytes: number | undefined,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const answerOf = (body: Buffer) => ({
    status: res.statusCode ?? 0,
    headers: flatten(res.headers),
    body: body.toString('utf8'),
  });
  res.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (cutAtBytes !== undefined && size >= cutAtBytes) {
      settle(answerOf(Buffer.concat([...chunks, chunk]).subarray(0, cutAtBytes)));
      res.destroy();
    } else if (size > ANSWER_LIMIT_BYTES) settle(`the answer is larger than ${ANSWER_LIMIT_BYTES} bytes`);
    else chunks.push(chunk);
  });
  res.on('end', () => {
    if (!res.complete) return settle('the answer was cut off');
    settle(answerOf(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  });
  res.on('error', (error) => settle(describe(error)));
}

function flatten(headers: http.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.message || error.name;
}

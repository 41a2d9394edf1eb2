import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  contentType: string;
  body: string;
  /** The body's fields, of a form or of JSON's outermost object. */
  fields: Record<string, unknown>;
}

export type Reply = { status?: number; headers?: Record<string, string>; body: string } | 'hang-up' | 'silence';

/** A gateway's front door in a test: keeps what it received and answers as it is told. */
export interface StubGateway {
  readonly url: string;
  readonly received: Received[];
  /** By the path's beginning; the longest that fits decides. Without one: 200 and an empty object. */
  answer(pathStart: string, reply: (received: Received) => Reply | Promise<Reply>): void;
  /** Waits until so many requests have come to a path that starts so. */
  until(pathStart: string, count?: number): Promise<Received[]>;
  of(pathStart: string): Received[];
  stop(): Promise<void>;
}

export async function startStubGateway(): Promise<StubGateway> {
  const received: Received[] = [];
  const answers = new Map<string, (received: Received) => Reply | Promise<Reply>>();
  const server = createServer((request, response) => void take(request, response));
  async function take(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const contentType = request.headers['content-type'] ?? '';
    const one = { path: request.url ?? '', contentType, body, fields: fieldsOf(contentType, body) };
    received.push(one);
    const start = [...answers.keys()].filter((key) => one.path.startsWith(key)).sort((a, b) => b.length - a.length)[0];
    const reply = start === undefined ? { body: '{}' } : await answers.get(start)?.(one);
    if (reply === 'silence' || reply === undefined) return;
    if (reply === 'hang-up') return void request.socket.destroy();
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const of = (pathStart: string) => received.filter(({ path }) => path.startsWith(pathStart));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    of,
    answer: (pathStart, reply) => void answers.set(pathStart, reply),
    async until(pathStart, count = 1) {
      const deadline = Date.now() + 5_000;
      while (of(pathStart).length < count) {
        if (Date.now() > deadline) throw new Error(`${of(pathStart).length} of ${count} requests came to ${pathStart}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return of(pathStart);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fieldsOf(contentType: string, body: string): Record<string, unknown> {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** `drop` reads the request and closes the connection; `hang` never answers. */
export type Replay = { status: number; body: string; type?: string } | 'drop' | 'hang';

export interface ReplayServer {
  readonly url: string;
  readonly requests: RecordedRequest[];
  stop(): Promise<void>;
}

export const json = (status: number, value: unknown): Replay => ({ status, body: JSON.stringify(value) });
export const html = (status: number): Replay => ({
  status,
  body: '<html><h1>Bad gateway</h1></html>',
  type: 'text/html',
});

/** A server on a free port that answers each request with what `answer` says. */
export async function startReplayServer(
  answer: (request: RecordedRequest) => Replay | Promise<Replay>,
): Promise<ReplayServer> {
  const requests: RecordedRequest[] = [];
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const request = {
      method: req.method ?? '',
      path: req.url ?? '',
      headers: req.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    requests.push(request);
    const replay = await answer(request);
    if (replay === 'hang') return;
    if (replay === 'drop') return req.socket.destroy();
    res.writeHead(replay.status, { 'content-type': replay.type ?? 'application/json' }).end(replay.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An address at which nothing listens. */
export async function deadAddress(): Promise<string> {
  const server = await startReplayServer(() => 'drop');
  await server.stop();
  return server.url;
}

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  id: string;
  json: { type: string; timestamp: string; data: Record<string, unknown> };
}

export interface Receiver {
  url: string;
  received: Received[];
  /** The most requests that were under way at once. */
  mostAtOnce: number;
  /** What is done with a request; 200 unless set. */
  answer: (response: ServerResponse, request: Received) => void;
  stop(): Promise<void>;
}

/** A biller's receiver on a real socket. */
export async function startReceiver(host = '127.0.0.1', port = 0): Promise<Receiver> {
  let atOnce = 0;
  const server = createServer((req, res) => {
    atOnce += 1;
    receiver.mostAtOnce = Math.max(receiver.mostAtOnce, atOnce);
    res.on('close', () => {
      atOnce -= 1;
    });
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      const id = String(req.headers['webhook-id']);
      const request = { headers: req.headers, body, id, json: body === '' ? undefined : JSON.parse(body) } as Received;
      receiver.received.push(request);
      receiver.answer(res, request);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const receiver: Receiver = {
    url: `http://${host}:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    mostAtOnce: 0,
    answer: (response) => response.writeHead(200).end('ok'),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

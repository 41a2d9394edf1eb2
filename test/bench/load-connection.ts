import { connect, type Socket } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';
const TIMEOUT_MS = 10_000;

/**
 * One kept connection that sends one request at a time. Written by hand on a socket: a client that costs more than the
 * floor would measure itself.
 */
export interface LoadConnection {
  /** The body of the answer; rejects when it is not a 200 in time. */
  post(body: string): Promise<string>;
  close(): void;
}

export function openConnection(port: number, path: string): LoadConnection {
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: bench\r\nAccept: */*\r\n` +
    'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ';
  let waiting: { resolve(body: string): void; reject(error: Error): void } | undefined;
  let received = '';
  const fail = (error: Error) => {
    const { reject } = waiting ?? {};
    waiting = undefined;
    reject?.(error);
  };
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.setTimeout(TIMEOUT_MS, () => fail(new Error('no answer in time')));
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk: string) => {
    received = received === '' ? chunk : received + chunk;
    const body = wholeBody(received);
    if (body === undefined || !waiting) return;
    const { resolve, reject } = waiting;
    waiting = undefined;
    const status = received.slice(9, 12);
    received = '';
    if (status === '200') resolve(body);
    else reject(new Error(`HTTP ${status}`));
  });
  return {
    post: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(`${head}${body.length}${END_OF_HEAD}${body}`, 'latin1');
      }),
    close: () => socket.destroy(),
  };
}

function wholeBody(received: string): string | undefined {
  const end = received.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.slice(0, end));
  if (!length) throw new Error('an answer without its length');
  const body = received.slice(end + END_OF_HEAD.length);
  return body.length < Number(length[1]) ? undefined : body;
}

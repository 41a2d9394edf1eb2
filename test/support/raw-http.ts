import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends bytes as they are and reads until the other side closes or `quietMs` pass without a byte. */
export function sendRaw(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const end = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.setTimeout(400, end);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
    for (const piece of pieces) socket.write(piece);
  });
}

/** One request over a connection of its own, its body as bytes, and the answer taken apart. */
export async function request(
  port: number,
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const body = Buffer.from(options.body ?? '');
  const headers: Record<string, string> = { host: 'localhost', connection: 'close', ...options.headers };
  if (body.length > 0 && headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    headers['content-length'] = String(body.length);
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return parseAnswer(await sendRaw(port, `${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n`, body));
}

export function parseAnswer(text: string): RawAnswer {
  const split = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, split).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers,
    body: Buffer.from(text.slice(split + 4), 'latin1').toString('utf8'),
  };
}

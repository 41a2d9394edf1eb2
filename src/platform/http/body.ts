import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Anything that carries a request: a Koa context does. */
export interface WithRequest {
  readonly req: IncomingMessage;
}

/** The largest body that a route takes that does not say otherwise. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * What is still read, and dropped, after a body was found too large: a peer that is cut off while it sends would often
 * lose the 413 with the connection. Past this it is cut off.
 */
const DROP_LIMIT_BYTES = 4 * 1024 * 1024;

/** Reads the body as text after checking its type, encoding, size and UTF-8. `type` is in lower case. */
export async function readText(
  { req }: WithRequest,
  type: string,
  limitBytes: number = BODY_LIMIT_BYTES,
): Promise<string> {
  checkType(req, type);
  const declared = req.headers['content-length'];
  if (declared !== undefined && Number(declared) > limitBytes) throw tooLarge(req, limitBytes, 0);
  const body = await readBytes(req, limitBytes);
  if (!isUtf8(body)) throw new HttpError(400, 'the body is not UTF-8');
  return body.toString('utf8');
}

function checkType(req: IncomingMessage, type: string): void {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new HttpError(415, 'content-encoding is not supported');
  }
  const given = req.headers['content-type'];
  if (given === type) return;
  const [mediaType = '', ...parameters] = (given ?? '').toLowerCase().split(';');
  if (mediaType.trim() !== type) throw new HttpError(415, `content-type must be ${type}`);
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim() === 'charset' && !/^"?utf-?8"?$/.test(value.trim())) {
      throw new HttpError(415, 'charset must be utf-8');
    }
  }
}

function readBytes(req: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    if (req.destroyed && !req.readableEnded) throw cutOff();
    // Handlers without names: tsx defines the name of a named one anew for every request.
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else if (!ended) {
        ended = true;
        reject(tooLarge(req, limitBytes, size));
      }
    });
    req.on('end', () => {
      ended = true;
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
    req.on('error', () => reject(cutOff()));
    // 'close' comes after every request.
    req.on('close', () => {
      if (!ended) reject(cutOff());
    });
  });
}

function cutOff(): HttpError {
  return new HttpError(400, 'the request was cut off');
}

function tooLarge(req: IncomingMessage, limitBytes: number, alreadyRead: number): HttpError {
  let dropped = alreadyRead;
  req.on('error', () => {});
  req.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > DROP_LIMIT_BYTES) req.destroy();
  });
  return new HttpError(413, `the body is larger than ${limitBytes} bytes`);
}

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type Koa from 'koa';
import { type IncomingAnswer, type OutgoingRequest, requestListener } from '../../../src/platform/http/index.ts';

/** Hands requests to the application as node:http would, without a socket. */
export function injector(app: Koa): (request: OutgoingRequest) => Promise<IncomingAnswer> {
  const listener = requestListener(app);
  return ({ method, url, headers, body = '' }) =>
    new Promise((resolve) => {
      const { pathname, search, host } = new URL(url);
      // Never connected: it only answers for addresses.
      const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: '127.0.0.1' });
      const request = new IncomingMessage(socket);
      request.method = method;
      request.url = pathname + search;
      request.httpVersion = '1.1';
      request.headers = { host, 'content-length': String(Buffer.byteLength(body)) };
      for (const [name, value] of Object.entries(headers ?? {})) request.headers[name.toLowerCase()] = value;
      request.push(body);
      request.push(null);
      request.complete = true;
      listener(request, answerOf(request, resolve));
    });
}

function answerOf(request: IncomingMessage, resolve: (answer: IncomingAnswer) => void): ServerResponse {
  const response = new ServerResponse(request);
  const end = (chunk?: unknown) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.getHeaders())) headers[name] = String(value);
    const body = typeof chunk === 'string' || Buffer.isBuffer(chunk) ? chunk.toString() : '';
    Object.defineProperty(response, 'writableEnded', { value: true });
    Object.defineProperty(response, 'headersSent', { value: true });
    resolve({ status: response.statusCode, headers, body });
    response.emit('finish');
    return response;
  };
  return Object.defineProperty(response, 'end', { value: end });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import Koa from 'koa';
import { Refusal } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import { HttpError } from './http-error.ts';
import { refusalDocument } from './problem.ts';

export interface AppDeps {
  log: Log;
  /** Counts answers that an error made, by status. */
  metrics?: { httpError(status: number): void };
}

/**
 * A Koa application whose errors are answered in one place: a `Refusal` with 422 and a problem document, an `HttpError` with
 * its status, anything else with a bare 500 and one line in the log. Put in Koa's own hook instead of a middleware,
 * since each middleware costs a hop about 3 microseconds.
 */
export function makeApp(deps: AppDeps): Koa {
  const app = new Koa();
  app.silent = true;
  app.on('error', () => {});
  app.context.onerror = function onerror(this: Koa.Context, error: unknown) {
    // Koa also calls it without an error, once every answer is out.
    if (error !== null && error !== undefined) answerError(deps, this, error);
    else if (this.writable && !this.res.destroyed)
      answerError(deps, this, new Error('something was thrown that is no error'));
  };
  return app;
}

function answerError({ log, metrics }: AppDeps, ctx: Koa.Context, error: unknown): void {
  const status = statusOf(error);
  const gone = ctx.headerSent || !ctx.writable || ctx.res.destroyed || ctx.req.socket?.errored === error;
  if (status >= 500 && !(error instanceof HttpError)) {
    if (gone && isBrokenConnection(ctx, error)) log.debug({ err: error }, 'the connection broke off');
    else log.error({ err: error, method: ctx.method, route: routeOf(ctx) }, 'a request failed');
  }
  if (gone) {
    // Half an answer may be out: only cutting the connection tells the peer that it is not whole.
    if (ctx.headerSent && !ctx.res.writableEnded) ctx.res.destroy();
    return;
  }
  metrics?.httpError(status);
  const { res } = ctx;
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  const { type, body } = documentOf(error, status);
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(ctx.method === 'HEAD' ? undefined : body);
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof Refusal) return 422;
  // Koa and its router mark what the request got wrong with a status of their own.
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** 403 and 404 look exactly as an address that never existed does. */
function documentOf(error: unknown, status: number): { type: string; body: string } {
  const title = STATUS_CODES[status] ?? 'Error';
  if (error instanceof Refusal) return { type: 'application/problem+json', body: refusalDocument(error, status) };
  if (status === 403 || status === 404 || status >= 500 || !(error instanceof HttpError)) {
    return { type: 'text/plain; charset=utf-8', body: title };
  }
  const document = { title, status, ...(error.detail === undefined ? {} : { detail: error.detail }) };
  return { type: 'application/problem+json', body: JSON.stringify(document) };
}

const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

/** Koa hands over what ended the socket too: a reset, or half a request. */
function isBrokenConnection(ctx: Koa.Context, error: unknown): boolean {
  return ctx.req.socket?.errored === error || BROKEN.has(String((error as NodeJS.ErrnoException).code));
}

/** The route's pattern: the path itself holds keys and tokens. */
function routeOf(ctx: Koa.Context): string {
  const matched: unknown = ctx._matchedRoute;
  return typeof matched === 'string' ? matched : 'none';
}

export type RequestListener = (req: IncomingMessage, res: ServerResponse) => void;

/** The application as a listener of node:http. A target that is not a path (`*`, `http://[`) is refused before it is parsed. */
export function requestListener(app: Koa): RequestListener {
  const handle = app.callback();
  return (req, res) => {
    if (req.url?.charCodeAt(0) === 47) {
      void handle(req, res);
      return;
    }
    res.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', 'content-length': 11 });
    res.end('Bad Request');
  };
}

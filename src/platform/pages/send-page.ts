import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Nothing inline, nothing from elsewhere, in nobody's frame, and forms only to us. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // With `no-referrer` a browser would send our own forms with the origin `null`.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  // A page holds what concerns one person: no cache, on the way or in the browser, may keep it.
  'Cache-Control': 'no-store',
  'Content-Type': 'text/html; charset=utf-8',
  Vary: 'Accept-Encoding, Accept-Language, Cookie',
};

export interface SendOptions {
  status?: number;
  language: string;
  /**
   * False for a page that holds a secret of a session beside what somebody else may have chosen: the length of a compressed
   * answer would tell of the secret.
   */
  compress?: boolean;
}

/** Answers with a page, compressed as the browser takes it, under headers that let nothing else run. */
export function sendPage(ctx: Context, page: VNode, { status = 200, language, compress = true }: SendOptions): void {
  ctx.status = status;
  ctx.set(HEADERS);
  ctx.set('Content-Language', language);
  const html = Buffer.from(`<!doctype html>${renderToString(page)}`);
  if (compress) sendCompressed(ctx, html);
  else ctx.body = html;
}

/** A page that is the same for everybody, drawn and compressed once. */
export function fixedPage(page: VNode, { language }: { language: string }): (ctx: Context) => void {
  const send = fixedBody(Buffer.from(`<!doctype html>${renderToString(page)}`));
  return (ctx) => {
    ctx.set(HEADERS);
    ctx.set('Content-Language', language);
    send(ctx);
  };
}

/** A body that never changes: compressed once, when it is first asked for so. */
export function fixedBody(body: Buffer): (ctx: Context) => void {
  const compressed: { br?: Buffer; gzip?: Buffer } = {};
  return (ctx) => {
    const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
    ctx.body = body;
    if (encoding !== 'br' && encoding !== 'gzip') return;
    compressed[encoding] ??= encoding === 'br' ? brotliCompressSync(body, QUICKLY) : gzipSync(body);
    ctx.set('Content-Encoding', encoding);
    ctx.body = compressed[encoding];
  };
}

/** The body of an answer that holds no secret, compressed as the browser takes it. */
export function sendCompressed(ctx: Context, body: Buffer): void {
  const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding === 'br' || encoding === 'gzip') {
    ctx.set('Content-Encoding', encoding);
    ctx.body = encoding === 'br' ? brotliCompressSync(body, QUICKLY) : gzipSync(body);
  } else ctx.body = body;
}

/** A page is a few kilobytes and made for one request: a third of a millisecond. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** A part of a page, to put in the place of an earlier one. */
export function renderFragment(part: VNode): string {
  return renderToString(part);
}

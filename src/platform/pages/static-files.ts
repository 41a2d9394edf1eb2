import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { invariant } from '../../kernel/index.ts';
import { HttpError } from '../http/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The stylesheet and the icon that every page has. */
export const PAGE_FILES = new URL('./public/', import.meta.url);

interface StaticFile {
  type: string;
  plain: Buffer;
  br?: Buffer;
  gzip?: Buffer;
}

/** Files of pages. Their names hold a hash of their content, so a browser keeps them for good and never has an old one. */
export interface StaticFiles {
  /** `page.css` is at `/static/page.1a2b3c4d5e.css`. */
  address(name: string): string;
  addRoutes(router: Router): void;
}

/** Reads every file of these folders once. Each set of files has a prefix of its own. */
export function staticFiles(folders: readonly URL[], prefix = '/static'): StaticFiles {
  const addresses = new Map<string, string>();
  const files = new Map<string, StaticFile>();
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const extension = extname(name);
      const type = TYPES[extension];
      invariant(type && !addresses.has(name), `${name} cannot be a file of a page`);
      const plain = readFileSync(new URL(name, folder));
      const hash = createHash('sha256').update(plain).digest('hex').slice(0, 10);
      const hashed = `${name.slice(0, -extension.length)}.${hash}${extension}`;
      addresses.set(name, `${prefix}/${hashed}`);
      files.set(hashed, { type, plain });
    }
  }
  return {
    address(name) {
      const address = addresses.get(name);
      invariant(address, `no file ${name}`);
      return address;
    },
    addRoutes(router) {
      router.get(`${prefix}/:name`, (ctx: Context) => {
        const file = files.get(String(ctx.params.name));
        if (!file) throw new HttpError(404);
        sendFile(ctx, file);
      });
    },
  };
}

function sendFile(ctx: Context, file: StaticFile): void {
  ctx.set({
    'Content-Type': file.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Vary: 'Accept-Encoding',
  });
  const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding === 'br') {
    file.br ??= brotliCompressSync(file.plain);
    ctx.body = file.br;
  } else if (encoding === 'gzip') {
    file.gzip ??= gzipSync(file.plain, { level: 9 });
    ctx.body = file.gzip;
  } else ctx.body = file.plain;
  if (encoding === 'br' || encoding === 'gzip') ctx.set('Content-Encoding', encoding);
}

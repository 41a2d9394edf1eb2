import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

export interface PageFile {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const FILES = [
  'index.html',
  'handset.css',
  'phone.css',
  'panel.css',
  'main.js',
  'line.js',
  'phone.js',
  'phone-state.js',
  'phone-session.js',
  'phone-events.js',
  'screens.js',
  'keypad.js',
  'panel.js',
  'icon.svg',
] as const;

/** Nothing inline, nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

/** The page's files by their path, read once. A path that is not in the list does not exist. */
export async function readPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const name of FILES) {
    const body = await readFile(new URL(`../handset-page/${name}`, import.meta.url));
    const headers = { ...SAFE_HEADERS, 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' };
    files.set(name === 'index.html' ? '/handset' : `/handset/${name}`, { headers, body });
  }
  return files;
}

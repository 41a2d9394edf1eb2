import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export interface PageAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  html: string;
  /** As many bytes as came, compressed, without the head. */
  wireBytes: number;
}

/** What a browser without JavaScript, cookies or manners could send. */
export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<PageAnswer>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<PageAnswer>;
  /** Fills in the form; the answer is the confirmation, or the form with what is wrong. */
  review(fields: Partial<BillFields>, path?: string): Promise<PageAnswer>;
  /** Confirms what a page shows; the answer leads to the payment. */
  confirm(page: PageAnswer): Promise<PageAnswer>;
}

export interface BillFields {
  biller: string;
  account: string;
  amount: string;
  phone: string;
}

export function visitor(gateway: string): Visitor {
  const send = (method: string, path: string, body: string | undefined, headers: Record<string, string>) =>
    new Promise<PageAnswer>((resolve, reject) => {
      const req = request(new URL(path, gateway), { method, headers: { 'accept-encoding': 'br', ...headers } });
      req.on('error', reject);
      req.on('response', (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const html = decode(bytes, res.headers['content-encoding']).toString();
          resolve({ status: res.statusCode ?? 0, headers: res.headers, html, wireBytes: bytes.length });
        });
      });
      req.end(body);
    });
  const own: Visitor = {
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    post: (path, fields, headers = {}) =>
      send('POST', path, new URLSearchParams(fields).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      }),
    review: (fields, path = '/pay?lang=en') => own.post(path, { ...fields }),
    confirm: (page) => own.post('/pay/confirm?lang=en', { ticket: ticketOf(page) }),
  };
  return own;
}

function decode(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(bytes);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
}

export function ticketOf({ html }: PageAnswer): string {
  const ticket = /name="ticket" value="([^"]+)"/.exec(html)?.[1];
  if (ticket === undefined) throw new Error(`no confirmation is shown: ${textOf(html)}`);
  return ticket;
}

/** What is read on a page. */
export function textOf(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<option.*?<\/option>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim();
}

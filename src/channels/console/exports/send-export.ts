import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Actor } from '../../../domain/audit/index.ts';
import { beginExport, type ExportRun, endExport, tellExport } from '../../../domain/exports/index.ts';
import { businessDay, sleep } from '../../../kernel/index.ts';
import { type Cell, type WrittenTable, writeCsv, writeWorkbook } from '../../../platform/tables/index.ts';
import type { Desk, Visit } from '../visit.ts';
import type { ExportList } from './export-list.ts';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
const TELL_EVERY_MS = 2_000;

/**
 * Sends a list as fast as it is taken: rows are read some at a time behind the last one, and not before there is room for them. When whoever
 * takes it goes away, nothing more is read. What left, and how much of it, is in the audit log.
 */
export async function sendExport(desk: Desk, visit: Visit, list: ExportList, asked: ExportRun): Promise<void> {
  const { ctx } = visit;
  setHeaders(desk, visit, asked);
  if (ctx.method === 'HEAD') return;
  const progress = { rows: 0 };
  let body: Readable | undefined;
  const place = desk.downloads.open(() => body?.destroy());
  try {
    const actor = visit.actor();
    const run = await beginExport(desk.deps.domain, actor, asked);
    const opened = list.open(desk, visit, Object.fromEntries(new URLSearchParams(run.query)));
    const tables = opened.tables(run.numbers).map((table) => ({ ...table, rows: watched(desk, run, table, progress) }));
    body = bodyOf(desk, visit, run, tables);
    ctx.body = body;
    watchEnd(desk, visit, { actor, run, progress, end: place.end });
  } catch (error) {
    place.end();
    throw error;
  }
}

function setHeaders({ deps }: Desk, { ctx }: Visit, { list, format }: ExportRun): void {
  const day = businessDay(deps.domain.runtime.clock.now(), deps.timeZone);
  ctx.status = 200;
  ctx.set({
    'Content-Type': TYPES[format],
    'Content-Disposition': `attachment; filename="malipo-${list}-${day}.${format}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    // A proxy that gathers the whole file first would hide how far it is.
    'X-Accel-Buffering': 'no',
    Vary: 'Accept-Encoding, Cookie',
  });
}

/** Counts what is read, and says every few seconds how far it is. */
async function* watched(
  { deps: { domain, log } }: Desk,
  { id }: ExportRun,
  { rows }: WrittenTable,
  progress: { rows: number },
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const { clock } = domain.runtime;
  let toldAtMs = clock.now();
  for await (const some of rows) {
    yield some;
    progress.rows += some.length;
    if (clock.now() - toldAtMs >= TELL_EVERY_MS) {
      toldAtMs = clock.now();
      await tellExport(domain, { id, rows: progress.rows }).catch((err) => log.warn({ err }, 'progress was not kept'));
    }
    // The embedded store reads at once: whoever dials comes first.
    await sleep(clock, 0);
  }
}

function bodyOf({ deps }: Desk, { ctx }: Visit, { format }: ExportRun, tables: readonly WrittenTable[]): Readable {
  const { timeZone } = deps;
  const [first] = tables;
  if (format === 'xlsx' || !first) return Readable.from(writeWorkbook(tables, { timeZone }), { objectMode: false });
  const text = Readable.from(writeCsv(first, timeZone), { objectMode: false });
  if (ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') return text;
  ctx.set('Content-Encoding', 'gzip');
  // An error of either ends both; Koa then cuts the connection, so that nobody takes a part for the whole.
  return pipeline(text, createGzip(), () => {});
}

function watchEnd(
  { deps: { domain, log } }: Desk,
  { ctx }: Visit,
  { actor, run, progress, end }: { actor: Actor; run: ExportRun; progress: { rows: number }; end(): void },
): void {
  const { res } = ctx;
  const close = () => {
    end();
    const { rows } = progress;
    endExport(domain, actor, { id: run.id, rows, isWhole: res.writableFinished }).catch((err) =>
      log.error({ err, list: run.list, rows }, 'the end of an export could not be kept'),
    );
  };
  // Whoever asked may be gone already.
  if (res.closed) close();
  else res.once('close', close);
}

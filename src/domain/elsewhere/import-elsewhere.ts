import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { Refusal } from '../../kernel/index.ts';
import { ElsewhereFileSchema } from './elsewhere-payment.ts';
import { type ElsewhereDeps, readElsewhere, recordIn } from './record-elsewhere.ts';

export interface LineFault {
  /** From 1, the header included. */
  line: number;
  reason: string;
}

export interface ImportReport {
  recorded: number;
  repeated: number;
  faults: number;
  /** The first of them. */
  shownFaults: LineFault[];
}

const CHUNK = 200;
const MOST_LINES = 1_000_000;
const LONGEST_LINE = 4_000;
const MOST_SHOWN_FAULTS = 100;
const COLUMNS = ['reference', 'account', 'amount', 'currency', 'paidAt'] as const;

/**
 * Reads a CSV with the columns reference, account, amount, currency, paidAt and, if there is one, place. Refuses
 * (`elsewhere.file-known`, `elsewhere.file-columns`, `elsewhere.file-unreadable`) a file as a whole; after that a bad line is
 * counted and the rest is read. A run that died is simply run again.
 */
export async function importElsewhere(
  deps: ElsewhereDeps,
  { billerId, path, onProgress }: { billerId: string; path: string; onProgress?: (lines: number) => void },
): Promise<ImportReport> {
  const biller = deps.billers.get(billerId);
  const contentHash = await hashOf(path);
  const known = await deps.database.reader.findOne(ElsewhereFileSchema, { where: { billerId, contentHash } });
  if (known) throw new Refusal('elsewhere.file-known', { fileName: known.fileName, at: new Date(known.importedAtMs) });
  const report: ImportReport = { recorded: 0, repeated: 0, faults: 0, shownFaults: [] };
  let chunk: Row[] = [];
  let lines = 0;
  const flush = async () => {
    await keepChunk(deps, biller.id, chunk, report);
    lines += chunk.length;
    onProgress?.(lines);
    chunk = [];
  };
  for await (const row of readRows(path)) {
    if (lines + chunk.length >= MOST_LINES) throw new Refusal('elsewhere.file-too-long', { most: MOST_LINES });
    chunk.push(row);
    if (chunk.length === CHUNK) await flush();
  }
  await flush();
  await deps.database.transaction((tx) =>
    tx.insertOnce(ElsewhereFileSchema, {
      id: deps.runtime.ids.next(),
      billerId,
      fileName: basename(path).slice(0, 255),
      contentHash,
      recorded: report.recorded,
      repeated: report.repeated,
      faults: report.faults,
      importedAtMs: deps.runtime.clock.now(),
    }),
  );
  return report;
}

type Row = { line: number; written: Record<string, string> } | { line: number; fault: string };

async function keepChunk(deps: ElsewhereDeps, billerId: string, rows: readonly Row[], report: ImportReport) {
  const biller = deps.billers.get(billerId);
  const now = deps.runtime.clock.now();
  const counted = await deps.database.transaction(async (tx) => {
    // Counted anew when the transaction is run again.
    const count = { recorded: 0, repeated: 0, faults: [] as LineFault[] };
    for (const row of rows) {
      const fact = 'fault' in row ? row.fault : readElsewhere(biller, row.written, now);
      if (typeof fact === 'string') {
        count.faults.push({ line: row.line, reason: fact });
        continue;
      }
      try {
        const outcome = await recordIn(deps, tx, { billerId, fact, source: 'file' });
        count[outcome === 'recorded' ? 'recorded' : 'repeated'] += 1;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        count.faults.push({ line: row.line, reason: `another payment has the reference ${fact.reference}` });
      }
    }
    return count;
  });
  report.recorded += counted.recorded;
  report.repeated += counted.repeated;
  report.faults += counted.faults.length;
  report.shownFaults.push(...counted.faults.slice(0, MOST_SHOWN_FAULTS - report.shownFaults.length));
}

/** Line by line through the parser, never the whole file in memory. */
async function* readRows(path: string): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    delimiter: [',', ';'],
    info: true,
    max_record_size: LONGEST_LINE,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const feeding = pipeline(createReadStream(path), parser);
  // Its failure comes out of the loop as well.
  feeding.catch(() => {});
  let isFirst = true;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Record<string, string>; info: Info }>) {
      if (isFirst) checkColumns(info.columns);
      isFirst = false;
      const { length } = info.columns;
      const line = info.lines;
      if (info.error) yield { line, fault: `has not the ${length} fields of the first line` };
      else yield { line, written: record };
    }
    await feeding;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Refusal('elsewhere.file-unreadable', {
      why: String(code ?? message).slice(0, 80),
      line: parser.info.lines,
    });
  }
}

interface Info {
  lines: number;
  columns: { name: string }[];
  error?: Error;
}

function checkColumns(columns: readonly { name: string }[]): void {
  const names = new Set(columns.map(({ name }) => name));
  const lacking = COLUMNS.filter((name) => !names.has(name));
  if (lacking.length > 0) throw new Refusal('elsewhere.file-columns', { lacking: lacking.join(', ') });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
  } catch (error) {
    throw new Refusal('elsewhere.file-unreadable', {
      why: (error as NodeJS.ErrnoException).code ?? 'unknown',
      line: 0,
    });
  }
  return hash.digest('hex');
}

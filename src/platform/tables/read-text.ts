import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { checkText } from './check-text.ts';
import { makeCsvReader } from './csv-lines.ts';
import { ROWS_TOGETHER, type TableLimits, type TableRow, type TextFormat, UnreadableTable } from './table.ts';

const CHUNK_BYTES = 256 * 1024;

/** Rows of a CSV file. Throws `UnreadableTable` with the line at which it ends to be one. */
export async function* readText(
  path: string,
  format: TextFormat & { gzip: boolean },
  limits: TableLimits,
): AsyncGenerator<readonly TableRow[]> {
  const source = openBytes(path, format.gzip);
  const reader = makeCsvReader(format.delimiter, limits.rowBytes);
  let lastLine = 0;
  let total = 0;
  const check = (rows: readonly TableRow[]) => {
    total += rows.length;
    lastLine = rows.at(-1)?.lineNo ?? lastLine;
    if (total > limits.rows) throw new UnreadableTable(`the file has more than ${limits.rows} rows`);
    for (const row of rows) checkRow(row, limits);
  };
  try {
    for await (const text of checkText(source, format.encoding, limits.textBytes)) {
      yield* inPieces(reader.take(text), check);
    }
    yield* inPieces(reader.end(), check);
  } catch (error) {
    throw explain(error, lastLine);
  } finally {
    source.destroy();
  }
}

function openBytes(path: string, gzip: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!gzip) return file;
  // Its error comes out of the last stream of the line.
  return pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

function* inPieces(rows: TableRow[], check: (rows: TableRow[]) => void): Generator<readonly TableRow[]> {
  for (let start = 0; start < rows.length; start += ROWS_TOGETHER) {
    const piece = rows.slice(start, start + ROWS_TOGETHER);
    check(piece);
    yield piece;
  }
}

function checkRow({ lineNo, cells }: TableRow, { columns }: TableLimits): void {
  if (cells.length > columns) throw new UnreadableTable(`line ${lineNo}: more than ${columns} columns`);
  for (const [index, cell] of cells.entries()) {
    if (cell.charCodeAt(0) !== EQUALS_SIGN) continue;
    throw new UnreadableTable(`line ${lineNo}, column ${index + 1}: a formula; only values are read`);
  }
}

const EQUALS_SIGN = 61;

function explain(error: unknown, lastLine: number): unknown {
  const { code = '' } = error as { code?: string };
  if (code === 'Z_BUF_ERROR') {
    return new UnreadableTable(`after line ${lastLine}: the gzip data ends early; the file is not whole`);
  }
  return code.startsWith('Z_') ? new UnreadableTable(`after line ${lastLine}: the gzip data is broken`) : error;
}

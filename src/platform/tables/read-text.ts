import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { checkText } from './check-text.ts';
import { makeCsvReader } from './csv-lines.ts';
import {
  ROWS_TOGETHER,
  type SheetPiece,
  type SheetRow,
  type TableLimits,
  type TableRow,
  type TextFormat,
  UnreadableTable,
} from './table.ts';

const CHUNK_BYTES = 256 * 1024;

/** Rows of a CSV file. Throws `UnreadableTable` with the line at which it ends to be one. */
export async function* readText(
  path: string,
  format: TextFormat & { gzip: boolean },
  limits: TableLimits,
): AsyncGenerator<readonly TableRow[]> {
  for await (const { rows } of readPieces(path, format, limits)) {
    for (const row of rows) refuseFormulas(row);
    yield rows;
  }
}

/** The same with formulas as they stand there. */
export async function* readTextSheet(
  path: string,
  format: TextFormat & { gzip: boolean },
  limits: TableLimits,
): AsyncGenerator<SheetPiece> {
  for await (const { rows, bytes } of readPieces(path, format, limits)) {
    yield { rows: rows.map(asSheetRow), marks: [], bytes };
  }
}

async function* readPieces(
  path: string,
  format: TextFormat & { gzip: boolean },
  limits: TableLimits,
): AsyncGenerator<{ rows: readonly TableRow[]; bytes: number }> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const source = format.gzip ? unpacked(file) : file;
  const reader = makeCsvReader(format.delimiter, limits.rowBytes);
  let lastLine = 0;
  let total = 0;
  let told = 0;
  const check = (rows: readonly TableRow[]) => {
    total += rows.length;
    lastLine = rows.at(-1)?.lineNo ?? lastLine;
    if (total > limits.rows) throw tooManyRows(limits.rows);
    for (const row of rows) refuseWidth(row, limits.columns);
    const bytes = file.bytesRead - told;
    told = file.bytesRead;
    return { rows, bytes };
  };
  try {
    for await (const text of checkText(source, format.encoding, limits.textBytes)) {
      for (const rows of inPieces(reader.take(text))) yield check(rows);
    }
    for (const rows of inPieces(reader.end())) yield check(rows);
  } catch (error) {
    throw explain(error, lastLine);
  } finally {
    source.destroy();
  }
}

/** Its error comes out of the last stream of the line. */
function unpacked(file: ReadStream): Readable {
  return pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

function* inPieces(rows: TableRow[]): Generator<readonly TableRow[]> {
  for (let start = 0; start < rows.length; start += ROWS_TOGETHER) yield rows.slice(start, start + ROWS_TOGETHER);
}

function tooManyRows(most: number): UnreadableTable {
  return new UnreadableTable(`the file has more than ${most} rows`, { fault: 'too-many-rows', most });
}

function refuseWidth({ lineNo, cells }: TableRow, most: number): void {
  if (cells.length <= most) return;
  throw new UnreadableTable(`more than ${most} columns`, { fault: 'too-many-columns', place: { row: lineNo }, most });
}

const EQUALS_SIGN = 61;
const isFormula = (cell: string) => cell.charCodeAt(0) === EQUALS_SIGN;

function refuseFormulas({ lineNo, cells }: TableRow): void {
  const column = cells.findIndex(isFormula);
  if (column < 0) return;
  throw new UnreadableTable('a formula; only values are read', { fault: 'formula', place: { row: lineNo, column } });
}

function asSheetRow({ lineNo, cells }: TableRow): SheetRow {
  return { lineNo, cells, kinds: cells.map((cell) => (isFormula(cell) ? 'formula' : 'text')), isHidden: false };
}

function explain(error: unknown, lastLine: number): unknown {
  const { code = '' } = error as { code?: string };
  if (!code.startsWith('Z_')) return error;
  const what = code === 'Z_BUF_ERROR' ? 'the gzip data ends early; the file is not whole' : 'the gzip data is broken';
  return new UnreadableTable(`after line ${lastLine}: ${what}`, { fault: 'not-whole', cause: error });
}

import { open } from 'node:fs/promises';
import { readText } from './read-text.ts';
import { readWorkbook } from './read-workbook.ts';
import { PLAIN_CSV, TABLE_LIMITS, type Table, type TableLimits, type TextFormat, UnreadableTable } from './table.ts';

const START_BYTES = 8;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
/** The container of Excel before 2007, and of every workbook with a password. */
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/**
 * Opens a file that holds a table: CSV, CSV in gzip, or an Excel workbook. What it is, is told by its bytes and not by its name.
 * Nothing in it is evaluated. Rejects with `UnreadableTable`, and so do the rows.
 */
export async function openTable(
  path: string,
  format: TextFormat = PLAIN_CSV,
  limits: TableLimits = TABLE_LIMITS,
): Promise<Table> {
  const start = await readStart(path);
  if (start.length === 0) throw new UnreadableTable('the file is empty');
  const begins = (with_: Buffer) => start.subarray(0, with_.length).equals(with_);
  if (begins(OLE))
    throw new UnreadableTable('the workbook has a password, or is of Excel before 2007: save it as .xlsx without one');
  if (begins(ZIP)) return { rows: () => readWorkbook(path, limits) };
  return { rows: () => readText(path, { ...format, gzip: begins(GZIP) }, limits) };
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

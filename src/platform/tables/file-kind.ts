import { type FileHandle, open } from 'node:fs/promises';
import { UnreadableTable } from './table.ts';

export type FileKind = 'text' | 'gzip' | 'workbook';

const START_BYTES = 512;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
/** The container of Excel before 2007, and of every workbook with a password. */
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
/** What people call a table and is none: PDF, pictures, pages that a portal names .xls, rich text. */
const NO_TABLE = /^(%PDF|\x89PNG|\xff\xd8\xff|GIF8|\{\\rtf|(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|meta))/i;

/** What a file is, by its first bytes. Rejects with `UnreadableTable` for what holds no table that could be read. */
export async function fileKind(path: string): Promise<FileKind> {
  const file = await open(path);
  try {
    const start = await readAt(file, 0, START_BYTES);
    const begins = (with_: Buffer) => start.subarray(0, with_.length).equals(with_);
    if (start.length === 0) throw new UnreadableTable('the file is empty', { fault: 'empty' });
    if (begins(OLE)) throw await oldContainer(file, start);
    if (begins(ZIP)) return 'workbook';
    if (begins(GZIP)) return 'gzip';
    if (NO_TABLE.test(start.toString('latin1'))) {
      throw new UnreadableTable('neither an Excel workbook nor CSV, whatever its name says', { fault: 'not-a-table' });
    }
    return 'text';
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, most: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, position);
  return buffer.subarray(0, bytesRead);
}

const DIRECTORY_BYTES = 8 * 1024;

/** [MS-CFB] 2.2: the size of a sector and the first one of the list of what is inside; [MS-OFFCRYPTO] names what is encrypted. */
async function oldContainer(file: FileHandle, head: Buffer): Promise<UnreadableTable> {
  const said = 'the workbook has a password, or is of Excel before 2007: save it as .xlsx without one';
  const unknown = new UnreadableTable(said, { fault: 'password-or-old-excel' });
  if (head.length < START_BYTES) return unknown;
  const [shift, sector] = [head.readUInt16LE(30), head.readUInt32LE(48)];
  if (shift !== 9 && shift !== 12) return unknown;
  const directory = await readAt(file, (sector + 1) * 2 ** shift, DIRECTORY_BYTES);
  const names = (name: string) => directory.includes(Buffer.from(`${name}\0`, 'utf16le'));
  if (names('EncryptedPackage')) {
    return new UnreadableTable('the workbook has a password: save it without one', { fault: 'password' });
  }
  if (names('Workbook') || names('Book')) {
    return new UnreadableTable('the workbook is of Excel before 2007 (.xls): save it as .xlsx', { fault: 'old-excel' });
  }
  return unknown;
}

import { Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { type TableLimits, UnreadableTable } from './table.ts';

/** The parts of a workbook, each read as a stream. No part is trusted to be as long as it says. */
export interface WorkbookArchive {
  has(part: string): boolean;
  /** As the archive says; a part that is longer is broken. */
  bytesOf(part: string): number;
  /** UTF-8 text in pieces; undefined when there is no such part. */
  read(part: string, mostBytes: number): AsyncIterable<Buffer> | undefined;
  close(): void;
}

/** A workbook has a few dozen parts. */
const MOST_PARTS = 5_000;
const MACROS = 'xl/vbaProject.bin';

export async function openArchive(path: string, limits: TableLimits): Promise<WorkbookArchive> {
  const file = await openZip(path);
  try {
    const parts = await listParts(file, limits);
    if (parts.has(MACROS)) {
      throw new UnreadableTable('the workbook has macros: save it as .xlsx without them', { fault: 'macros' });
    }
    if (!parts.has('xl/workbook.xml')) {
      throw new UnreadableTable('a zip archive, but not an Excel workbook', { fault: 'not-a-workbook' });
    }
    return {
      has: (part) => parts.has(part),
      bytesOf: (part) => parts.get(part)?.uncompressedSize ?? 0,
      read(part, mostBytes) {
        const entry = parts.get(part);
        return entry && readEntry(file, entry, mostBytes);
      },
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

const NOT_WHOLE = 'the workbook is not whole: its list of parts, which stands at its end, is missing or broken';

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, file) => {
      if (error) reject(new UnreadableTable(NOT_WHOLE, { fault: 'not-whole', cause: error }));
      else resolve(file);
    });
  });
}

function listParts(file: ZipFile, limits: TableLimits): Promise<Map<string, Entry>> {
  const parts = new Map<string, Entry>();
  let bytes = 0;
  return new Promise((resolve, reject) => {
    file.on('error', (error) => reject(new UnreadableTable(NOT_WHOLE, { fault: 'not-whole', cause: error })));
    file.on('end', () => resolve(parts));
    file.on('entry', (entry: Entry) => {
      bytes += entry.uncompressedSize;
      if (entry.generalPurposeBitFlag & 1) return reject(password());
      if (bytes > limits.workbookBytes) return reject(tooLarge(limits.workbookBytes));
      if (parts.size >= MOST_PARTS) return reject(tooManyParts());
      parts.set(entry.fileName, entry);
      file.readEntry();
    });
    file.readEntry();
  });
}

function tooLarge(mostBytes: number): UnreadableTable {
  return new UnreadableTable(`the workbook is larger than ${mostBytes} bytes once it is decompressed`, {
    fault: 'too-large',
    most: mostBytes,
  });
}

const password = () => new UnreadableTable('the workbook has a password', { fault: 'password' });
const tooManyParts = () =>
  new UnreadableTable(`the workbook has more than ${MOST_PARTS} parts`, { fault: 'too-large', most: MOST_PARTS });

async function* readEntry(file: ZipFile, entry: Entry, mostBytes: number): AsyncGenerator<Buffer> {
  if (entry.uncompressedSize > mostBytes) throw tooLarge(mostBytes);
  const broken = (cause: unknown) =>
    new UnreadableTable(`the part ${entry.fileName} of the workbook is broken`, { fault: 'broken', cause });
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    file.openReadStream(entry, (error, opened) => (error ? reject(broken(error)) : resolve(opened)));
  });
  let sum = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    throw broken(error);
  } finally {
    if (stream instanceof Transform) stream.destroy();
  }
  if (sum >>> 0 !== entry.crc32) throw broken(new Error('the checksum does not fit'));
}

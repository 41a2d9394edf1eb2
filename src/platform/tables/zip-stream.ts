import { once } from 'node:events';
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { invariant } from '../../kernel/index.ts';

/** One file of an archive, piece by piece. */
export interface ZipPart {
  path: string;
  pieces: AsyncIterable<string> | Iterable<string>;
}

/** Past it an archive needs other fields (ZIP64). */
const LARGEST = 0xffff_ffff;
/** 1 January 1980, where the format's time begins: the same content gives the same bytes. */
const DOS_TIME = 0x0021_0000;
/** Sizes follow the data (bit 3), and names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATED = 8;

interface Written {
  path: Buffer;
  crc: number;
  packed: number;
  plain: number;
  at: number;
}

/** An archive whose parts are made, compressed and handed on as fast as they are taken, and no faster: nothing is gathered. */
export async function* zipStream(parts: AsyncIterable<ZipPart> | Iterable<ZipPart>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let at = 0;
  for await (const { path, pieces } of parts) {
    const entry: Written = { path: Buffer.from(path), crc: 0, packed: 0, plain: 0, at };
    const head = localHeader(entry);
    at += head.length;
    yield head;
    const measured = Readable.from(measure(entry, pieces), { objectMode: false });
    const packer = createDeflateRaw({ level: 6 });
    measured.on('error', (error) => packer.destroy(error));
    try {
      for await (const packed of measured.pipe(packer)) {
        entry.packed += packed.length;
        at += packed.length;
        yield packed;
      }
    } finally {
      packer.destroy();
      measured.destroy();
      // What it reads from has ended by then.
      if (!measured.closed) await once(measured, 'close');
    }
    const sizes = dataDescriptor(entry);
    at += sizes.length;
    yield sizes;
    written.push(entry);
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield endOfDirectory(written.length, directory.length, at);
}

async function* measure(entry: Written, pieces: ZipPart['pieces']): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    entry.crc = crc32(bytes, entry.crc);
    entry.plain += bytes.length;
    yield bytes;
  }
}

function fields(size: number, values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(size);
  let at = 0;
  for (const [bytes, value] of values) {
    invariant(value <= LARGEST, 'an archive of 4 GB would need ZIP64');
    at = bytes === 2 ? buffer.writeUInt16LE(value, at) : buffer.writeUInt32LE(value, at);
  }
  return buffer;
}

const VERSION = 20;

function localHeader({ path }: Written): Buffer {
  const head = fields(30, [
    ...([
      [4, 0x0403_4b50],
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATED],
      [4, DOS_TIME],
    ] as const),
    ...([
      [4, 0],
      [4, 0],
      [4, 0],
      [2, path.length],
      [2, 0],
    ] as const),
  ]);
  return Buffer.concat([head, path]);
}

function dataDescriptor({ crc, packed, plain }: Written): Buffer {
  return fields(16, [
    [4, 0x0807_4b50],
    [4, crc],
    [4, packed],
    [4, plain],
  ]);
}

function directoryEntry({ path, crc, packed, plain, at }: Written): Buffer {
  const head = fields(46, [
    ...([
      [4, 0x0201_4b50],
      [2, VERSION],
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATED],
      [4, DOS_TIME],
    ] as const),
    ...([
      [4, crc],
      [4, packed],
      [4, plain],
      [2, path.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ] as const),
  ]);
  return Buffer.concat([head, path]);
}

function endOfDirectory(parts: number, size: number, at: number): Buffer {
  return fields(22, [
    [4, 0x0605_4b50],
    [2, 0],
    [2, 0],
    [2, parts],
    [2, parts],
    [4, size],
    [4, at],
    [2, 0],
  ]);
}

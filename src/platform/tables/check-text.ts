import { isUtf8 } from 'node:buffer';
import { type TextFormat, UnreadableTable } from './table.ts';

const NEWLINE = 10;

/**
 * Decodes bytes, and refuses those that are not of the encoding with the line where that shows: a letter read wrongly is a
 * customer with another name, and a UTF-16 file read as UTF-8 has no rows at all.
 */
export async function* checkText(
  source: AsyncIterable<Buffer>,
  encoding: TextFormat['encoding'],
  mostBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let bytes = 0;
  let lines = 1;
  let isFirst = true;
  let last: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    if (isFirst) refuseUtf16(chunk);
    isFirst = false;
    bytes += chunk.length;
    if (bytes > mostBytes)
      throw new UnreadableTable(`the file is larger than ${mostBytes} bytes once it is decompressed`, {
        fault: 'too-large',
        most: mostBytes,
      });
    if (chunk.includes(0))
      throw new UnreadableTable('not a text file', {
        fault: 'not-text',
        place: { row: lines + newlines(chunk, chunk.indexOf(0)) },
      });
    const text = decode(decoder, chunk);
    if (text === undefined) {
      const both = Buffer.concat([last.subarray(-4), chunk]);
      throw wrongEncoding(lines + newlines(both, firstWrong(both)) - newlines(last.subarray(-4)), encoding);
    }
    lines += newlines(chunk);
    last = chunk;
    yield text;
  }
  const rest = decode(decoder);
  if (rest === undefined) throw wrongEncoding(lines, encoding);
  if (rest !== '') yield rest;
}

function refuseUtf16(start: Buffer): void {
  const mark = start.subarray(0, 2).toString('hex');
  // Without a mark, every other byte of Latin text is zero.
  const halves = start.length >= 4 && (start[1] === 0 || start[0] === 0);
  if (mark !== 'fffe' && mark !== 'feff' && !halves) return;
  throw new UnreadableTable('the file is written in UTF-16; save it as CSV in UTF-8', {
    fault: 'utf-16',
    place: { row: 1 },
  });
}

function wrongEncoding(lineNo: number, encoding: string): UnreadableTable {
  return new UnreadableTable(`a letter that is not ${encoding.toUpperCase()}; save the file as CSV in UTF-8`, {
    fault: 'encoding',
    place: { row: lineNo },
  });
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): string | undefined {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    return undefined;
  }
}

function newlines(bytes: Buffer, end = bytes.length): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

/** Where the first byte stands that no UTF-8 text has there: found by halving, since that happens once a file. */
function firstWrong(bytes: Buffer): number {
  let from = 0;
  while (from < 4 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  for (let lineStart = from; lineStart < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, lineStart);
    const lineEnd = newline < 0 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(lineStart, lineEnd))) return lineStart;
    lineStart = lineEnd;
  }
  return from;
}

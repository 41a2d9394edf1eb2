import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SimulatorLog } from '../basis/index.ts';
import { BookRecord } from './book-record.ts';
import type { Journal } from './journal.ts';

/**
 * Opens the books, JSON lines in one file, after giving every line that is there to `replay`. A process killed while
 * it wrote leaves a torn last line: it is cut off, so that the next line does not grow on to it.
 */
export async function openFileJournal(
  path: string,
  log: SimulatorLog,
  replay: (record: BookRecord) => void,
): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true });
  const wholeBytes = await readLines(path, (line) => {
    const record = BookRecord.safeParse(parseLine(line));
    if (record.success) replay(record.data);
    else log.warn({ bytes: line.length }, 'a line of the books could not be read and was skipped');
  });
  if (wholeBytes < (await sizeOf(path))) {
    log.warn({ path }, 'the last line of the books was torn and was cut off');
    await truncate(path, wholeBytes);
  }
  return writeJournal(path, await open(path, 'a'));
}

/** Writes whatever has gathered while the write before was under way, in one go. */
function writeJournal(path: string, first: FileHandle): Journal {
  let file = first;
  let waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  let tail: Promise<void> = Promise.resolve();
  let writing = false;
  const idle = () => !writing && waiting.length === 0;
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    writing = true;
    try {
      await file.appendFile(batch.map(({ line }) => line).join(''));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    } finally {
      writing = false;
    }
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    tail = tail.then(work, work);
    return tail;
  };
  return {
    append: (record) =>
      new Promise((done, failed) => {
        waiting.push({ line: `${JSON.stringify(record)}\n`, done, failed });
        if (waiting.length === 1) void inTurn(flush);
      }),
    flushed: () => (idle() ? Promise.resolve() : inTurn(() => Promise.resolve())),
    restart: (keep) =>
      inTurn(async () => {
        const fresh = await open(`${path}.new`, 'w');
        await fresh.appendFile(keep.map((record) => `${JSON.stringify(record)}\n`).join(''));
        await fresh.close();
        await file.close();
        await rename(`${path}.new`, path);
        file = await open(path, 'a');
      }),
    close: () => inTurn(() => file.close()),
  };
}

/** Calls `take` with every whole line; returns the bytes that whole lines occupy. */
async function readLines(path: string, take: (line: string) => void): Promise<number> {
  if ((await sizeOf(path)) === 0) return 0;
  let whole = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    let bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      take(bytes.toString('utf8', 0, end));
      whole += end + 1;
      bytes = bytes.subarray(end + 1);
    }
    rest = bytes;
  }
  return whole;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

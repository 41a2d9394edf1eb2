import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Chance, newToken } from '../../../kernel/index.ts';
import type { FileSigner } from '../../../platform/signing/index.ts';
import type { FileNames } from './settlement-files.ts';

type Content = AsyncIterable<unknown> | Iterable<unknown>;

export interface FileContents {
  csv: Content;
  /** Given the SHA-256 of the CSV beside it, which the page shows. */
  pdf(csvHash: string): Promise<Content>;
}

/** Writes a set of files, whole and signed, or again where they are. */
export type FileWriter = (names: FileNames, contents: FileContents) => Promise<void>;

/**
 * Writes so that each file is there whole or not at all: beside its name first, then synced and renamed; the signature comes last.
 * Two may write the same set at once, when the work of one took longer than its lease: each has names of its own until it
 * renames. A process that dies leaves at most a file ending in `.part`, which nobody reads.
 */
export function signedFileWriter(chance: Chance, signer: FileSigner): FileWriter {
  return (names, contents) => writeSigned(names, contents, { signer, own: newToken(chance) });
}

async function writeSigned(
  names: FileNames,
  contents: FileContents,
  { signer, own }: { signer: FileSigner; own: string },
): Promise<void> {
  const path = (name: string) => join(names.directory, name);
  const writeWhole = (file: string, content: Content) => renameWhole(path(file), `${path(file)}.${own}.part`, content);
  await mkdir(names.directory, { recursive: true });
  // What is there from before must not look proven while it is replaced.
  await rm(path(names.signature), { force: true });
  await writeWhole(names.csv, contents.csv);
  await writeWhole(names.pdf, await contents.pdf(await sha256(path(names.csv))));
  const sums = await sumsOf(names);
  await writeWhole(names.sums, [sums]);
  await writeWhole(names.signature, [signer.sign(sums)]);
}

async function renameWhole(path: string, part: string, content: Content): Promise<void> {
  try {
    await pipeline(content, createWriteStream(part));
    const file = await open(part, 'r+');
    await file.sync();
    await file.close();
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** The lines of `sha256sum csv pdf`. */
export async function sumsOf({ directory, csv, pdf }: FileNames): Promise<Buffer> {
  const lines = [];
  for (const name of [csv, pdf]) lines.push(`${await sha256(join(directory, name))}  ${name}\n`);
  return Buffer.from(lines.join(''));
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

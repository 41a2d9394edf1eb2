import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileSigner } from '../../../platform/signing/index.ts';
import type { FileNames } from './settlement-files.ts';

type Content = AsyncIterable<unknown> | Iterable<unknown>;

export interface FileContents {
  csv: Content;
  /** Given the SHA-256 of the CSV beside it, which the page shows. */
  pdf(csvHash: string): Promise<Content>;
}

/**
 * Writes a set of files so that each is there whole or not at all: beside its name first, then synced and renamed; the signature
 * comes last. A process that dies leaves at most a file ending in `.part`, which the next writing replaces.
 */
export async function writeSigned(names: FileNames, contents: FileContents, signer: FileSigner): Promise<void> {
  const path = (name: string) => join(names.directory, name);
  await mkdir(names.directory, { recursive: true });
  // What is there from before must not look proven while it is replaced.
  await rm(path(names.signature), { force: true });
  await writeWhole(path(names.csv), contents.csv);
  await writeWhole(path(names.pdf), await contents.pdf(await sha256(path(names.csv))));
  const sums = await sumsOf(names);
  await writeWhole(path(names.sums), [sums]);
  await writeWhole(path(names.signature), [signer.sign(sums)]);
}

async function writeWhole(path: string, content: Content): Promise<void> {
  const part = `${path}.part`;
  await pipeline(content, createWriteStream(part));
  const file = await open(part, 'r+');
  await file.sync();
  await file.close();
  await rename(part, path);
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

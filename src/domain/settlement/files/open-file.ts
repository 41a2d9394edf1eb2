import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Refusal } from '../../../kernel/index.ts';
import type { FileNames } from './settlement-files.ts';

export type FilePart = 'csv' | 'pdf' | 'sums' | 'signature';
export const FILE_PARTS: readonly FilePart[] = ['csv', 'pdf', 'sums', 'signature'];

/** A file as it lies in the folder of its biller. */
export interface LyingFile {
  part: FilePart;
  name: string;
  bytes: number;
}

/** Those of a set that are there. */
export async function filesThere(names: FileNames): Promise<LyingFile[]> {
  const found = await Promise.all(
    FILE_PARTS.map(async (part) => {
      const name = names[part];
      const lies = await stat(join(names.directory, name)).catch(() => undefined);
      return lies?.isFile() ? { part, name, bytes: lies.size } : undefined;
    }),
  );
  return found.filter((file) => file !== undefined);
}

/** One of them to be read from its beginning; replaced meanwhile, it is read as it was. Refuses with `settlement-file.not-found`. */
export async function openFile(names: FileNames, part: FilePart): Promise<LyingFile & { content: Readable }> {
  const name = names[part];
  const file = await open(join(names.directory, name), 'r').catch(() => undefined);
  if (!file) throw new Refusal('settlement-file.not-found');
  const { size: bytes } = await file.stat();
  return { part, name, bytes, content: file.createReadStream() };
}

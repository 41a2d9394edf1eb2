import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSigner } from '../../../platform/signing/index.ts';
import type { FileNames } from './settlement-files.ts';
import { sumsOf } from './write-signed.ts';

/** What is wrong with a set of files, in the order in which it is looked for; nothing: they are as we wrote them. */
export type FileProblem = { kind: 'missing'; name: string } | { kind: 'signature' } | { kind: 'changed'; name: string };

/** Checks the signature over the sums, then the sums of both files. */
export async function verifySigned(names: FileNames, signer: Pick<FileSigner, 'verify'>): Promise<FileProblem[]> {
  const read = (name: string) => readFile(join(names.directory, name)).catch(() => undefined);
  const [sums, signature] = [await read(names.sums), await read(names.signature)];
  if (!sums) return [{ kind: 'missing', name: names.sums }];
  if (!signature) return [{ kind: 'missing', name: names.signature }];
  if (!signer.verify(sums, signature)) return [{ kind: 'signature' }];
  const now = await sumsOf(names).catch(() => undefined);
  if (!now) return [{ kind: 'missing', name: `${names.csv} / ${names.pdf}` }];
  const [signed, found] = [linesOf(sums), linesOf(now)];
  return [names.csv, names.pdf].flatMap((name, at): FileProblem[] =>
    signed[at] === found[at] ? [] : [{ kind: 'changed', name }],
  );
}

const linesOf = (sums: Buffer): string[] => sums.toString('utf8').split('\n');

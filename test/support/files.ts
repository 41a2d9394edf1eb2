import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for the files of a suite. */
export interface Folder {
  readonly path: string;
  /** Writes a file and returns its path. */
  file(name: string, content: string | Buffer): Promise<string>;
  drop(): Promise<void>;
}

export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'malipo-files-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    path,
    async file(name, content) {
      await writeFile(join(path, name), content);
      return join(path, name);
    },
    async drop() {
      process.off('exit', remove);
      await rm(path, { recursive: true, force: true });
    },
  };
}

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ListRules, PayoutListSchema, readPayoutList } from '../../domain/payout-lists/index.ts';
import { Refusal, sleep } from '../../kernel/index.ts';
import type { UploadedFile } from '../../platform/http/index.ts';
import type { ConsoleDeps } from './console-deps.ts';

interface GivenFile {
  ownerId: string;
  givenBy: string;
  file: UploadedFile;
  rules: ListRules;
}

/** Lists that this process reads behind its pages. */
export interface ListReaders {
  /**
   * Begins to read a file, and takes it over: it is removed when it was read. Returns once everybody can look how far it is. Refuses with
   * `list.busy` while as many are read as one process reads at once; then the file is still the giver's, who is told otherwise by `taken`.
   */
  begin(given: GivenFile, taken: () => void): Promise<string>;
  /** Breaks them off; nothing of them counts, and whoever gave them is told. */
  stop(): void;
}

/** Reading keeps the store's writer busy. */
const MOST_AT_ONCE = 3;
const LOOK_EVERY_MS = 50;
/** No list takes as long: the process that took it in is gone. */
const LEFT_BEHIND_MS = 3_600_000;

export function makeListReaders({
  domain,
  log,
  uploads,
}: Pick<ConsoleDeps, 'domain' | 'log' | 'uploads'>): ListReaders {
  const { runtime, database } = domain;
  const running = new Set<AbortController>();
  const isThere = (id: string) => database.reader.existsBy(PayoutListSchema, { id });
  return {
    async begin({ ownerId, givenBy, file: { path, fileName }, rules }, taken) {
      if (running.size >= MOST_AT_ONCE) throw new Refusal('list.busy');
      taken();
      const ended = new AbortController();
      running.add(ended);
      const id = runtime.ids.next();
      let isOver = false;
      void (async () => {
        try {
          await removeLeftBehind();
          await readPayoutList(domain, { id, ownerId, givenBy, path, fileName, rules }, { signal: ended.signal });
        } catch (err) {
          if (!ended.signal.aborted) log.error({ err, listId: id }, 'a list could not be read');
        } finally {
          isOver = true;
          running.delete(ended);
          await rm(path, { force: true });
        }
      })();
      while (!isOver && !(await isThere(id))) await sleep(runtime.clock, LOOK_EVERY_MS);
      return id;
    },
    stop() {
      for (const one of running) one.abort();
    },
  };

  /** What a process left that died while it read. */
  async function removeLeftBehind(): Promise<void> {
    for (const name of await readdir(uploads.directory)) {
      const path = join(uploads.directory, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      // By the clock of the disk.
      if (mtimeMs + LEFT_BEHIND_MS < runtime.clock.now()) await rm(path, { force: true });
    }
  }
}

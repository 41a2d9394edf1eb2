import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../../../kernel/index.ts';
import type { MenuLibrary, MenuLog } from './menu-library.ts';

/** Editors write a file in several steps, and a deployment writes several files. */
const SETTLE_MS = 300;

/** Reloads the menu soon after a file of it changed. Returns what stops the watching. */
export function watchMenus(deps: { directory: string; library: MenuLibrary; clock: Clock; log: MenuLog }): () => void {
  const { directory, library, clock, log } = deps;
  const watchers = new Map<string, FSWatcher>();
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let stopped = false;

  const onChange = (): void => {
    timer?.cancel();
    timer = clock.setTimer(SETTLE_MS, reloadInTurn, { unref: true });
  };
  const reloadInTurn = (): void => {
    running = running.then(async () => {
      if (stopped) return;
      watchAll();
      await library.reload();
    });
  };
  // One watcher a directory: watching a whole tree is not reliable on Linux.
  const watchAll = (): void => {
    for (const path of directoriesOf(directory)) {
      if (watchers.has(path)) continue;
      try {
        const watcher = watch(path, { persistent: false }, onChange);
        watcher.on('error', (error) => {
          log.warn({ err: error }, 'a menu directory is no longer watched');
          watcher.close();
          watchers.delete(path);
        });
        watchers.set(path, watcher);
      } catch (error) {
        log.warn({ err: error }, 'a menu directory cannot be watched: changes need a restart');
      }
    }
  };
  watchAll();
  return () => {
    stopped = true;
    timer?.cancel();
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
}

function directoriesOf(directory: string): string[] {
  const texts = join(directory, 'texts');
  try {
    const languages = readdirSync(texts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [directory, texts, ...languages.map(({ name }) => join(texts, name))];
  } catch {
    return [directory];
  }
}

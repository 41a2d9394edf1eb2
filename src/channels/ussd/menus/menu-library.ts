import { type CompiledMenu, compileMenu, type MenuOptions } from './compiled-menu.ts';
import { deserializeMenu } from './menu-content.ts';
import { loadMenu, type MenuParts, type ProvenMenu } from './prove-menu.ts';

/** Keeps every version that was ever current, so that a session can go on with its own on another process or later. */
export interface MenuArchive {
  /** Keeps a version; harmless when it is already kept. */
  save(hash: string, content: string): Promise<void>;
  load(hash: string): Promise<string | undefined>;
}

export interface MenuLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The menus of a running service: the current one and those that sessions under way are on. */
export interface MenuLibrary {
  current(): CompiledMenu;
  /** A version that this process has at hand. */
  held(hash: string): CompiledMenu | undefined;
  /** A version from the archive; undefined when it is unknown or cannot run on this code. */
  fetch(hash: string): Promise<CompiledMenu | undefined>;
  /** Loads the directory again. A menu that does not hold together is refused and logged, and the current one stays. */
  reload(): Promise<'changed' | 'same' | 'refused'>;
}

export interface MenuLibraryDeps {
  directory: string;
  parts: MenuParts;
  options: MenuOptions;
  archive: MenuArchive;
  log: MenuLog;
}

/** Versions that stay compiled; more are in use only while someone edits menus by the minute. */
const MOST_HELD = 16;

/** Loads, proves and archives the menu of a directory. Throws `MenuError` or `TextsError` when it does not hold together. */
export async function openMenuLibrary(deps: MenuLibraryDeps): Promise<MenuLibrary> {
  const held = new Map<string, CompiledMenu>();
  const fetching = new Map<string, Promise<CompiledMenu | undefined>>();
  const hold = (menu: CompiledMenu): void => {
    held.delete(menu.hash);
    held.set(menu.hash, menu);
    for (const hash of held.keys()) {
      if (held.size <= MOST_HELD) break;
      if (hash !== current.hash) held.delete(hash);
    }
  };
  const read = (): ProvenMenu => loadMenu(deps.directory, deps.parts, deps.options);
  let current = read().menu;
  await deps.archive.save(current.hash, current.content);
  hold(current);

  const fetch = async (hash: string): Promise<CompiledMenu | undefined> => {
    const content = await deps.archive.load(hash);
    if (content === undefined) return undefined;
    const menu = compileKept(content, hash, deps);
    if (menu) hold(menu);
    return menu;
  };
  return {
    current: () => current,
    held: (hash) => held.get(hash),
    fetch(hash) {
      const known = fetching.get(hash);
      if (known) return known;
      const started = fetch(hash).finally(() => fetching.delete(hash));
      fetching.set(hash, started);
      return started;
    },
    async reload() {
      try {
        const { menu } = read();
        if (menu.hash === current.hash) return 'same';
        // Kept before it is shown: the first session on it may go on in another process.
        await deps.archive.save(menu.hash, menu.content);
        current = menu;
        hold(menu);
        deps.log.info({ menu: menu.hash }, 'a new version of the menu is in use');
        return 'changed';
      } catch (error) {
        deps.log.error({ err: error }, 'the changed menu was refused; the one in use stays');
        return 'refused';
      }
    },
  };
}

/** An old version may name an action that this code no longer has: then it cannot run, and its sessions start again. */
function compileKept(
  content: string,
  hash: string,
  { parts, options, log }: MenuLibraryDeps,
): CompiledMenu | undefined {
  try {
    const menu = compileMenu(deserializeMenu(content), options);
    const unknown = Object.values(menu.source.nodes).find(
      (node) => node.kind === 'action' && !(node.run in parts.specs),
    );
    if (!unknown) return menu;
    log.warn({ menu: hash }, 'a kept menu uses an action that is no more');
  } catch (error) {
    log.warn({ menu: hash, err: error }, 'a kept menu cannot be read');
  }
  return undefined;
}

/** From the top down. A shelf imports from those below it only. */
export const SHELVES = ['channels', 'domain', 'money', 'providers', 'platform', 'kernel'] as const;
export type Shelf = (typeof SHELVES)[number];

export interface Place {
  /** `above`: main.ts, wiring, commands and ormconfig.ts, which stand over all shelves. */
  shelf: Shelf | 'simulator' | 'above';
  /** The folder with an index of its own: `src/kernel`, `src/simulator`, `src/platform/http`. */
  unit: string;
}

/** Where a file of the project stands; its path is relative to the root, with `/`. */
export function placeOf(path: string): Place {
  const [src, top = '', folder = ''] = path.split('/');
  if (src !== 'src' || !path.slice(4).includes('/')) return { shelf: 'above', unit: '' };
  if (top === 'simulator') return { shelf: 'simulator', unit: 'src/simulator' };
  const shelf = SHELVES.find((name) => name === top);
  if (!shelf) return { shelf: 'above', unit: '' };
  return { shelf, unit: shelf === 'kernel' ? 'src/kernel' : `src/${shelf}/${folder}` };
}

/** The simulator speaks real wires only: it shares nothing with the gateway but these. */
const SIMULATOR_MAY_IMPORT = ['src/kernel', 'src/platform/http', 'src/platform/log'];

/** Providers talk to the outside; what they learn is stored by those above them. */
const STORES = ['src/platform/database', 'src/platform/inbox', 'src/platform/outbox', 'src/platform/scheduler'];

const PACKAGES_REFUSED: readonly { shelves: readonly Place['shelf'][]; packages: RegExp }[] = [
  { shelves: ['domain', 'money', 'providers', 'kernel'], packages: /^(koa|@koa\/.*|preact|preact-.*|htmx.*)$/ },
  { shelves: ['providers', 'channels', 'kernel', 'simulator'], packages: /^(typeorm|mysql2|libsql)(\/.*)?$/ },
  { shelves: ['channels', 'domain', 'money', 'providers', 'kernel'], packages: /^ioredis(\/.*)?$/ },
];

/** Why the file may not import that package; undefined when it may. */
export function packageRefusal(from: string, specifier: string): string | undefined {
  const { shelf } = placeOf(from);
  const refused = PACKAGES_REFUSED.some(({ shelves, packages }) => shelves.includes(shelf) && packages.test(specifier));
  return refused ? `${shelf} must not know ${specifier}` : undefined;
}

/** Why `from` may not import the file `to`; undefined when it may. `hasIndex` tells whether a folder has an index.ts. */
export function importRefusal(from: string, to: string, hasIndex: (folder: string) => boolean): string | undefined {
  const [here, there] = [placeOf(from), placeOf(to)];
  if (here.shelf !== 'above' && there.shelf === 'above') return 'what stands above all is imported by nobody below';
  if (here.unit !== there.unit) return crossing(here, there) ?? inside(from, to, hasIndex);
  return inside(from, to, hasIndex);
}

function crossing(here: Place, there: Place): string | undefined {
  if (here.shelf === 'above') return undefined;
  if (there.shelf === 'simulator') return 'nobody imports the simulator';
  if (here.shelf === 'simulator') {
    return SIMULATOR_MAY_IMPORT.includes(there.unit) ? undefined : `the simulator must not import ${there.unit}`;
  }
  if (here.shelf === 'channels' && there.shelf === 'channels') return 'channels do not import each other';
  const [height, other] = [SHELVES.indexOf(here.shelf), SHELVES.indexOf(there.shelf as Shelf)];
  if (other < height) return `upward: ${here.shelf} stands below ${there.shelf}`;
  if (here.shelf === 'providers' && STORES.includes(there.unit)) return 'providers do not see the stores';
  return undefined;
}

/**
 * A folder is entered through its index: another unit always (its own index only; those above all may also name a folder within
 * it, such as one concrete provider), a folder within the own unit when it has one.
 */
function inside(from: string, to: string, hasIndex: (folder: string) => boolean): string | undefined {
  const [here, there] = [placeOf(from), placeOf(to)];
  if (there.shelf === 'above') return undefined;
  if (here.unit !== there.unit) {
    const entries = here.shelf === 'above' ? /\/index\.ts$/.test(to) : to === `${there.unit}/index.ts`;
    return entries ? undefined : `the inside of ${there.unit}: import its index.ts`;
  }
  const folder = folderOf(to);
  const isOwnOrParent = `${folderOf(from)}/`.startsWith(`${folder}/`);
  if (isOwnOrParent || to.endsWith('/index.ts') || !hasIndex(folder)) return undefined;
  return `the inside of ${folder}: import its index.ts`;
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

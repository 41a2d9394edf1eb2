import { posix } from 'node:path';
import { findRings } from './find-rings.ts';
import { lineAt, scanSource } from './scan-source.ts';
import { folderOf, importRefusal, packageRefusal, placeOf } from './shelves.ts';

/** What only the kernel may use: everybody else asks the runtime for time, ids and chance. */
const KERNEL_ONLY: readonly [RegExp, string][] = [
  [/(?<![\w$])Date\.now\b/g, 'Date.now'],
  [/(?<![\w$.])new\s+Date\s*(?:\(\s*\)|(?![\w\s(]))/g, 'new Date()'],
  [/(?<![\w$.]|new\s)Date\s*\(\s*\)/g, 'Date()'],
  [/(?<![\w$])Math\.random\b/g, 'Math.random'],
  [/(?<![\w$])performance\.now\b/g, 'performance.now'],
  [/(?<![\w$])process\.hrtime\b/g, 'process.hrtime'],
  [/(?<![\w$])AbortSignal\.timeout\b/g, 'AbortSignal.timeout'],
  [/(?:(?<![\w$.])|globalThis\.)(?:setTimeout|setInterval)\b/g, 'setTimeout or setInterval'],
  [
    /(?<![\w$])(?:randomUUID|randomBytes|randomInt|randomFillSync|randomFill|getRandomValues)\b/g,
    'randomness of node:crypto',
  ],
];
const KERNEL_ONLY_PACKAGES = /^(node:)?timers(\/promises)?$|^uuid$/;

/**
 * Every break of the rules of the house, as `src/a/b.ts:3 imports ...: why`. `sources`: path from the root -> text of every
 * TypeScript file that is looked at.
 */
export function findFaults(sources: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  const edges = new Map<string, { to: string; line: number }[]>();
  const hasIndex = (folder: string) => sources.has(`${folder}/index.ts`);
  for (const [path, source] of sources) {
    const { imports, code } = scanSource(source);
    const own: { to: string; line: number }[] = [];
    edges.set(path, own);
    for (const { specifier, line } of imports) {
      const relative = specifier.startsWith('.');
      const to = relative ? posix.join(folderOf(`./${path}`), specifier) : undefined;
      if (to !== undefined) own.push({ to, line });
      const why = to === undefined ? refusedPackage(path, specifier) : importRefusal(path, to, hasIndex);
      if (why !== undefined) faults.push(`${path}:${line} imports ${specifier}: ${why}`);
    }
    if (placeOf(path).shelf !== 'kernel') faults.push(...kernelOnly(path, code));
  }
  for (const ring of findRings(edges)) faults.push(ring);
  return faults;
}

function refusedPackage(path: string, specifier: string): string | undefined {
  const { shelf } = placeOf(path);
  if (shelf !== 'kernel' && KERNEL_ONLY_PACKAGES.test(specifier)) return 'time, ids and chance come from the kernel';
  return packageRefusal(path, specifier);
}

function kernelOnly(path: string, code: string): string[] {
  return KERNEL_ONLY.flatMap(([pattern, name]) =>
    [...code.matchAll(pattern)].map(
      ({ index }) => `${path}:${lineAt(code, index)} uses ${name}: time, ids and chance come from the kernel`,
    ),
  );
}

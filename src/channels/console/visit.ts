import type { Context } from 'koa';
import type { Actor } from '../../domain/audit/index.ts';
import { makeProgressReader, type ProgressReader } from '../../domain/payout-batches/index.ts';
import type { SignedIn, StaffRole } from '../../domain/staff/index.ts';
import { type ChartPainter, makeChartPainter } from '../../platform/charts/index.ts';
import { type Downloads, makeDownloads, type UploadedFile } from '../../platform/http/index.ts';
import { PAGE_FILES, type StaticFiles, staticFiles } from '../../platform/pages/index.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { type ListReaders, makeListReaders } from './list-readers.ts';
import type { ConsoleWords } from './words.ts';

export interface Assets {
  styles: readonly string[];
  scripts: readonly string[];
  icon: string;
}

/** What the routes share. */
export interface Desk {
  deps: ConsoleDeps;
  files: StaticFiles;
  assets: Assets;
  downloads: Downloads;
  painter: ChartPainter;
  lists: ListReaders;
  progress: ProgressReader;
}

/** One request, with what its answer needs. */
export interface Visit {
  ctx: Context;
  words: ConsoleWords;
  assets: Assets;
  /** Network address of the visitor, as the audit log keeps it. */
  address: string;
  agent: string;
  signedIn: SignedIn | undefined;
  /** Empty where nobody is signed in. */
  roles: readonly StaffRole[];
  /** Whose affairs are shown: `house`, or the id of the organisation; empty where nobody is signed in. */
  scope: string;
  isHouse: boolean;
  /** Whom the audit log names; only where somebody is signed in. */
  actor(): Actor;
  may(...roles: readonly StaffRole[]): boolean;
  /** Goes into every form, as the field `csrf`. */
  csrf: string;
  /** Of a POST; empty for a GET. */
  form: Readonly<Record<string, string>>;
  /** Of a form that brings one; it is gone once the route is done, unless the route says `keep`. */
  file: (UploadedFile & { keep(): void }) | undefined;
  /** Of the address: the first value of each. */
  query: Readonly<Record<string, string>>;
  /** Answers a POST: the page is then fetched anew, so that a reload repeats nothing. */
  goTo(path: string): void;
}

/** Files that one process sends at once: each keeps the store busy. */
const MOST_DOWNLOADS = 4;

export function openDesk(deps: ConsoleDeps): Desk {
  const files = consoleFiles();
  const assets = {
    styles: [files.address('page.css'), files.address('console.css')],
    scripts: [files.address('console.js')],
    icon: files.address('icon.svg'),
  };
  const downloads = makeDownloads({ most: MOST_DOWNLOADS });
  const painter = makeChartPainter(deps.domain.runtime);
  return {
    deps,
    files,
    assets,
    downloads,
    painter,
    lists: makeListReaders(deps),
    progress: makeProgressReader(deps.domain),
  };
}

let files: StaticFiles | undefined;
/** Read once a process. */
function consoleFiles(): StaticFiles {
  files ??= staticFiles([PAGE_FILES, new URL('./public/', import.meta.url)], '/console/static');
  return files;
}

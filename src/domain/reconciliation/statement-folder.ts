import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSource, type StatementParty } from './file-source.ts';
import { type ImportResult, importStatement } from './import-statement.ts';
import { StatementFaultSchema, StatementRowSchema } from './statement.ts';
import type { StatementDeps } from './statement-deps.ts';

/** What a program writes under while it is not done, and what is no statement at all. */
const NOT_YET = /(^\.|^~\$|\.(part|partial|tmp|temp|crdownload|filepart|txt)$)/i;
const MOST_FILES_A_RUN = 1_000;

export interface FolderSettings {
  /** Holds a folder for every party: `statements/maji-water/`. */
  directory: string;
  /** A file that was written to within this time may not be whole yet. */
  settleMs: number;
}

/**
 * Reads what was dropped for every party that has a folder, oldest name first. A file that was taken moves to `done/`, one that was
 * refused to `refused/`, each with a text beside it that says what was made of it. A file that may still be written to is left alone,
 * and so is one whose party is being read. Returns how many files were taken and refused.
 */
export async function readStatementFolder(
  deps: StatementDeps,
  settings: FolderSettings,
  parties: readonly StatementParty[],
  signal?: AbortSignal,
): Promise<{ taken: number; refused: number }> {
  const count = { taken: 0, refused: 0 };
  for (const party of parties) {
    const folder = join(settings.directory, party.party);
    for (const name of await settledFiles(deps, folder, settings.settleMs)) {
      signal?.throwIfAborted();
      try {
        const { kind } = await readOne(deps, folder, name, party, signal);
        if (kind === 'complete') count.taken += 1;
        else if (kind === 'refused') count.refused += 1;
      } catch (err) {
        signal?.throwIfAborted();
        // One file that cannot be opened or moved must not keep the ones behind it from being read.
        deps.log.error({ err, party: party.party, file: name }, 'a dropped file could not be handled');
      }
    }
  }
  return count;
}

async function settledFiles({ runtime }: StatementDeps, folder: string, settleMs: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isFile() && !NOT_YET.test(entry.name)).map(({ name }) => name);
  const settled: string[] = [];
  for (const name of names.sort().slice(0, MOST_FILES_A_RUN)) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    // A copy may keep the time of its original: when it came here is the other one.
    if (found && Math.max(found.mtimeMs, found.ctimeMs) <= runtime.clock.now() - settleMs) settled.push(name);
  }
  return settled;
}

async function readOne(
  deps: StatementDeps,
  folder: string,
  name: string,
  party: StatementParty,
  signal?: AbortSignal,
): Promise<ImportResult> {
  const path = join(folder, name);
  const source = await fileSource(path, 'folder', party);
  const read = await importStatement(deps, source, signal ? { signal } : {});
  const result = (await takenBefore(deps, folder, name, read)) ?? read;
  if (result.kind === 'busy') return result;
  const to = join(folder, result.kind === 'complete' ? 'done' : 'refused');
  await mkdir(to, { recursive: true });
  const stamp = new Date(deps.runtime.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const moved = join(to, `${stamp}-${name}`);
  await writeFile(`${moved}.txt`, await report(deps, name, result));
  await rename(path, moved);
  return result;
}

/** The file was taken by a process that died before it could move it: it is moved now, and not refused for having been seen. */
async function takenBefore(
  { database }: StatementDeps,
  folder: string,
  name: string,
  result: ImportResult,
): Promise<ImportResult | undefined> {
  const earlier = result.kind === 'refused' ? result.earlier : undefined;
  if (earlier?.source !== 'folder' || earlier.fileName !== name) return undefined;
  const done = await readdir(join(folder, 'done')).catch(() => []);
  if (done.some((moved) => moved.endsWith(`Z-${name}`))) return undefined;
  const where = { statementId: earlier.id, lineState: 'repeated' } as const;
  const repeated = await database.reader.countBy(StatementRowSchema, where);
  // What it said of the balances beside it is kept as a break.
  return { kind: 'complete', statement: earlier, repeated, apart: [] };
}

/** What became of a file, for whoever dropped it. */
async function report({ database }: StatementDeps, name: string, result: ImportResult): Promise<string> {
  const id =
    result.kind === 'complete' ? result.statement.id : result.kind === 'refused' ? result.statementId : undefined;
  const faults = id
    ? await database.reader.find(StatementFaultSchema, { where: { statementId: id }, order: { lineNo: 'ASC' } })
    : [];
  const lines =
    result.kind === 'complete'
      ? [`${name} was taken: ${result.statement.lines} lines, ${result.repeated} of them known before.`]
      : [`${name} was refused; nothing of it was taken.`, result.problem];
  if (result.kind === 'complete') lines.push(...result.apart);
  if (result.kind === 'complete' && faults.length > 0)
    lines.push(`${faults.length} rows could not be read and are missing:`);
  for (const { lineNo, columnName, reason } of faults) {
    lines.push(`line ${lineNo}${columnName ? `, column "${columnName}"` : ''}: ${reason}`);
  }
  return `${lines.join('\n')}\n`;
}

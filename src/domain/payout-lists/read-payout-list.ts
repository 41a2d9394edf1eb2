import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hashFile } from '../../platform/tables/index.ts';
import { cleanStaleLists, discardList } from './discard-list.ts';
import { type Finding, type FindingCode, ListRefused, refusalOf } from './finding.ts';
import type { PayoutListDeps } from './list-deps.ts';
import { type ListRules, MOST_LIST_ROWS } from './list-rules.ts';
import { openList } from './open-list.ts';
import { type PayoutList, PayoutListSchema, payoutListStates } from './payout-list.ts';
import { type ListPiece, readList } from './read-list.ts';
import { LEASE_MS, ListLost, renewLease, stageRows } from './stage-rows.ts';

export interface GivenList {
  /** Made beforehand by who wants to look at the list while it is read. */
  id?: string;
  ownerId: string;
  givenBy: string;
  /** Where the file is; it is neither changed nor removed. */
  path: string;
  /** As its giver names it. */
  fileName: string;
  rules: ListRules;
}

export interface ListProgress {
  rows: number;
  bytes: number;
  totalBytes: number;
}

export interface ListOptions {
  /** Called after each piece; the list's own row says the same to other processes. */
  onProgress?: (progress: ListProgress) => void;
  /** Ends the reading between two pieces, with nothing kept. */
  signal?: AbortSignal;
}

/**
 * Reads a file with people to be paid into the staging tables, some rows at a time, and checks each. The list comes back as `read`,
 * with its faults and warnings beside their cells, or as `refused`, with the reason and without a row. It counts in one commit at its
 * end: whoever dies before leaves what `cleanStaleLists` takes away. Throws when the store fails or on a bug; then too nothing counts.
 */
export async function readPayoutList(
  deps: PayoutListDeps,
  given: GivenList,
  options: ListOptions = {},
): Promise<PayoutList> {
  await cleanStaleLists(deps);
  const before = await traitsOf(given.path);
  const list = newList(deps, given, await hashFile(given.path));
  await deps.database.transaction((tx) => tx.insert(PayoutListSchema, list));
  try {
    const read = await stageAll(deps, list, given, options);
    if ((await traitsOf(given.path)) !== before) throw new ListRefused('file.changed');
    return await accept(deps, list, read, given.rules);
  } catch (error) {
    const finding = refusalOf(error);
    if (!(error instanceof ListLost)) {
      await discardList(deps, list.id, finding ?? new ListRefused('file.broken-off').finding);
      if (!finding) throw error;
      deps.log.info({ listId: list.id, code: finding.code }, 'a list of payees was refused');
    }
    return deps.database.reader.findOneByOrFail(PayoutListSchema, { id: list.id });
  }
}

/** What a writer cannot leave as it was. */
async function traitsOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return `${ino} ${size} ${mtimeMs}`;
}

function newList({ runtime }: PayoutListDeps, given: GivenList, contentHash: string): PayoutList {
  const now = runtime.clock.now();
  return {
    id: given.id ?? runtime.ids.next(),
    ownerId: given.ownerId,
    givenBy: given.givenBy,
    mendedBy: null,
    fileName: basename(given.fileName)
      .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
      .slice(0, 255),
    contentHash,
    state: 'reading',
    currency: given.rules.currency,
    ...{ sheet: null, names: null, rowsRead: 0, faultRows: 0, warningRows: 0, totalMinor: 0n },
    ...{ findings: '[]', counts: '{}', bytesRead: 0, bytesTotal: 0 },
    ...{ startedAtMs: now, finishedAtMs: null, leaseUntilMs: now + LEASE_MS, batchId: null },
  };
}

/** What is known of a list while it is read. */
interface Read {
  names: string | null;
  sheet: string | null;
  rowsRead: number;
  faultRows: number;
  warningRows: number;
  totalMinor: bigint;
  findings: Finding[];
  counts: Partial<Record<FindingCode, number>>;
  bytesRead: number;
}

async function stageAll(
  deps: PayoutListDeps,
  { id }: PayoutList,
  { path, fileName, rules }: GivenList,
  { onProgress, signal }: ListOptions,
): Promise<Read & { bytesTotal: number }> {
  const words = deps.listWords;
  const file = await openList(path, words);
  const { totalBytes } = file;
  const read: Read = {
    ...{ names: null, sheet: null, rowsRead: 0, faultRows: 0, warningRows: 0, totalMinor: 0n },
    ...{ findings: [], counts: {}, bytesRead: 0 },
  };
  const mostRows = Math.min(rules.mostRows, MOST_LIST_ROWS);
  // A piece is written while the next is read: the store's time is not added to ours.
  let writing = Promise.resolve();
  try {
    for await (const piece of readList(file, { fileName, rules: { ...rules, mostRows }, words })) {
      signal?.throwIfAborted();
      await writing;
      const rowsBefore = read.rowsRead;
      count(read, piece);
      const { rowsRead, bytesRead } = read;
      writing = stageRows(deps, id, piece.rows, rowsBefore, { rowsRead, bytesRead, bytesTotal: totalBytes }).then(() =>
        onProgress?.({ rows: rowsRead, bytes: bytesRead, totalBytes }),
      );
      // Its failure is told by who waits for it, not by a process that ends of it meanwhile.
      writing.catch(() => {});
    }
  } finally {
    // Who goes on, or takes the rows away again, does it after the last write.
    await writing;
  }
  if (read.rowsRead === 0) throw new ListRefused('file.no-rows', {}, { sheet: read.sheet });
  return { ...read, bytesRead: totalBytes, bytesTotal: totalBytes };
}

function count(read: Read, { head, rows, findings, bytes }: ListPiece): void {
  if (head) {
    const { rowNo, columns } = head.names;
    [read.sheet, read.names] = [head.sheet?.slice(0, 64) ?? null, JSON.stringify({ row: rowNo, columns })];
  }
  read.rowsRead += rows.length;
  read.bytesRead += bytes;
  read.findings.push(...findings);
  for (const { standing, amountMinor, findings: own } of rows) {
    if (standing === 'fault') read.faultRows += 1;
    else read.totalMinor += amountMinor ?? 0n;
    if (standing === 'warning') read.warningRows += 1;
    for (const { code } of own) read.counts[code] = (read.counts[code] ?? 0) + 1;
  }
}

async function accept(
  deps: PayoutListDeps,
  list: PayoutList,
  read: Read & { bytesTotal: number },
  { currency, mostTotalMinor }: ListRules,
): Promise<PayoutList> {
  const findings = [...(await seenBefore(deps, list)), ...read.findings];
  if (read.totalMinor > mostTotalMinor) {
    const minor = (amount: bigint) => ({ minor: String(amount), currency });
    findings.push(
      new ListRefused('list.total', { total: minor(read.totalMinor), most: minor(mostTotalMinor) }).finding,
    );
  }
  payoutListStates.assert(list.state, 'read');
  const patch = {
    ...{ ...read, findings: JSON.stringify(findings), counts: JSON.stringify(read.counts) },
    ...{ state: 'read' as const, finishedAtMs: deps.runtime.clock.now() },
  };
  await deps.database.transaction(async (tx) => {
    await renewLease(deps, tx, list.id);
    await tx.update(PayoutListSchema, { id: list.id, state: 'reading' }, { ...patch, leaseUntilMs: null });
  });
  const { rowsRead, faultRows, warningRows } = read;
  deps.log.info({ listId: list.id, rowsRead, faultRows, warningRows }, 'a list of payees was read');
  return { ...list, ...patch, leaseUntilMs: null };
}

/** The salaries of a month may be those of the month before, to the byte: it is told, and a person decides. */
async function seenBefore({ database }: PayoutListDeps, list: PayoutList): Promise<Finding[]> {
  const { ownerId, contentHash } = list;
  const [earlier] = await database.reader.find(PayoutListSchema, {
    where: { ownerId, contentHash, state: 'read' },
    order: { startedAtMs: 'DESC' },
    take: 1,
  });
  if (!earlier) return [];
  const { finding } = new ListRefused('file.seen-before', { at: earlier.startedAtMs });
  return [{ ...finding, severity: 'warning' }];
}

import { In } from 'typeorm';
import { AssignmentSchema } from './assignment.ts';
import type { QueueFilters } from './queue-filters.ts';
import { QUEUES, type Queue, type QueueItem } from './queue-item.ts';
import { type Draft, type QueueDeps, SOURCES } from './queue-sources.ts';
import { countRows, type QueuePlace, readOldest } from './read-oldest.ts';

/** With the forms of each thing a page of so many stays small on a poor line. */
const A_PAGE = 20;
const READ_TOGETHER = 500;
/** More than this is "many": a count that reads a table from end to end helps nobody. */
export const MOST_COUNTED = 1_000;

export interface QueuePage {
  /** Oldest first. */
  items: QueueItem[];
  /** Behind what the next page begins; undefined on the last. */
  next: QueuePlace | undefined;
}

interface Wanted {
  filters?: QueueFilters;
  after?: QueuePlace | undefined;
}

/** A page of one queue, with who has taken each thing on. */
export async function listQueue(deps: QueueDeps, queue: Queue, wanted: Wanted = {}): Promise<QueuePage> {
  const drafts = await read(deps, queue, wanted, A_PAGE + 1);
  const shown = drafts.slice(0, A_PAGE);
  const last = shown.at(-1);
  const next = drafts.length > A_PAGE && last ? { atMs: last.orderMs, id: last.id } : undefined;
  return { items: await withOwners(deps, queue, shown), next };
}

/** All things of one queue that fit, oldest first, some at a time. */
export async function* eachQueueItem(
  deps: QueueDeps,
  queue: Queue,
  filters: QueueFilters = {},
): AsyncGenerator<QueueItem[]> {
  let after: QueuePlace | undefined;
  for (;;) {
    const drafts = await read(deps, queue, { filters, after }, READ_TOGETHER);
    if (drafts.length > 0) yield await withOwners(deps, queue, drafts);
    const last = drafts.at(-1);
    if (!last || drafts.length < READ_TOGETHER) return;
    after = { atMs: last.orderMs, id: last.id };
  }
}

function read(deps: QueueDeps, queue: Queue, { filters = {}, after }: Wanted, take: number): Promise<Draft[]> {
  const owned = { queue, ownerId: filters.ownerId };
  return SOURCES[queue](deps, filters, async ({ rows, describe }) =>
    describe(await readOldest(deps.database, rows, owned, { take, after })),
  );
}

async function withOwners(deps: QueueDeps, queue: Queue, drafts: readonly Draft[]): Promise<QueueItem[]> {
  if (drafts.length === 0) return [];
  const owners = await deps.database.reader.findBy(AssignmentSchema, {
    ...{ queue, subjectId: In(drafts.map(({ id }) => id)) },
  });
  const byId = new Map(owners.map(({ subjectId, ownerId }) => [subjectId, ownerId]));
  return drafts.map(({ orderMs: _, ...item }) => ({ ...item, ownerId: byId.get(item.id) ?? null }));
}

/** How much of a queue fits, up to `most`. */
export function countQueue(
  deps: QueueDeps,
  queue: Queue,
  { filters = {}, most = MOST_COUNTED }: { filters?: QueueFilters; most?: number } = {},
): Promise<number> {
  const owned = { queue, ownerId: filters.ownerId };
  return SOURCES[queue](deps, filters, ({ rows }) => countRows(deps.database, rows, owned, most));
}

/** How much waits in each, up to `MOST_COUNTED`. */
export async function countQueues(deps: QueueDeps): Promise<ReadonlyMap<Queue, number>> {
  return new Map(await Promise.all(QUEUES.map(async (queue) => [queue, await countQueue(deps, queue)] as const)));
}

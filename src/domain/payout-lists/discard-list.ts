import { type FindOptionsWhere, LessThan } from 'typeorm';
import { type Finding, ListRefused } from './finding.ts';
import type { PayoutListDeps } from './list-deps.ts';
import { type PayoutList, PayoutListSchema } from './payout-list.ts';

type StoreDeps = Pick<PayoutListDeps, 'runtime' | 'database' | 'log'>;

/** Gives up a list that its own reader refuses. Nothing of it counted at any time. */
export async function discardList(deps: StoreDeps, id: string, finding: Finding): Promise<void> {
  await discard(deps, { id, state: 'reading' }, finding);
}

const MOST_STALE = 100;

/** Cleans up after readers that died; a list that is still written to is left alone. Returns how many there were. */
export async function cleanStaleLists(deps: StoreDeps): Promise<number> {
  const { runtime, database, log } = deps;
  const now = runtime.clock.now();
  const stale = await database.reader.find(PayoutListSchema, {
    where: { state: 'reading', leaseUntilMs: LessThan(now) },
    take: MOST_STALE,
  });
  for (const { id, state, leaseUntilMs } of stale) {
    // As it was seen: who has renewed it since keeps it.
    await discard(
      deps,
      { id, state, leaseUntilMs: leaseUntilMs as number },
      new ListRefused('file.broken-off').finding,
    );
    log.warn({ listId: id }, 'a list whose reader had died was given up');
  }
  return stale.length + (await cleanLeftRows(deps));
}

/** First its state, so that whoever still writes to it is stopped; then its rows. The lease is kept until they are gone. */
async function discard(deps: StoreDeps, where: FindOptionsWhere<PayoutList>, finding: Finding): Promise<void> {
  const { database, runtime } = deps;
  const id = where.id as string;
  const counts = { rowsRead: 0, faultRows: 0, warningRows: 0, totalMinor: 0n, counts: '{}' };
  const refused = { state: 'refused' as const, findings: JSON.stringify([finding]), finishedAtMs: runtime.clock.now() };
  const ours = await database.transaction((tx) => tx.update(PayoutListSchema, where, { ...refused, ...counts }));
  if (ours > 0) await deleteRows(deps, id);
}

/** Of lists that were given up by who died before he had deleted their rows. */
async function cleanLeftRows(deps: StoreDeps): Promise<number> {
  const left = await deps.database.reader.find(PayoutListSchema, {
    where: { state: 'refused', leaseUntilMs: LessThan(deps.runtime.clock.now()) },
    take: MOST_STALE,
  });
  for (const { id } of left) await deleteRows(deps, id);
  return left.length;
}

const DELETED_TOGETHER = 5_000;

/** In pieces, so that no lock is held for long. */
async function deleteRows({ database }: StoreDeps, listId: string): Promise<void> {
  for (;;) {
    const rows: { row_no: number | string }[] = await database.reader.query(
      'SELECT row_no FROM payout_list_row WHERE list_id = ? ORDER BY row_no LIMIT 1',
      [listId],
    );
    if (!rows[0]) break;
    const from = Number(rows[0].row_no);
    await database.transaction((tx) =>
      tx.manager.query('DELETE FROM payout_list_row WHERE list_id = ? AND row_no >= ? AND row_no < ?', [
        listId,
        from,
        from + DELETED_TOGETHER,
      ]),
    );
  }
  await database.transaction((tx) =>
    tx.update(PayoutListSchema, { id: listId, state: 'refused' }, { leaseUntilMs: null }),
  );
}

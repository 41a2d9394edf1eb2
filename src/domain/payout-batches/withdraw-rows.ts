import { TransferSchema, withdrawPayout } from '../../money/transfers/index.ts';
import { transactMany } from '../../platform/database/index.ts';
import { PayoutRowSchema } from './batch.ts';
import type { PayoutBatchDeps } from './deps.ts';
import { moveRow } from './move-batch.ts';

/** Of one commit. */
const TOGETHER = 100;

/**
 * Takes the rows back that were handed over and have not gone out: ready again, under their batch. Whoever stops a batch is believed at once,
 * and a wrong credential is not tried for a whole window of rows. Returns how many there were.
 */
export async function withdrawRows(deps: PayoutBatchDeps, batchId: string, reason: string): Promise<number> {
  let taken = 0;
  for (let afterRow = 0; ; ) {
    const queued: { id: string; row_no: unknown }[] = await deps.database.reader.query(
      `SELECT id, row_no FROM payout_row WHERE batch_id = ? AND state = 'queued' AND row_no > ? ORDER BY row_no LIMIT ${TOGETHER}`,
      [batchId, afterRow],
    );
    if (queued.length === 0) return taken;
    afterRow = Number(queued.at(-1)?.row_no);
    taken += await transactMany(deps.database, async (tx) => {
      const rowIds = queued.map(({ id }) => id);
      await tx.lockAll(PayoutRowSchema, 'id', rowIds);
      await tx.lockAll(TransferSchema, 'purposeId', rowIds);
      let count = 0;
      for (const { id } of queued) {
        const row = await tx.lockOne(PayoutRowSchema, { id });
        if (row?.state !== 'queued' || row.transferId === null) continue;
        if (!(await withdrawPayout(deps, tx, row.transferId, reason))) continue;
        await moveRow(deps, tx, row, 'ready', { actor: 'service', reason });
        count += 1;
      }
      return count;
    });
  }
}

import type { Actor } from '../audit/index.ts';
import type { Organisation } from '../organisations/index.ts';
import { type PayoutBatch, PayoutBatchSchema } from './batch.ts';
import type { Maker, PayoutBatchDeps } from './deps.ts';
import { actorText, addRowsWithin, createBatchWithin, type NewBatch, type NewRow } from './make-batch.ts';
import { recordBatchEvent } from './move-batch.ts';

/** A draft with its rows, wholly there or not at all. Refuses as `createBatch` does, and with `batch.too-many`. */
export function createFilledBatch(
  deps: PayoutBatchDeps,
  actor: Actor,
  organisation: Organisation,
  maker: Maker,
  { rows, ...input }: NewBatch & { rows: readonly NewRow[] },
): Promise<PayoutBatch> {
  return deps.database.transaction(async (tx) => {
    const batch = await createBatchWithin(deps, tx, actor, organisation, maker, input);
    if (rows.length === 0) return batch;
    const patch = await addRowsWithin(deps, tx, batch, rows);
    await tx.update(PayoutBatchSchema, { id: batch.id }, patch);
    const reason = `${rows.length} rows were added`;
    await recordBatchEvent(deps, tx, batch.id, 'draft', 'draft', { actor: actorText(actor), reason });
    return { ...batch, ...patch };
  });
}

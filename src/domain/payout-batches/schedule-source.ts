import { type EntityManager, MoreThan } from 'typeorm';
import { invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type PayoutBatch, PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from './batch.ts';
import { AGREED } from './batch-states.ts';
import type { PayoutBatchDeps } from './deps.ts';
import type { PayoutSchedule } from './schedule.ts';
import { type StandIn, standIns } from './stand-ins.ts';

/** Whose people the next run pays: those of the last run that others agreed to, with what they got; or always those of one batch. */
export async function sourceOf(
  manager: EntityManager,
  { id, amounts, sourceBatchId, lastBatchId }: PayoutSchedule,
): Promise<PayoutBatch> {
  let candidate = amounts === 'last' ? lastBatchId : null;
  while (candidate !== null) {
    const batch: PayoutBatch = await manager.findOneByOrFail(PayoutBatchSchema, { id: candidate });
    if (AGREED.includes(batch.state)) return batch;
    // A run that nobody agreed to was made of one that had been.
    candidate = batch.scheduleId === id ? batch.previousId : null;
  }
  return manager.findOneByOrFail(PayoutBatchSchema, { id: sourceBatchId });
}

const COPIED_TOGETHER = 1_000;
const INSERTED_TOGETHER = 200;

/**
 * Puts the next rows of its source into a run that is being made, behind those that are there: whoever comes second, or after a process
 * that died, goes on from there. Who was paid by another row in the end is paid as that one says (`standIns`). Returns whether more are
 * left. The batch is locked, and a draft.
 */
export async function copyMore(deps: PayoutBatchDeps, tx: Tx, batch: PayoutBatch): Promise<boolean> {
  invariant(batch.previousId, 'a run is made of another batch');
  const [last] = await tx.manager.query('SELECT MAX(row_no) AS last FROM payout_row WHERE batch_id = ?', [batch.id]);
  for (let afterRow = Number(last?.last ?? 0); ; ) {
    const rows = await tx.manager.find(PayoutRowSchema, {
      where: { batchId: batch.previousId, rowNo: MoreThan(afterRow) },
      ...{ order: { rowNo: 'ASC' }, take: COPIED_TOGETHER },
    });
    const others = await standIns(tx.manager, { id: batch.previousId, organisationId: batch.organisationId }, rows);
    const copies = rows.flatMap((row) => copyOf(deps, batch, row, others.get(row.id) ?? row));
    for (let at = 0; at < copies.length; at += INSERTED_TOGETHER) {
      await tx.manager.insert(PayoutRowSchema, copies.slice(at, at + INSERTED_TOGETHER));
    }
    if (rows.length < COPIED_TOGETHER) return false;
    // Whoever goes on begins behind what is there.
    if (copies.length > 0) return true;
    afterRow = rows.at(-1)?.rowNo ?? afterRow;
  }
}

/** In the place of the row, as whoever stands for it; none where nobody does. */
function copyOf({ runtime }: PayoutBatchDeps, batch: PayoutBatch, { rowNo }: PayoutRow, payee: StandIn): PayoutRow[] {
  if (typeof payee === 'string') return [];
  const { msisdn, amountMinor, currency, name, nameScore, reference, extra, warnings } = payee;
  return [
    {
      ...{ id: runtime.ids.next(), batchId: batch.id, rowNo, state: 'ready', msisdn, amountMinor, currency },
      ...{ name, nameScore, reference, extra },
      ...{ replacesRowId: null, transferId: null, receipt: null, failureCause: null, paidAtMs: null },
      ...{ changedAtMs: runtime.clock.now(), answer: null, answeredAtMs: null, askedAtMs: null, untoldAtMs: null },
      // What its list warned of is known of it; the others are looked for anew.
      warnings: warnings?.split(' ').includes('list') ? 'list' : null,
    },
  ];
}

/** Rows that a person must look at: with a warning that the batch they were copied from did not have, or that they are paid by another of these days. */
export async function countNewWarnings({ database }: PayoutBatchDeps, batch: PayoutBatch): Promise<number> {
  const [row] = await database.reader.query(
    `SELECT COUNT(*) AS n FROM payout_row r
     LEFT JOIN payout_row s ON s.batch_id = ? AND s.row_no = r.row_no AND s.msisdn = r.msisdn
     WHERE r.batch_id = ? AND r.warnings IS NOT NULL AND r.state <> 'excluded'
       AND (s.warnings IS NULL OR s.warnings <> r.warnings OR r.warnings LIKE '%repeated%')`,
    [batch.previousId ?? '', batch.id],
  );
  return Number(row?.n ?? 0);
}

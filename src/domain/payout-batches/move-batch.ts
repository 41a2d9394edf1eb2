import type { Runtime } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import {
  BatchEventSchema,
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
  RowEventSchema,
} from './batch.ts';
import { type BatchState, batchStates, type RowState, rowStates } from './batch-states.ts';

export interface Cause {
  /** `staff:<login>`, `key:<id>`, `approvals`, `service`, `operator`. */
  actor: string;
  reason: string;
}

interface MoveDeps {
  runtime: Runtime;
}

/** The one way in which a batch's state changes: an allowed transition and its event, on a row that is locked. */
export async function moveBatch(
  deps: MoveDeps,
  tx: Tx,
  batch: PayoutBatch,
  to: BatchState,
  cause: Cause,
  patch: Partial<PayoutBatch> = {},
): Promise<PayoutBatch> {
  batchStates.assert(batch.state, to);
  await tx.update(PayoutBatchSchema, { id: batch.id }, { ...patch, state: to });
  await recordBatchEvent(deps, tx, batch.id, batch.state, to, cause);
  return { ...batch, ...patch, state: to };
}

/** Also for what changes no state: a pause, a row that was taken out. */
export async function recordBatchEvent(
  { runtime }: MoveDeps,
  tx: Tx,
  batchId: string,
  fromState: BatchState | 'none',
  toState: BatchState,
  { actor, reason }: Cause,
): Promise<void> {
  await tx.insert(BatchEventSchema, {
    ...{ id: runtime.ids.next(), batchId, fromState, toState },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}

/** What somebody may want to hear of. */
const DECIDED: readonly RowState[] = ['paid', 'failed', 'reversed'];

/** Locks rows one after the other, and keeps those that are in one of these states then: news of a payout takes a row without its batch. */
export async function lockRows(
  tx: Tx,
  found: readonly Pick<PayoutRow, 'id'>[],
  states: readonly RowState[],
): Promise<PayoutRow[]> {
  const locked: PayoutRow[] = [];
  for (const { id } of found) {
    const row = await tx.lockOne(PayoutRowSchema, { id });
    if (row && states.includes(row.state)) locked.push(row);
  }
  return locked;
}

/** The one way in which a row's state changes. The row is locked. */
export async function moveRow(
  { runtime }: MoveDeps,
  tx: Tx,
  row: PayoutRow,
  to: RowState,
  { actor, reason }: Cause,
  patch: Partial<PayoutRow> = {},
): Promise<PayoutRow> {
  rowStates.assert(row.state, to);
  const atMs = runtime.clock.now();
  const untold = DECIDED.includes(to) ? { untoldAtMs: atMs } : {};
  const change = { ...patch, ...untold, state: to, changedAtMs: atMs };
  await tx.update(PayoutRowSchema, { id: row.id }, change);
  await tx.insert(RowEventSchema, {
    ...{ id: runtime.ids.next(), rowId: row.id, fromState: row.state, toState: to },
    ...{ actor: actor.slice(0, 48), reason: reason.slice(0, 255), atMs },
  });
  return { ...row, ...change };
}

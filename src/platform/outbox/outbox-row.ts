import { EntitySchema } from 'typeorm';
import { column } from '../database/index.ts';

/** ready: to be done when due. done: kept for a while, so that its key stays taken. dead: given to staff. */
export type OutboxState = 'ready' | 'done' | 'dead';

export interface OutboxRow {
  id: string;
  topic: string;
  /** Unique; a second emit under it is the same piece of work. */
  workKey: string;
  /** JSON; amounts as strings. */
  payload: string;
  state: OutboxState;
  /** Not before; while claimed, the end of the lease. */
  dueAtMs: number;
  /** Failures in a row; planned repeats do not count. */
  attempts: number;
  claimedBy: string | null;
  lastError: string | null;
  createdAtMs: number;
  finishedAtMs: number | null;
}

export const OutboxRowSchema = new EntitySchema<OutboxRow>({
  name: 'outbox',
  columns: {
    id: column.id(),
    topic: column.varchar(48),
    workKey: { ...column.varchar(128), name: 'work_key' },
    payload: column.text(),
    state: column.state(),
    dueAtMs: { ...column.instant(), name: 'due_at' },
    attempts: column.count(),
    claimedBy: { ...column.varchar(36, { nullable: true }), name: 'claimed_by' },
    lastError: { ...column.varchar(500, { nullable: true }), name: 'last_error' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
  },
  indices: [
    { name: 'outbox_work_key', columns: ['workKey'], unique: true },
    { name: 'outbox_due', columns: ['state', 'dueAtMs'] },
  ],
});

import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

export type ErasureState = 'proposed' | 'granted' | 'running' | 'done' | 'declined' | 'withdrawn';

/**
 * proposed: waits for votes. granted: everyone who had to said yes; it begins when nothing of the person is open. running: rows are being
 * changed, it cannot be stopped any more. done: nothing names him. declined, withdrawn: nothing was changed.
 */
export const erasureStates = transitionTable<ErasureState>('erasure', ['proposed'], {
  proposed: ['granted', 'declined', 'withdrawn'],
  granted: ['running'],
  running: ['done'],
  done: [],
  declined: [],
  withdrawn: [],
});

/** One person who is to be forgotten. */
export interface Erasure {
  id: string;
  /** Keyed hash of the number: by it his page knows that he was erased. */
  numberHash: string;
  /** The same while it is not over, unique: one at a time. */
  pendingKey: string | null;
  /** The number, as long as it is needed. */
  sealedNumber: string | null;
  /** What stands in its place; drawn at random, and forgotten here with the number. */
  pseudonym: string | null;
  /** Only rows that were made before are his: who dials anew is somebody new. */
  boundaryId: string | null;
  /** Where it goes on: the step, and the place within a sweep. */
  step: string;
  place: string;
  changedRows: number;
  state: ErasureState;
  approvalId: string;
  reason: string;
  proposedBy: string;
  proposedAtMs: number;
  changedAtMs: number;
}

export const ErasureSchema = new EntitySchema<Erasure>({
  name: 'erasure',
  columns: {
    id: column.id(),
    numberHash: { ...column.varchar(64), name: 'number_hash' },
    pendingKey: { ...column.varchar(64, { nullable: true }), name: 'pending_key' },
    sealedNumber: { ...column.varchar(160, { nullable: true }), name: 'sealed_number' },
    pseudonym: column.varchar(16, { nullable: true }),
    boundaryId: { ...column.reference({ nullable: true }), name: 'boundary_id' },
    step: column.varchar(48),
    place: column.reference(),
    changedRows: { ...column.count(), name: 'changed_rows' },
    state: column.state(),
    approvalId: { ...column.reference(), name: 'approval_id' },
    reason: column.varchar(500),
    proposedBy: { ...column.reference(), name: 'proposed_by' },
    proposedAtMs: { ...column.instant(), name: 'proposed_at' },
    changedAtMs: { ...column.instant(), name: 'changed_at' },
  },
  indices: [
    { name: 'erasure_pending', columns: ['pendingKey'], unique: true },
    { name: 'erasure_approval', columns: ['approvalId'], unique: true },
    { name: 'erasure_number', columns: ['numberHash', 'proposedAtMs'] },
  ],
});

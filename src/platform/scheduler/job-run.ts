import { EntitySchema } from 'typeorm';
import { column } from '../database/index.ts';

/** One run of a job: kept after it ended, so that its slot stays taken. */
export interface JobRun {
  id: string;
  name: string;
  /** When it was due. */
  slotMs: number;
  /** The process that has it, or had it last. */
  owner: string;
  /** Past it another may take the slot. */
  leaseUntilMs: number;
  attempts: number;
  startedAtMs: number;
  finishedAtMs: number | null;
  /** `done`, or `failed` when it was given up. */
  outcome: string | null;
}

export const JobRunSchema = new EntitySchema<JobRun>({
  name: 'job_run',
  columns: {
    id: column.id(),
    name: column.varchar(48),
    slotMs: { ...column.instant(), name: 'slot_at' },
    owner: column.varchar(48),
    leaseUntilMs: { ...column.instant(), name: 'lease_until' },
    attempts: column.count(),
    startedAtMs: { ...column.instant(), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
    outcome: column.varchar(8, { nullable: true }),
  },
  indices: [
    { name: 'job_run_slot', columns: ['name', 'slotMs'], unique: true },
    { name: 'job_run_finished', columns: ['finishedAtMs', 'leaseUntilMs'] },
  ],
});

import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** One making of a day's versions: where it is, so that one that died continues there. */
export interface ReconRun {
  id: string;
  day: string;
  /** The day of the night that made it: what is late is judged from here, not by the clock. */
  asOf: string;
  state: 'running' | 'done';
  phase: string;
  /** How far the phase has come. */
  place: string | null;
  startedAtMs: number;
  finishedAtMs: number | null;
}

export const ReconRunSchema = new EntitySchema<ReconRun>({
  name: 'recon_run',
  columns: {
    id: column.id(),
    day: column.varchar(10),
    asOf: { ...column.varchar(10), name: 'as_of' },
    state: column.state(),
    phase: column.varchar(24),
    place: column.varchar(80, { nullable: true }),
    startedAtMs: { ...column.instant(), name: 'started_at' },
    finishedAtMs: { ...column.instant({ nullable: true }), name: 'finished_at' },
  },
  indices: [{ name: 'recon_run_day', columns: ['day', 'state'] }],
});

import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** asked: nothing has left yet. running: it is being sent. done: all of it was. broken-off: whoever took it went away, or we did. */
export type ExportState = 'asked' | 'running' | 'done' | 'broken-off';

/** A list that somebody takes away as a file, and how far that is. Whoever asked for it has it, and nobody else. */
export interface ExportRun {
  id: string;
  memberId: string;
  /** Of the console: `payments`, `queue-held`. */
  list: string;
  format: 'csv' | 'xlsx';
  /** How phone numbers are written. */
  numbers: 'masked' | 'whole';
  /** The filters as they stand in the list's address. */
  query: string;
  /** As it was counted beforehand: more may have come. */
  expectedRows: number;
  writtenRows: number;
  state: ExportState;
  askedAtMs: number;
  /** When it was last heard of: a process that was killed says nothing more. */
  touchedAtMs: number;
}

export const ExportRunSchema = new EntitySchema<ExportRun>({
  name: 'export_run',
  columns: {
    id: column.id(),
    memberId: { ...column.reference(), name: 'member_id' },
    list: column.varchar(32),
    format: column.varchar(8),
    numbers: column.varchar(8),
    query: column.varchar(1_000),
    expectedRows: { ...column.count(), name: 'expected_rows' },
    writtenRows: { ...column.count(), name: 'written_rows' },
    state: column.state(),
    askedAtMs: { ...column.instant(), name: 'asked_at' },
    touchedAtMs: { ...column.instant(), name: 'touched_at' },
  },
  indices: [{ name: 'export_run_asked', columns: ['askedAtMs'] }],
});

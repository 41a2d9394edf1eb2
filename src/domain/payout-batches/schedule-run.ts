import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';
import type { ScheduleState } from './schedule.ts';

/**
 * making: its rows are being put in. checking: they are looked at. standing: the standing approval covered it. people: it waits for
 * people, or a person has taken it on. not-made: it could not be made, or was given up before it was whole.
 */
export type RunOutcome = 'making' | 'checking' | 'standing' | 'people' | 'not-made';

/** One due day of a schedule: one batch, whoever makes it and however often it is begun. */
export interface ScheduleRun {
  id: string;
  scheduleId: string;
  /** By the clock on the wall: `2026-11-25`. */
  dueDay: string;
  dueAtMs: number;
  /** Null: none was made. */
  batchId: string | null;
  outcome: RunOutcome;
  /** Why people were needed, or why it was not made: a code of the texts. */
  why: string | null;
  changedAtMs: number;
}

export const ScheduleRunSchema = new EntitySchema<ScheduleRun>({
  name: 'payout_schedule_run',
  columns: {
    id: column.id(),
    scheduleId: { ...column.reference(), name: 'schedule_id' },
    dueDay: { ...column.varchar(10), name: 'due_day' },
    dueAtMs: { ...column.instant(), name: 'due_at' },
    batchId: { ...column.reference({ nullable: true }), name: 'batch_id' },
    outcome: column.varchar(16),
    why: column.varchar(64, { nullable: true }),
    changedAtMs: { ...column.instant(), name: 'changed_at' },
  },
  indices: [
    { name: 'payout_schedule_run_day', columns: ['scheduleId', 'dueDay'], unique: true },
    { name: 'payout_schedule_run_batch', columns: ['batchId'] },
  ],
});

/** Who changed a schedule, or its standing approval, when and why. Appended only. */
export interface ScheduleEvent {
  id: string;
  scheduleId: string;
  fromState: ScheduleState | 'none';
  toState: ScheduleState;
  /** `staff:<login>`, `key:<id>`, `approvals`, `service`. */
  actor: string;
  reason: string;
  atMs: number;
}

export const ScheduleEventSchema = new EntitySchema<ScheduleEvent>({
  name: 'payout_schedule_event',
  columns: {
    id: column.id(),
    scheduleId: { ...column.reference(), name: 'schedule_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'payout_schedule_event_schedule', columns: ['scheduleId', 'atMs'] }],
});

import type { Runtime } from '../../kernel/index.ts';
import type { Log } from '../log/index.ts';
import type { JobLeases } from './job-leases.ts';
import type { Timetable } from './timetable.ts';

export interface SchedulerDeps {
  runtime: Runtime;
  leases: JobLeases;
  timetable: Timetable;
  /** IANA name: schedules are in the business's own time. */
  timeZone: string;
  log: Log;
  metrics?: { jobEnded(name: string, outcome: 'done' | 'failed', durationMs: number): void };
}

export { defineJob, type Job, type JobRunContext } from './job.ts';
export type { JobLeases, JobSlot } from './job-leases.ts';
export { type JobRun, JobRunSchema } from './job-run.ts';
export { runExclusively } from './run-exclusively.ts';
export { makeScheduler, type Scheduler } from './scheduler.ts';
export type { SchedulerDeps } from './scheduler-deps.ts';
export { sqlLeases } from './sql-leases.ts';
export { cronTimetable, type Timetable } from './timetable.ts';

import { createTask, validate } from 'node-cron';
import { invariant } from '../../kernel/index.ts';

/** Tells when jobs are due. The real one waits in real time, so a simulation replaces it. */
export interface Timetable {
  /**
   * Calls `due` with the instant (epoch ms) at each time that `cron` names in `timeZone` (five fields, or six with
   * seconds first). The same instant in every process, however late the call is.
   */
  start(cron: string, timeZone: string, due: (slotMs: number) => void): { stop(): void };
}

const silent = { info() {}, warn() {}, error() {}, debug() {} };

export const cronTimetable: Timetable = {
  start(cron, timeZone, due) {
    invariant(validate(cron), `not a schedule: ${cron}`);
    const task = createTask(cron, ({ date }) => due(date.getTime()), { timezone: timeZone, logger: silent });
    // The event loop was busy at that instant: late is better than not at all.
    task.on('execution:missed', ({ date }) => due(date.getTime()));
    void task.start();
    return { stop: () => void task.destroy() };
  },
};

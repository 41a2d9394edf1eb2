import { createTask, parse, validate } from 'node-cron';
import { invariant } from '../../kernel/index.ts';

/** Tells when jobs are due. The real one waits in real time, so a simulation replaces it. */
export interface Timetable {
  /**
   * Calls `due` with the instant (epoch ms) at each time that `cron` names in `timeZone` (five fields, or six with
   * seconds first). The same instant in every process, however late the call is.
   */
  start(cron: string, timeZone: string, due: (slotMs: number) => void): { stop(): void };
  /** The instants after one and up to another that `cron` names, ascending. For schedules of whole minutes. */
  slotsBetween(cron: string, timeZone: string, afterMs: number, untilMs: number): number[];
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

  slotsBetween(cron, timeZone, afterMs, untilMs) {
    const { minute, hour } = parse(cron);
    const task = createTask(cron, () => {}, { timezone: timeZone, logger: silent });
    const slots: number[] = [];
    // Zones are offset by whole quarters of an hour, so one look at the zone's clock serves fifteen minutes.
    for (let quarterMs = Math.floor(afterMs / QUARTER_MS) * QUARTER_MS; quarterMs <= untilMs; quarterMs += QUARTER_MS) {
      const local = localTime(quarterMs, timeZone);
      if (!hour.includes(local.hour)) continue;
      for (let past = 0; past < 15; past += 1) {
        const slotMs = quarterMs + past * MINUTE_MS;
        if (slotMs <= afterMs || slotMs > untilMs || !minute.includes(local.minute + past)) continue;
        if (task.match(new Date(slotMs))) slots.push(slotMs);
      }
    }
    void task.destroy();
    return slots;
  },
};

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();

function localTime(epochMs: number, timeZone: string): { hour: number; minute: number } {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formatters.set(timeZone, formatter);
  }
  const [hour = '', minute = ''] = formatter.format(epochMs).split(':');
  return { hour: Number(hour), minute: Number(minute) };
}

import type { Clock } from '../../../src/kernel/index.ts';
import type { Timetable } from '../../../src/platform/scheduler/index.ts';

const MINUTE_MS = 60_000;
/** Nairobi: no daylight saving since 1960. */
const OFFSET_MS = 3 * 3_600_000;

/** Schedules of five fields by the clock of a life, as far as the service uses them: stars, steps and numbers. */
export function virtualTimetable(clock: Clock): Timetable {
  return {
    slotsBetween(cron, _timeZone, afterMs, untilMs) {
      const slots: number[] = [];
      const fits = scheduleOf(cron);
      for (let slotMs = nextSlot(fits, afterMs); slotMs <= untilMs; slotMs = nextSlot(fits, slotMs)) slots.push(slotMs);
      return slots;
    },
    start(cron, timeZone, due) {
      if (timeZone !== 'Africa/Nairobi') throw new Error(`no such time zone here: ${timeZone}`);
      const fits = scheduleOf(cron);
      let stopped = false;
      let lastSlotMs = clock.now();
      const arm = () => {
        const slotMs = nextSlot(fits, Math.max(lastSlotMs, clock.now()));
        const wait = () => {
          if (stopped) return;
          // The clock was set back while it waited.
          if (clock.now() < slotMs) return void clock.setTimer(slotMs - clock.now(), wait);
          lastSlotMs = slotMs;
          due(slotMs);
          arm();
        };
        void clock.setTimer(slotMs - clock.now(), wait);
      };
      arm();
      return {
        stop() {
          stopped = true;
        },
      };
    },
  };
}

type Fits = (minute: number, hour: number) => boolean;

function scheduleOf(cron: string): Fits {
  const [minute = '', hour = '', ...rest] = cron.split(' ');
  if (rest.join(' ') !== '* * *') throw new Error(`no such schedule here: ${cron}`);
  const [minuteFits, hourFits] = [fieldOf(minute), fieldOf(hour)];
  return (m, h) => minuteFits(m) && hourFits(h);
}

function fieldOf(field: string): (value: number) => boolean {
  if (field === '*') return () => true;
  const step = /^\*\/(\d+)$/.exec(field)?.[1];
  if (step !== undefined) return (value) => value % Number(step) === 0;
  if (/^\d+$/.test(field)) return (value) => value === Number(field);
  throw new Error(`no such field of a schedule here: ${field}`);
}

function nextSlot(fits: Fits, afterMs: number): number {
  let slotMs = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (;;) {
    const local = new Date(slotMs + OFFSET_MS);
    if (fits(local.getUTCMinutes(), local.getUTCHours())) return slotMs;
    slotMs += MINUTE_MS;
  }
}

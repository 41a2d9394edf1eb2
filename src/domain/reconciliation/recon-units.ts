import { addDays, daysBetween, dayWindow } from '../../kernel/index.ts';
import type { ReconSide } from './recon-day.ts';
import type { ReconDeps } from './recon-deps.ts';

/** One party whose day is compared. */
export interface ReconUnit {
  side: ReconSide;
  party: string;
  currency: string;
  timeZone: string;
  fromMs: number;
  toMs: number;
}

/** Every party with its own 24 hours (or 23, or 25) of a calendar day. */
export function unitsOf({ billers, operators, reconSettings }: ReconDeps, day: string): ReconUnit[] {
  const { timeZone } = reconSettings;
  const ofOperators = [...operators.values()].map(({ name, currency }) => {
    return { side: 'operator' as const, party: name, currency, timeZone, ...dayWindow(day, timeZone) };
  });
  const ofBillers = billers.all().map((biller) => {
    const zone = biller.timeZone ?? timeZone;
    const { id: party, currency } = biller;
    return { side: 'biller' as const, party, currency, timeZone: zone, ...dayWindow(day, zone) };
  });
  return [...ofOperators, ...ofBillers];
}

/** Whether what is still unmatched on a day has waited long enough, as seen from the night of another day. */
export function hasWaited({ waitDays }: { waitDays: number }, day: string, asOf: string): boolean {
  return daysBetween(day, asOf) >= waitDays;
}

/** The days that a night looks at again because something in them may still be late: oldest first, its own last. */
export function daysOfNight({ waitDays }: { waitDays: number }, asOf: string): string[] {
  return Array.from({ length: waitDays + 1 }, (_, index) => addDays(asOf, index - waitDays));
}

import { countryOf, type Msisdn, minuteOfDay } from '../../kernel/index.ts';

/** Minutes since midnight, whole quarters of an hour; from is allowed, to is not. */
export interface SendingHours {
  fromMinute: number;
  toMinute: number;
}

export interface Window {
  opensAtMs: number;
  closesAtMs: number;
}

const QUARTER_MS = 15 * 60_000;
/** Longer than any gap between two windows. */
const SEARCHED_QUARTERS = 2 * 96 + 8;

/** Where a number may be: our own zone for our country; every zone of another country, since its number does not say more. */
export function zonesOf(msisdn: Msisdn, home: { country: string; timeZone: string }): readonly string[] {
  const country = countryOf(msisdn) ?? home.country;
  if (country === home.country) return [home.timeZone];
  const known = zonesByCountry.get(country);
  if (known) return known;
  const zones = zonesIn(country);
  const result = zones.length > 0 ? zones : [home.timeZone];
  zonesByCountry.set(country, result);
  return result;
}

const zonesByCountry = new Map<string, readonly string[]>();

/** Newer engines have a method where older ones have a property. */
function zonesIn(country: string): readonly string[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    getTimeZones?(): string[] | undefined;
    timeZones?: string[];
  };
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/** Whether the hour is allowed in all of the zones. */
export function isAllowed(epochMs: number, zones: readonly string[], { fromMinute, toMinute }: SendingHours): boolean {
  return zones.every((zone) => {
    const minute = minuteOfDay(epochMs, zone);
    return minute >= fromMinute && minute < toMinute;
  });
}

/**
 * The first stretch of time at or after an instant that is allowed in all zones. Undefined where there is none: a country
 * so wide that no hour is a decent one everywhere.
 */
export function nextWindow(fromMs: number, zones: readonly string[], hours: SendingHours): Window | undefined {
  // Zones are offset by whole quarters of an hour, and their clocks change by those.
  const first = Math.floor(fromMs / QUARTER_MS) * QUARTER_MS;
  let opens: number | undefined;
  for (let quarter = 0; quarter < SEARCHED_QUARTERS; quarter += 1) {
    const at = first + quarter * QUARTER_MS;
    const allowed = isAllowed(at, zones, hours);
    if (allowed) opens ??= at;
    else if (opens !== undefined) return { opensAtMs: Math.max(opens, fromMs), closesAtMs: at };
  }
  // Allowed at every hour.
  return opens === undefined ? undefined : { opensAtMs: Math.max(opens, fromMs), closesAtMs: opens + 86_400_000 };
}

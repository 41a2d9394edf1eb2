import { expect } from 'chai';
import fc from 'fast-check';
import { businessDay, dayWindow, startOfDay } from '../../src/kernel/index.ts';

const HOUR_MS = 3_600_000;
const zone = fc.constantFrom(
  'Africa/Nairobi',
  'Africa/Cairo',
  'America/New_York',
  'America/Santiago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'UTC',
);

describe('business day', () => {
  it('begins at midnight of the zone', () => {
    expect(businessDay(Date.UTC(2026, 10, 19, 21), 'Africa/Nairobi')).to.equal('2026-11-20');
    expect(businessDay(Date.UTC(2026, 10, 19, 20, 59, 59, 999), 'Africa/Nairobi')).to.equal('2026-11-19');
    expect(startOfDay(Date.UTC(2026, 10, 20, 9), 'Africa/Nairobi')).to.equal(Date.UTC(2026, 10, 19, 21));
    expect(startOfDay(Date.UTC(2026, 10, 19, 21), 'Africa/Nairobi')).to.equal(Date.UTC(2026, 10, 19, 21));
  });

  it('knows days of 23 and of 25 hours', () => {
    const spring = startOfDay(Date.UTC(2026, 2, 8, 18), 'America/New_York');
    expect(spring).to.equal(Date.UTC(2026, 2, 8, 5));
    expect(startOfDay(Date.UTC(2026, 2, 9, 18), 'America/New_York') - spring).to.equal(23 * HOUR_MS);
    const autumn = startOfDay(Date.UTC(2026, 10, 1, 18), 'America/New_York');
    expect(autumn).to.equal(Date.UTC(2026, 10, 1, 4));
    expect(startOfDay(Date.UTC(2026, 10, 2, 18), 'America/New_York') - autumn).to.equal(25 * HOUR_MS);
  });

  it('begins at one where the clock skips midnight', () => {
    // Egypt: 24 April 2026 begins at 01:00, which is 22:00 UTC of the day before.
    expect(startOfDay(Date.UTC(2026, 3, 24, 9), 'Africa/Cairo')).to.equal(Date.UTC(2026, 3, 23, 22));
  });

  it('holds every instant between its start and the next', () => {
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
    fc.assert(
      fc.property(zone, instant, (timeZone, atMs) => {
        const start = startOfDay(atMs, timeZone);
        expect(start <= atMs && atMs - start < 25 * HOUR_MS + 1).to.equal(true);
        expect(businessDay(start, timeZone)).to.equal(businessDay(atMs, timeZone));
        expect(businessDay(start - 1, timeZone)).to.not.equal(businessDay(atMs, timeZone));
        expect(startOfDay(start, timeZone)).to.equal(start);
      }),
    );
  });
});

describe('the range of a day', () => {
  const hours = (day: string, zone: string) => {
    const { fromMs, toMs } = dayWindow(day, zone);
    return (toMs - fromMs) / 3_600_000;
  };

  it('has 23, 24 or 25 hours, and ends where the next day begins', () => {
    expect(hours('2026-11-20', 'Africa/Nairobi')).to.equal(24);
    expect(hours('2028-02-29', 'Africa/Nairobi')).to.equal(24);
    expect(hours('2026-04-24', 'Africa/Cairo'), 'the clock goes forward at midnight').to.equal(23);
    expect(hours('2026-10-29', 'Africa/Cairo'), 'and back').to.equal(25);
    for (const zone of [
      'Africa/Nairobi',
      'Africa/Cairo',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'Asia/Kathmandu',
    ]) {
      expect(dayWindow('2026-11-20', zone).toMs, zone).to.equal(dayWindow('2026-11-21', zone).fromMs);
      expect(businessDay(dayWindow('2026-11-20', zone).fromMs, zone)).to.equal('2026-11-20');
      expect(businessDay(dayWindow('2026-11-20', zone).fromMs - 1, zone)).to.equal('2026-11-19');
    }
  });
});

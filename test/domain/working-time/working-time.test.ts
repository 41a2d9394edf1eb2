import { expect } from 'chai';
import fc from 'fast-check';
import { loadPayoutRules } from '../../../src/domain/funding/index.ts';
import {
  addWorkingDays,
  endOfWork,
  isWorkingDay,
  isWorkingTime,
  nextWorkingTime,
  type WorkingTime,
} from '../../../src/domain/working-time/index.ts';

const NAIROBI = 'Africa/Nairobi';
const kenya = loadPayoutRules('menus/payouts.yaml', { currency: 'KES', country: 'KE' }).workingTimes.get(
  'KE',
) as WorkingTime;
const at = (text: string) => Date.parse(`${text}:00+03:00`);
const next = (text: string) => nextWorkingTime(kenya, at(text), NAIROBI);

describe('working time', () => {
  it('begins with its first minute and ends before its last, by the clock of the business', () => {
    const works = ['07:59', '08:00', '16:59', '17:00'].map((clock) =>
      isWorkingTime(kenya, at(`2026-11-26T${clock}`), NAIROBI),
    );
    expect(works).to.deep.equal([false, true, true, false]);
  });

  it('comes next now, this morning, tomorrow, or after the days on which nobody works', () => {
    expect(next('2026-11-26T10:00')).to.equal(at('2026-11-26T10:00'));
    expect(next('2026-11-26T06:30')).to.equal(at('2026-11-26T08:00'));
    expect(next('2026-11-26T17:00')).to.equal(at('2026-11-27T08:00'));
    expect(next('2026-11-27T17:00')).to.equal(at('2026-11-30T08:00'));
    // Christmas, Utamaduni Day, Sunday.
    expect(next('2026-12-24T17:00')).to.equal(at('2026-12-28T08:00'));
    // Good Friday to Easter Monday.
    expect(next('2027-03-26T09:00')).to.equal(at('2027-03-30T08:00'));
  });

  it('ends at the end of the same day', () => {
    expect(endOfWork(kenya, at('2026-11-26T10:00'), NAIROBI)).to.equal(at('2026-11-26T17:00'));
    expect(endOfWork(kenya, at('2026-11-28T10:00'), NAIROBI)).to.equal(at('2026-11-28T10:00'));
    const always = { ...kenya, fromMinute: 0, toMinute: 1_440, weekdays: new Set([0, 1, 2, 3, 4, 5, 6]) };
    expect(endOfWork(always, at('2026-11-26T10:00'), NAIROBI)).to.equal(at('2026-11-27T00:00'));
  });

  it('counts working days without the day on which one counts', () => {
    expect(addWorkingDays(kenya, '2026-11-26', 0)).to.equal('2026-11-26');
    expect(addWorkingDays(kenya, '2026-11-26', 1)).to.equal('2026-11-27');
    expect(addWorkingDays(kenya, '2026-11-28', 1)).to.equal('2026-11-30');
    expect(addWorkingDays(kenya, '2026-12-24', 1)).to.equal('2026-12-28');
  });

  it('is found without a gap: whatever the instant and the zone, the next one is worked at, and nothing between is', () => {
    const zones = fc.constantFrom(NAIROBI, 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
    const instants = fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 11, 1) / 60_000 });
    fc.assert(
      fc.property(instants, zones, fc.double({ min: 0, max: 0.999, noNaN: true }), (minute, zone, part) => {
        const fromMs = minute * 60_000;
        const found = nextWorkingTime(kenya, fromMs, zone);
        expect(found).to.be.at.least(fromMs);
        expect(isWorkingTime(kenya, found, zone)).to.equal(true);
        const between = fromMs + Math.floor((found - fromMs) * part);
        expect(between < found && isWorkingTime(kenya, between, zone)).to.equal(false);
      }),
    );
  });

  it('is never on a holiday of the file, and a calendar in which nobody ever works is no calendar', () => {
    for (const day of kenya.holidays.keys()) expect(isWorkingDay(kenya, day), day).to.equal(false);
    expect(() => nextWorkingTime({ ...kenya, weekdays: new Set() }, at('2026-11-26T17:00'), NAIROBI)).to.throw(
      'nobody',
    );
  });
});

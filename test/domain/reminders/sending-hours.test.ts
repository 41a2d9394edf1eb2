import { expect } from 'chai';
import fc from 'fast-check';
import { isAllowed, nextWindow, zonesOf } from '../../../src/domain/reminders/index.ts';
import { type Msisdn, minuteOfDay } from '../../../src/kernel/index.ts';

const HOURS = { fromMinute: 9 * 60, toMinute: 19 * 60 };
const HOME = { country: 'KE', timeZone: 'Africa/Nairobi' };
const at = (text: string) => Date.parse(text);
const iso = (epochMs: number | undefined) => new Date(epochMs ?? 0).toISOString();

describe('hours in which reminders are sent', () => {
  it('are those of our zone for our numbers, and of every zone of another country', () => {
    expect(zonesOf('+254711000001' as Msisdn, HOME)).to.deep.equal(['Africa/Nairobi']);
    expect(zonesOf('+254711000001' as Msisdn, { ...HOME, timeZone: 'Africa/Kampala' })).to.deep.equal([
      'Africa/Kampala',
    ]);
    expect(zonesOf('+33612345678' as Msisdn, HOME)).to.deep.equal(['Europe/Paris']);
    expect(zonesOf('+12015550123' as Msisdn, HOME)).to.include.members(['America/New_York', 'Pacific/Honolulu']);
  });

  it('begin at their hour, go on now, or wait for the next day', () => {
    const window = (from: string) => nextWindow(at(from), ['Africa/Nairobi'], HOURS);
    expect(iso(window('2026-11-20T01:00:00Z')?.opensAtMs)).to.equal('2026-11-20T06:00:00.000Z');
    expect(iso(window('2026-11-20T10:07:31Z')?.opensAtMs)).to.equal('2026-11-20T10:07:31.000Z');
    expect(iso(window('2026-11-20T10:07:31Z')?.closesAtMs)).to.equal('2026-11-20T16:00:00.000Z');
    expect(iso(window('2026-11-20T16:00:00Z')?.opensAtMs)).to.equal('2026-11-21T06:00:00.000Z');
  });

  it('follow the clock of the place when it changes', () => {
    const zones = ['Europe/London'];
    // The night of 25 October 2026 has an hour more, that of 29 March 2026 one less.
    expect(iso(nextWindow(at('2026-10-24T22:00:00Z'), zones, HOURS)?.opensAtMs)).to.equal('2026-10-25T09:00:00.000Z');
    expect(iso(nextWindow(at('2026-10-23T22:00:00Z'), zones, HOURS)?.opensAtMs)).to.equal('2026-10-24T08:00:00.000Z');
    expect(iso(nextWindow(at('2026-03-28T22:00:00Z'), zones, HOURS)?.opensAtMs)).to.equal('2026-03-29T08:00:00.000Z');
    expect(iso(nextWindow(at('2026-03-27T22:00:00Z'), zones, HOURS)?.opensAtMs)).to.equal('2026-03-28T09:00:00.000Z');
  });

  it('are decent everywhere in a wide country, or there are none', () => {
    const wide = nextWindow(at('2026-11-20T00:00:00Z'), ['America/New_York', 'Pacific/Honolulu'], HOURS);
    expect(iso(wide?.opensAtMs)).to.equal('2026-11-20T19:00:00.000Z');
    expect(iso(wide?.closesAtMs)).to.equal('2026-11-21T00:00:00.000Z');
    const never = ['Pacific/Kiritimati', 'Pacific/Honolulu', 'Africa/Nairobi'];
    expect(nextWindow(at('2026-11-20T00:00:00Z'), never, HOURS)).to.equal(undefined);
    const always = { fromMinute: 0, toMinute: 1_440 };
    expect(nextWindow(at('2026-11-20T00:00:00Z'), ['Asia/Kathmandu'], always)).to.not.equal(undefined);
  });

  it('hold at every instant of the window, whatever the zone and the season', () => {
    const zone = fc.constantFrom(
      'Africa/Nairobi',
      'Europe/London',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    );
    const quarter = fc.integer({ min: 0, max: 95 });
    fc.assert(
      fc.property(zone, quarter, quarter, fc.integer({ min: 0, max: 365 * 1_440 }), (name, one, other, minutes) => {
        fc.pre(one !== other);
        const hours = { fromMinute: Math.min(one, other) * 15, toMinute: Math.max(one, other) * 15 };
        const from = at('2026-01-01T00:00:00Z') + minutes * 60_000;
        const window = nextWindow(from, [name], hours);
        if (!window) throw new Error('every day has such an hour');
        expect(window.opensAtMs).to.be.at.least(from);
        expect(isAllowed(window.opensAtMs, [name], hours)).to.equal(true);
        expect(isAllowed(window.closesAtMs - 1, [name], hours)).to.equal(true);
        expect(isAllowed(window.closesAtMs, [name], hours)).to.equal(false);
        expect(minuteOfDay(window.opensAtMs, name)).to.be.within(hours.fromMinute, hours.toMinute - 1);
      }),
      { numRuns: 60 },
    );
  });
});

import { expect } from 'chai';
import { cronTimetable } from '../../../src/platform/scheduler/index.ts';

describe('cronTimetable', () => {
  it('tells every process the same instant, on the second, until it is stopped', async () => {
    const told: number[][] = [[], []];
    const entries = told.map((instants) =>
      cronTimetable.start('* * * * * *', 'Africa/Nairobi', (slotMs) => instants.push(slotMs)),
    );
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    for (const entry of entries) entry.stop();
    const [one = [], other = []] = told;
    expect(one).to.have.length.within(2, 3);
    expect(one).to.deep.equal(other);
    for (const slotMs of one) expect(slotMs % 1_000).to.equal(0);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(told[0]).to.have.length(one.length);
  });

  const slots = (cron: string, timeZone: string, from: string, to: string) =>
    cronTimetable
      .slotsBetween(cron, timeZone, Date.parse(from), Date.parse(to))
      .map((slotMs) => new Date(slotMs).toISOString());

  it('names the slots between two instants: the first is left out, the last is not', () => {
    expect(slots('30 3 * * *', 'Africa/Nairobi', '2026-11-19T00:30:00Z', '2026-11-21T00:30:00Z')).to.deep.equal([
      '2026-11-20T00:30:00.000Z',
      '2026-11-21T00:30:00.000Z',
    ]);
  });

  it('keeps the hour of the zone when clocks are changed, and has one slot on each such day', () => {
    expect(slots('30 3 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z', '2026-03-30T12:00:00Z')).to.deep.equal([
      '2026-03-28T02:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T01:30:00.000Z',
    ]);
    expect(slots('30 3 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).to.deep.equal([
      '2026-10-25T02:30:00.000Z',
      '2026-10-26T02:30:00.000Z',
    ]);
  });

  it('knows the leap day, and zones that are off by quarters of an hour', () => {
    expect(slots('30 3 * * *', 'Africa/Nairobi', '2028-02-28T12:00:00Z', '2028-03-01T12:00:00Z')).to.deep.equal([
      '2028-02-29T00:30:00.000Z',
      '2028-03-01T00:30:00.000Z',
    ]);
    expect(slots('50 3 * * *', 'Asia/Kathmandu', '2026-11-19T12:00:00Z', '2026-11-20T12:00:00Z')).to.deep.equal([
      '2026-11-19T22:05:00.000Z',
    ]);
  });

  it('refuses what is no schedule', () => {
    expect(() => cronTimetable.start('every minute', 'Africa/Nairobi', () => {})).to.throw('not a schedule');
  });
});

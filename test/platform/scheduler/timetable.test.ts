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

  it('refuses what is no schedule', () => {
    expect(() => cronTimetable.start('every minute', 'Africa/Nairobi', () => {})).to.throw('not a schedule');
  });
});

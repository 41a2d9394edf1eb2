import { expect } from 'chai';
import { instantOfWallTime } from '../../src/kernel/index.ts';

describe('the instant of a wall time', () => {
  it('is by the zone, before and after a change of its clocks', () => {
    const cases: [string, number, number][] = [
      ['Africa/Nairobi', Date.UTC(2028, 1, 29, 0, 30), Date.UTC(2028, 1, 28, 21, 30)],
      ['Europe/Paris', Date.UTC(2026, 2, 29, 1, 59), Date.UTC(2026, 2, 29, 0, 59)],
      ['Europe/Paris', Date.UTC(2026, 2, 29, 3, 0), Date.UTC(2026, 2, 29, 1, 0)],
      ['Europe/Paris', Date.UTC(2026, 9, 25, 1, 59), Date.UTC(2026, 9, 24, 23, 59)],
      ['Europe/Paris', Date.UTC(2026, 9, 25, 3, 0), Date.UTC(2026, 9, 25, 2, 0)],
      ['America/New_York', Date.UTC(2026, 6, 4, 12), Date.UTC(2026, 6, 4, 16)],
      ['Asia/Kathmandu', Date.UTC(2026, 6, 4, 12), Date.UTC(2026, 6, 4, 6, 15)],
    ];
    for (const [zone, wallMs, instantMs] of cases)
      expect(instantOfWallTime(wallMs, zone), `${zone} ${wallMs}`).to.equal(instantMs);
  });

  it('is the first of two where an hour comes twice, and the one after where it is left out', () => {
    expect(instantOfWallTime(Date.UTC(2026, 9, 25, 2, 30), 'Europe/Paris')).to.equal(Date.UTC(2026, 9, 25, 0, 30));
    expect(instantOfWallTime(Date.UTC(2026, 2, 29, 2, 30), 'Europe/Paris')).to.equal(Date.UTC(2026, 2, 29, 1, 30));
  });
});

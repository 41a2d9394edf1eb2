import { expect } from 'chai';
import fc from 'fast-check';
import { type Chance, makeIds, makeRuntime, newReference, newToken, systemChance } from '../../src/kernel/index.ts';

const clockAt = (times: number[]) => {
  let index = 0;
  return {
    now: () => times[Math.min(index++, times.length - 1)] ?? 0,
    setTimer: () => ({ cancel() {} }),
  };
};

describe('ids', () => {
  it('are unique and ordered as they were made, also within one millisecond', () => {
    const ids = makeIds(clockAt([1_800_000_000_000]), systemChance);
    const made = Array.from({ length: 20_000 }, () => ids.next());
    expect(new Set(made).size).to.equal(made.length);
    expect([...made].sort()).to.deep.equal(made);
  });

  it('stay ordered when the clock jumps, back as well as forth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }), { minLength: 2 }),
        (times) => {
          const ids = makeIds(clockAt(times), systemChance);
          const made = times.map(() => ids.next());
          expect([...made].sort()).to.deep.equal(made);
          expect(new Set(made).size).to.equal(made.length);
        },
      ),
    );
  });

  it('are the same again with the same time and chance, as a simulation needs', () => {
    const seeded = (): Chance => {
      let state = 1;
      const next = () => {
        state = (state * 48_271) % 2_147_483_647;
        return state;
      };
      return {
        fraction: () => next() / 2_147_483_647,
        bytes: (count) => Buffer.from(Array.from({ length: count }, next)),
      };
    };
    const make = () => {
      const { ids } = makeRuntime(clockAt([1_800_000_000_000]), seeded());
      return [ids.next(), ids.next()];
    };
    expect(make()).to.deep.equal(make());
  });

  it('are UUIDs of version 7 that hold their time', () => {
    const id = makeIds(clockAt([1_800_000_000_000]), systemChance).next();
    expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).to.equal(1_800_000_000_000);
  });

  it('references fit the operator and cannot be misread', () => {
    const made = Array.from({ length: 2_000 }, () => newReference(systemChance));
    for (const reference of made) expect(reference).to.match(/^M[2-9A-HJ-NP-Z]{9}$/);
    expect(new Set(made).size).to.equal(made.length);
  });

  it('tokens of addresses are lowercase hex, so that they spell no refused word', () => {
    expect(newToken(systemChance)).to.match(/^[0-9a-f]{40}$/);
    expect(newToken(systemChance)).to.not.equal(newToken(systemChance));
  });
});

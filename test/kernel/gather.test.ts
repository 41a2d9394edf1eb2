import { expect } from 'chai';
import { gather } from '../../src/kernel/index.ts';

const done = <R>(value: R): PromiseSettledResult<R> => ({ status: 'fulfilled', value });

describe('what is gathered', () => {
  it('goes by one call for all who ask at the same time, and answers each', async () => {
    const calls: (readonly number[])[] = [];
    const twice = gather(async (items: readonly number[]) => {
      calls.push(items);
      return items.map((item) => done(2 * item));
    }, 100);
    expect(await Promise.all([1, 2, 3].map(twice))).to.deep.equal([2, 4, 6]);
    expect(await twice(4)).to.equal(8);
    expect(calls).to.deep.equal([[1, 2, 3], [4]]);
  });

  it('waits while a call is under way, and then goes with those who came meanwhile, so many at most', async () => {
    const calls: number[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const same = gather(async (items: readonly string[]) => {
      calls.push(items.length);
      if (calls.length === 1) await held;
      return items.map(done);
    }, 2);
    const first = same('first');
    await Promise.resolve();
    await Promise.resolve();
    const others = ['a', 'b', 'c'].map(same);
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).to.deep.equal([1]);
    release();
    expect(await Promise.all([first, ...others])).to.deep.equal(['first', 'a', 'b', 'c']);
    expect(calls).to.deep.equal([1, 2, 1]);
  });

  it('fails for whom it failed, or for all of a call, and goes on', async () => {
    const odd = gather(async (items: readonly number[]) => {
      if (items.includes(0)) throw new Error('all of them');
      return items.map(
        (item): PromiseSettledResult<number> =>
          item % 2 === 1 ? done(item) : { status: 'rejected', reason: new Error(`not ${item}`) },
      );
    }, 10);
    const said = async (items: number[]) =>
      (await Promise.allSettled(items.map(odd))).map((one) =>
        one.status === 'fulfilled' ? one.value : one.reason.message,
      );
    expect(await said([1, 2, 3])).to.deep.equal([1, 'not 2', 3]);
    expect(await said([5, 0])).to.deep.equal(['all of them', 'all of them']);
    expect(await said([7])).to.deep.equal([7]);
  });
});

import { expect } from 'chai';
import { DeadlineError, sleep, systemClock, withDeadline } from '../../src/kernel/index.ts';
import { manualClock } from '../support/manual-clock.ts';

const outcomeOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const [result] = await Promise.allSettled([promise]);
  return result?.status === 'rejected' ? result.reason : result?.value;
};

describe('clock', () => {
  it('gives the value of work that is in time, and cancels its timer', async () => {
    const clock = manualClock();
    expect(await withDeadline(clock, 100, Promise.resolve('done'))).to.equal('done');
    await clock.advance(1_000);
  });

  it('passes the error of work on', async () => {
    const failed = await outcomeOf(withDeadline(manualClock(), 100, Promise.reject(new Error('broken'))));
    expect((failed as Error).message).to.equal('broken');
  });

  it('stops waiting at the deadline, not before; what fails later is no rejection of anybody', async () => {
    const clock = manualClock();
    let fail = (_error: Error) => {};
    const work = new Promise((_resolve, reject) => {
      fail = reject;
    });
    const waiting = outcomeOf(withDeadline(clock, 100, work));
    await clock.advance(99);
    expect(await Promise.race([waiting, 'waits'])).to.equal('waits');
    await clock.advance(1);
    expect(await waiting).to.be.instanceOf(DeadlineError);
    fail(new Error('too late to matter'));
    await clock.advance(1);
  });

  it('sleeps for its time, or until it is woken', async () => {
    const clock = manualClock();
    let woken = false;
    const asleep = sleep(clock, 50).then(() => {
      woken = true;
    });
    await clock.advance(49);
    expect(woken).to.equal(false);
    await clock.advance(1);
    await asleep;
    const stop = new AbortController();
    const long = sleep(clock, 1e9, stop.signal);
    stop.abort();
    await long;
    await sleep(clock, 1e9, AbortSignal.abort());
  });

  it('runs a timer of the system once, or never when it is cancelled', async () => {
    const fired: string[] = [];
    systemClock.setTimer(1, () => fired.push('kept'), { unref: true });
    systemClock.setTimer(1, () => fired.push('cancelled')).cancel();
    await sleep(systemClock, 20);
    expect(fired).to.deep.equal(['kept']);
  });
});

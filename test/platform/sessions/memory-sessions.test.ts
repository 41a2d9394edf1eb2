import { expect } from 'chai';
import { memorySessions } from '../../../src/platform/sessions/index.ts';
import { manualClock } from '../../support/manual-clock.ts';

describe('memorySessions', () => {
  const turn = (expectedVersion: number) => ({ expectedVersion, turnKey: 't', state: 's', answer: 'a', dial: 'd' });

  it('lets the oldest go past its limit', async () => {
    const store = memorySessions({ clock: manualClock() }, { sessionTtlMs: 1_000, dialTtlMs: 1_000, most: 3 });
    for (const number of ['1', '2', '3']) await store.storeTurn(number, 'k', turn(0));
    await store.storeTurn('1', 'k', turn(1));
    await store.storeTurn('4', 'k', turn(0));
    const alive: string[] = [];
    for (const number of ['1', '2', '3', '4']) if ((await store.read(number, 'k', 't')).session) alive.push(number);
    expect(alive).to.deep.equal(['1', '3', '4']);
    expect(await store.readDial('2')).to.equal(undefined);
  });

  it("counts a session's time from its last turn", async () => {
    const clock = manualClock();
    const store = memorySessions({ clock }, { sessionTtlMs: 1_000, dialTtlMs: 1_000 });
    await store.storeTurn('1', 'k', turn(0));
    await clock.advance(900);
    await store.storeTurn('1', 'k', turn(1));
    await clock.advance(900);
    expect((await store.read('1', 'k', 't')).session?.version).to.equal(2);
    await clock.advance(100);
    expect((await store.read('1', 'k', 't')).session).to.equal(undefined);
  });
});

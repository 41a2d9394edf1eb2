import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { type DialogRecorder, dialogsOf, findDialogs, recordDialogs } from '../../../src/domain/dialogs/index.ts';
import { type Msisdn, makeRuntime, systemChance } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import { newMsisdn } from '../../support/domain-deps.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { eventually } from '../../support/service-eventually.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('dialogs', (stores) => {
  let clock: ManualClock;
  let database: Database;
  let recorder: DialogRecorder;
  let sessions = 0;

  before(async () => {
    clock = manualClock();
    const runtime = makeRuntime(clock, systemChance);
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
    recorder = recordDialogs({ runtime, database, log: silentLog });
  });
  after(async () => {
    await recorder?.stop();
    await database?.close();
  });

  const seen = (sessionKey: string, msisdn: Msisdn, screen: string | undefined, ended = false) => ({
    ...{ sessionKey, msisdn, network: 'safaricom', screen, ended },
  });
  const newSession = () => {
    sessions += 1;
    return `africastalking:dialog-${sessions}`;
  };

  it('writes the hops of a session as one row, with the times of its screens', async () => {
    const [session, msisdn] = [newSession(), newMsisdn()];
    const startMs = clock.now();
    recorder.hop(seen(session, msisdn, 'home'));
    await clock.advance(1_200);
    recorder.hop(seen(session, msisdn, 'choose-biller'));
    expect(await findDialogs({ database }, [session]), 'nothing is written hop by hop').to.deep.equal([]);
    await recorder.flush();
    const [dialog] = await findDialogs({ database }, [session]);
    expect(dialog).to.deep.equal({
      ...{ sessionKey: session, msisdn, network: 'safaricom', fromMs: startMs, toMs: startMs + 1_200, endedAs: 'open' },
      screens: [
        { screen: 'home', atMs: startMs },
        { screen: 'choose-biller', atMs: startMs + 1_200 },
      ],
    });
  });

  it('writes by itself after some seconds', async () => {
    const [session, msisdn] = [newSession(), newMsisdn()];
    recorder.hop(seen(session, msisdn, 'home'));
    await clock.advance(5_000);
    await eventually('the session is written', async () => {
      expect(await findDialogs({ database }, [session])).to.have.length(1);
    });
  });

  it('joins what two processes saw, and how the gateway says that it ended', async () => {
    const other = recordDialogs({ runtime: makeRuntime(clock, systemChance), database, log: silentLog });
    const [session, msisdn] = [newSession(), newMsisdn()];
    recorder.hop(seen(session, msisdn, 'home'));
    await recorder.flush();
    await clock.advance(700);
    other.hop(seen(session, msisdn, 'account'));
    await other.flush();
    await clock.advance(30_000);
    recorder.end({ sessionKey: session, msisdn, endedAs: 'incomplete' });
    await recorder.flush();
    await other.stop();
    const [dialog] = await findDialogs({ database }, [session]);
    expect(dialog?.screens.map(({ screen }) => screen)).to.deep.equal(['home', 'account']);
    expect(dialog).to.include({ endedAs: 'incomplete', network: 'safaricom' });
  });

  it('takes an END of ours for the end, whatever the gateway says of it later', async () => {
    const [session, msisdn] = [newSession(), newMsisdn()];
    recorder.hop(seen(session, msisdn, 'paid', true));
    await recorder.flush();
    recorder.end({ sessionKey: session, msisdn, endedAs: 'incomplete' });
    await recorder.flush();
    expect((await findDialogs({ database }, [session]))[0]?.endedAs).to.equal('ended');
  });

  it('lists the last sessions of a number, newest first, page by page', async () => {
    const msisdn = newMsisdn();
    const keys = [newSession(), newSession(), newSession()];
    for (const key of keys) {
      recorder.hop(seen(key, msisdn, 'home'));
      await recorder.flush();
      await clock.advance(60_000);
    }
    const newest = await dialogsOf({ database }, { msisdn, beforeMs: clock.now(), limit: 2 });
    expect(newest.map(({ sessionKey }) => sessionKey)).to.deep.equal([keys[2], keys[1]]);
    const before = newest[1]?.fromMs ?? 0;
    const older = await dialogsOf({ database }, { msisdn, beforeMs: before, limit: 2 });
    expect(older.map(({ sessionKey }) => sessionKey)).to.deep.equal([keys[0]]);
  });

  it('loses only what it gathered when the store is away, and goes on', async () => {
    const lines: string[] = [];
    const log = { warn: (...words: unknown[]) => void lines.push(String(words.at(-1))) };
    const broken = { ...database, transaction: () => Promise.reject(new Error('the store is away')) } as Database;
    const lonely = recordDialogs({ runtime: makeRuntime(clock, systemChance), database: broken, log });
    lonely.hop(seen(newSession(), newMsisdn(), 'home'));
    await lonely.flush();
    await lonely.stop();
    expect(lines).to.have.length(1);
  });
});

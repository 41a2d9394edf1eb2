import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import {
  type AnswerOnceDeps,
  answerOnce,
  type KeptAnswer,
  type NamedRequest,
  type Once,
  TAKEN_OVER_AFTER_MS,
} from '../../../src/domain/organisations/index.ts';
import { makeRuntime, Refusal, systemChance } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeSealing } from '../../../src/platform/sealing/index.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { describeOnStores } from '../../support/stores.ts';

const DONE: KeptAnswer = { status: 201, body: '{"done":1}' };

describeOnStores('a request that may come again', (stores) => {
  let clock: ManualClock;
  let database: Database;
  let deps: AnswerOnceDeps;
  let requests = 0;
  before(async () => {
    clock = manualClock(Date.UTC(2026, 10, 20, 9));
    const runtime = makeRuntime(clock, systemChance);
    database = await openDatabase(runtime, stores(), schema);
    await database.migrate();
    deps = { runtime, database, sealing: makeSealing(Buffer.alloc(32, 7), systemChance) };
  });
  after(() => database?.close());

  const newRequest = (): NamedRequest => {
    requests += 1;
    return { organisationId: 'org', idempotencyKey: `key-${requests}`, requestHash: 'a'.repeat(64) };
  };
  const refused = ({ code }: Refusal): KeptAnswer => ({ status: 422, body: code });
  const once = (request: NamedRequest, act: (given: Once) => Promise<KeptAnswer>) =>
    answerOnce(deps, request, act, refused);
  /** An act of one transaction, which counts how often it was committed. */
  const counted = () => {
    const count = { acts: 0 };
    const act = async ({ keep }: Once) => {
      await database.transaction((tx) => keep(tx, DONE));
      count.acts += 1;
      return DONE;
    };
    return { count, act };
  };
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'none';
    } catch (error) {
      return error instanceof Refusal ? error.code : String(error);
    }
  };

  it('is done once, also when many come at once', async () => {
    const request = newRequest();
    const { count, act } = counted();
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(once(request, act))));
    for (const code of codes) expect(['none', 'request.under-way']).to.include(code);
    expect(count.acts).to.equal(1);
    expect(await once(request, act)).to.deep.equal({ ...DONE, isRepeat: true });
    expect(count.acts).to.equal(1);
  });

  it('is refused when it is another one under the same name', async () => {
    const request = newRequest();
    const { act } = counted();
    await once(request, act);
    expect(await codeOf(once({ ...request, requestHash: 'b'.repeat(64) }, act))).to.equal('request.key-reused');
  });

  it('is done by the next who asks when its process died before the commit', async () => {
    const request = newRequest();
    void once(request, () => new Promise(() => {}));
    const { count, act } = counted();
    // Until the request is noted, whoever comes first acts.
    while ((await database.reader.query('SELECT id FROM idempotent_request WHERE status = 0')).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await codeOf(once(request, act))).to.equal('request.under-way');
    await clock.advance(TAKEN_OVER_AFTER_MS + 1);
    expect(await once(request, act)).to.deep.equal({ ...DONE, isRepeat: false });
    expect(count.acts).to.equal(1);
  });

  it('is not done twice by one that was only slow', async () => {
    const request = newRequest();
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let isBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      isBegun = resolve;
    });
    let late = 0;
    const slow = once(request, async ({ keep }) => {
      isBegun();
      await asleep;
      await database.transaction((tx) => keep(tx, DONE));
      late += 1;
      return DONE;
    });
    await begun;
    await clock.advance(TAKEN_OVER_AFTER_MS + 1);
    const { count, act } = counted();
    await once(request, act);
    wake();
    expect(await codeOf(slow)).to.equal('request.under-way');
    expect([count.acts, late]).to.deep.equal([1, 0]);
  });

  it('keeps what it was refused with, and nothing of a fault', async () => {
    const request = newRequest();
    const refuse = async () => {
      throw new Refusal('webhook.endpoint-exists');
    };
    expect(await once(request, refuse)).to.include({ status: 422, body: 'webhook.endpoint-exists', isRepeat: false });
    const { count, act } = counted();
    expect(await once(request, act)).to.include({ status: 422, isRepeat: true });
    expect(count.acts).to.equal(0);
    const other = newRequest();
    const fail = async () => {
      throw new Error('out of order');
    };
    expect(await codeOf(once(other, fail))).to.equal('Error: out of order');
    expect(await once(other, act)).to.deep.equal({ ...DONE, isRepeat: false });
  });

  it('keeps the answer of an act of several transactions afterwards, which finds by its key what was done', async () => {
    const request = newRequest();
    const keys: string[] = [];
    const act = async ({ actKey }: Once) => {
      keys.push(actKey);
      if (keys.length === 1) throw new Error('died half way');
      return DONE;
    };
    await codeOf(once(request, act));
    await once(request, act);
    expect(await once(request, act)).to.deep.equal({ ...DONE, isRepeat: true });
    expect(keys).to.have.length(2);
    expect(keys[0]).to.equal(keys[1]);
  });
});

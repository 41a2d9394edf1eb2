import { expect } from 'chai';
import fc from 'fast-check';
import { silentLog } from '../../../../src/platform/log/index.ts';
import { connectRedis } from '../../../../src/platform/redis/index.ts';
import { redisSessions } from '../../../../src/platform/sessions/index.ts';
import { freshRedis } from '../../../support/stores.ts';
import { type UssdWorld, ussdWorld } from '../ussd-world.ts';

/** Inputs that lead somewhere more often than not: menu keys, an account, an amount, a PIN, nonsense, nothing. */
const input = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('1', '2', '3', '4', '5', '6') },
  { weight: 4, arbitrary: fc.constantFrom('100200300', '500', '0', '00', '98', '0722000002') },
  { weight: 1, arbitrary: fc.constantFrom('', '*', '1*2', 'x', '4711', '999123', '888888') },
);

const session = fc.record({
  first: fc.constantFrom('', '1*2*100200300*500', '2', '1*2'),
  inputs: fc.array(input, { minLength: 1, maxLength: 14 }),
});

/** How often each request comes, and which older ones come with it, by their distance. */
const noise = fc.array(
  fc.record({
    copies: fc.integer({ min: 1, max: 3 }),
    older: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 2 }),
    together: fc.boolean(),
  }),
  { minLength: 15, maxLength: 15 },
);

function textsOf({ first, inputs }: { first: string; inputs: string[] }): string[] {
  const texts = [first];
  let text = first;
  for (const typed of inputs) {
    text = text === '' ? typed || '*' : `${text}*${typed}`;
    texts.push(text);
  }
  return texts;
}

/** While the bill is being paid by the last but one, the second, which skips a step, is stored first. */
const TURN_TAKES_THE_PLACE_OF_THE_PAID_ONE = ['', '*1*1', '', '', '*1', ''].map((end) => `1*2*100200300*500${end}`);

async function ask({ handlers }: Pick<UssdWorld, 'handlers'>, text: string, sessionId = 'one'): Promise<string> {
  const form = { sessionId, phoneNumber: '+254711000001', networkCode: '63902', serviceCode: '*384*123#' };
  return (await handlers.handleHop({ ...form, text })).body;
}

/** What the business was left with: the same whatever came how often. */
function effects({ domain }: UssdWorld) {
  const { payments, links, receipts, billsLater, blocked, pin } = domain;
  const wrongPins = [...domain.pinTries.values()].filter((right) => !right).length;
  return {
    payments: payments.length,
    links: links.length,
    receipts: receipts.length,
    blocked,
    pin,
    wrongPins,
    billsLater,
  };
}

describe('a session whose requests are repeated, at once or late', () => {
  it('gives every request the answer of its turn, and acts once', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(session, noise, async (plan, noises) => {
        const texts = textsOf(plan);
        const calm = await ussdWorld();
        const expected = new Map<string, string>();
        for (const text of texts) expected.set(text, await ask(calm, text));

        const stormy = await ussdWorld();
        for (const [place, text] of texts.entries()) {
          const { copies, older, together } = noises[place] ?? { copies: 1, older: [], together: false };
          const past = older.flatMap((distance) => texts[place - distance] ?? []);
          const asked = [...Array.from({ length: copies }, () => text), ...past];
          const answers = together
            ? await Promise.all(asked.map((one) => ask(stormy, one)))
            : await asked.reduce<Promise<string[]>>(
                async (done, one) => [...(await done), await ask(stormy, one)],
                Promise.resolve([]),
              );
          for (const [index, answer] of answers.entries()) {
            expect(answer, `${JSON.stringify(asked[index])} after ${JSON.stringify(texts.slice(0, place))}`).to.equal(
              expected.get(asked[index] ?? ''),
            );
          }
        }
        expect(effects(stormy)).to.deep.equal(effects(calm));
      }),
      { numRuns: 300 },
    );
  });

  it('makes no second payment when requests come in any order', async function () {
    this.timeout(60_000);
    const texts = textsOf({ first: '', inputs: ['1', '2', '100200300', '500', '1', '1', '1'] });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...texts), { minLength: 5, maxLength: 40 }), async (order) => {
        const world = await ussdWorld();
        await Promise.all(order.map((text) => ask(world, text)));
        for (const text of texts) await ask(world, text);
        expect(world.domain.payments.length).to.be.at.most(1);
      }),
      { numRuns: 200, examples: [[TURN_TAKES_THE_PLACE_OF_THE_PAID_ONE]] },
    );
  });

  it('does so in two processes on one Redis', async function () {
    this.timeout(60_000);
    const fresh = await freshRedis();
    if (!fresh) return this.skip();
    const clients = [await connectRedis(fresh.url, silentLog), await connectRedis(fresh.url, silentLog)] as const;
    const [store, other] = clients.map((client) => redisSessions(client, { sessionTtlMs: 60_000, dialTtlMs: 60_000 }));
    if (!store || !other) throw new Error('two clients make two stores');
    let sessions = 0;
    try {
      await fc.assert(
        fc.asyncProperty(session, noise, async (plan, noises) => {
          const texts = textsOf(plan);
          const calm = await ussdWorld();
          const sessionId = `redis-${++sessions}`;
          const expected = new Map<string, string>();
          for (const text of texts) expected.set(text, await ask(calm, text, sessionId));
          await clients[0].flushdb();

          const one = await ussdWorld({ wrapStore: () => store });
          const two = { handlers: one.again({ store: other }) };
          for (const [place, text] of texts.entries()) {
            const older = (noises[place]?.older ?? []).flatMap((distance) => texts[place - distance] ?? []);
            const asked = [text, ...older, text, text];
            const answers = await Promise.all(asked.map((it, index) => ask(index % 2 ? two : one, it, sessionId)));
            expect(answers).to.deep.equal(asked.map((it) => expected.get(it)));
          }
          expect(effects(one)).to.deep.equal(effects(calm));
        }),
        { numRuns: 60 },
      );
    } finally {
      for (const client of clients) client.disconnect();
      await fresh.drop();
    }
  });
});

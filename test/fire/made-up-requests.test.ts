import http from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { isBalanced, trialBalance } from '../../src/money/ledger/index.ts';
import { newAccount } from '../support/dial.ts';
import { startService, type TestService } from '../support/service.ts';
import { type MadeUp, madeUpRequest } from '../support/service-made-up.ts';
import { embeddedStores, type StorePair, serverStores } from '../support/stores.ts';

/** Each round has a service and stores of its own, so that what is kept and matched again stays within bounds. */
const REQUESTS_A_ROUND = 10_000;
const HOUSES: [string, () => Promise<StorePair | undefined>, { rounds: number }][] = [
  ['embedded stores', embeddedStores, { rounds: 10 }],
  ['MariaDB and Redis', serverStores, { rounds: 1 }],
];
/** Sent at once; also what a failure is shrunk within. */
const AT_ONCE = 50;
const PATIENCE_MS = 300_000;

for (const [house, openStores, { rounds }] of HOUSES) {
  describe(`made-up requests (${house})`, () => {
    for (let round = 1; round <= rounds; round += 1) {
      it(`get no 5xx, move nothing and leave nothing open: round ${round} of ${rounds}`, async function () {
        this.timeout(PATIENCE_MS);
        const stores = await openStores();
        if (!stores) return this.skip();
        const town = await startService(stores);
        try {
          await playRound(town);
        } finally {
          await town.stop();
          await stores.drop();
        }
      });
    }
  });
}

async function playRound(town: TestService): Promise<void> {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
  process.on('unhandledRejection', onRejection);
  try {
    const before = await underWay(town);
    const seen = await sendAll(agent, Number(new URL(town.gateway).port));
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).to.be.at.least(REQUESTS_A_ROUND);
    // What it is meant to reach, it reaches: taken, refused, hidden, too large, of a wrong type.
    expect([...seen.keys()]).to.include.members([200, 400, 404, 413, 415]);
    expect((await town.get('/health/ready')).status).to.equal(200);
    expect(isBalanced(await trialBalance(town.books.database)), 'the ledger sums to zero').to.equal(true);
    await town.books.untilQuiet();
    expect(await moneyOf(town)).to.deep.equal(before);
    expect(rejections, 'unhandled rejections').to.deep.equal([]);
  } finally {
    process.off('unhandledRejection', onRejection);
    agent.destroy();
  }
}

/** One payment is done, and one waits for its PIN: neither may change. */
async function underWay(town: TestService): Promise<unknown> {
  const jane = await town.phone();
  await jane.gets('paid KES', await jane.pays({ biller: 2, account: newAccount(), amount: 500 }));
  await jane.handset({ answer: 'ignore', promptTimeoutMs: PATIENCE_MS });
  await town.books.payment(await jane.pays({ biller: 2, account: newAccount(), amount: 600 }), 'prompting');
  await town.books.untilQuiet();
  return moneyOf(town);
}

async function sendAll(agent: http.Agent, port: number): Promise<Map<number, number>> {
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(madeUpRequest(), { minLength: AT_ONCE, maxLength: AT_ONCE }), async (requests) => {
      const statuses = await Promise.all(requests.map((request) => send(agent, port, request)));
      for (const [index, status] of statuses.entries()) {
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (status < 500 && status >= 200) continue;
        const { method, path, body } = requests[index] as MadeUp;
        throw new Error(`${status} for ${method} ${path} ${JSON.stringify(String(body)).slice(0, 500)}`);
      }
    }),
    { numRuns: REQUESTS_A_ROUND / AT_ONCE, endOnFailure: true },
  );
  return seen;
}

/** Payments, movements and balances: what no made-up request may change. */
async function moneyOf({ books, control }: TestService): Promise<unknown> {
  const payments = (await books.payments()).map(({ id, state, amountMinor }) => `${id} ${state} ${amountMinor}`);
  // Time may pass over a prompt that nobody answers: what counts is whether money moved.
  const succeeded = (await books.transfers({ state: 'succeeded' })).map(({ id, receipt }) => `${id} ${receipt}`);
  const { accounts } = await trialBalance(books.database);
  const balances = accounts.map(({ account, balanceMinor }) => `${account} ${balanceMinor}`);
  return { payments, succeeded, balances, moved: String(await control.operator.totalMinor()) };
}

function send(agent: http.Agent, port: number, request: MadeUp): Promise<number> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body } = request;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const req = http.request({ agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } });
    req.on('response', (res) => {
      res.resume();
      res.on('end', () => resolve(res.statusCode ?? 0));
      res.on('error', reject);
    });
    req.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the server closed at that moment: the request was not answered with anything.
      if (req.reusedSocket && error.code === 'ECONNRESET') resolve(send(agent, port, request));
      else reject(error);
    });
    req.end(body);
  });
}

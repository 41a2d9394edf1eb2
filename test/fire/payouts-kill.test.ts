import { expect } from 'chai';
import { Not } from 'typeorm';
import {
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
} from '../../src/domain/payout-batches/index.ts';
import { isBalanced, LedgerEntrySchema, trialBalance } from '../../src/money/ledger/index.ts';
import { type MortalService, startMortalService } from '../support/kill.ts';
import { EACH_MINOR, plantFundedBatch } from '../support/planted-payouts.ts';
import { eventually } from '../support/service-eventually.ts';
import { embeddedStores, type StorePair, serverStores } from '../support/stores.ts';

/** 10,000 is what is promised, and takes minutes. */
const ROWS = Number(process.env.PAYOUT_ROWS ?? 400);
const KILLS = 4;
/**
 * So that a kill meets rows in the queue, on their way and at the operator; no faster than the stores keep what comes back, since an
 * operator waits ten seconds for that to be taken and tells it once.
 */
const paceOf = (mostPerSecond: number) => ({
  DARAJA_B2C_PER_SECOND: String(Math.min(Math.ceil(ROWS / 12), mostPerSecond)),
  WORKER_CONCURRENCY: '64',
});
const ALL_WITHIN_MS = 60_000 + ROWS * 20;

const HOUSES: [string, () => Promise<StorePair | undefined>, { split: boolean }, number][] = [
  ['the whole service, embedded stores', embeddedStores, { split: false }, 80],
  ['a worker, MariaDB and Redis', serverStores, { split: true }, 1_000],
];

for (const [house, openStores, options, mostPerSecond] of HOUSES) {
  describe(`kill -9 in the middle of a batch of payouts (${house})`, function () {
    this.timeout(2 * ALL_WITHIN_MS + 60_000);
    let stores: StorePair | undefined;
    let town: MortalService;
    before(async function () {
      stores = await openStores();
      if (!stores) return this.skip();
      // As often as by default; what was lost with a process is asked about, and the answer can be lost with the next one.
      const asked = { INQUIRY_DELAYS_S: '6,15,30,45,60' };
      const payer = {
        DARAJA_B2C_SHORT_CODE: '174379',
        DARAJA_B2C_INITIATOR: 'initiator',
        DARAJA_B2C_SECURITY_CREDENTIAL: 'credential',
      };
      town = await startMortalService(stores, { ...options, env: { ...paceOf(mostPerSecond), ...asked, ...payer } });
    });
    after(async () => {
      await town?.stop();
      await stores?.drop();
    });

    const rowsOf = ({ id }: PayoutBatch): Promise<PayoutRow[]> =>
      town.books.database.reader.find(PayoutRowSchema, { where: { batchId: id }, order: { rowNo: 'ASC' } });
    const openRowsOf = async ({ id }: PayoutBatch) => {
      const where = { batchId: id, state: Not('paid' as const) };
      const open = await town.books.database.reader.find(PayoutRowSchema, { where, take: 20 });
      return open.map(({ rowNo, state }) => `${rowNo} ${state}`).join(', ');
    };
    const paidIn = async (batch: PayoutBatch) =>
      town.books.database.reader.countBy(PayoutRowSchema, { batchId: batch.id, state: 'paid' });

    it(`pays each of ${ROWS} people once, goes on by itself, and closes the batch`, async () => {
      const { database } = town.books;
      await town.control.putFloat(BigInt(ROWS) * EACH_MINOR);
      const batch = await plantFundedBatch(database, { rows: ROWS });
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const reached = Math.floor((ROWS * kill) / (KILLS + 2));
        await eventually(
          `${reached} are paid`,
          async () => expect(await paidIn(batch)).to.be.at.least(reached),
          ALL_WITHIN_MS,
        );
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
        await town.victim.kill();
        expect(await paidIn(batch), 'killed in the middle').to.be.below(ROWS);
        await town.victim.start();
      }

      await eventually(
        'the batch is closed',
        async () => {
          const { state } = await database.reader.findOneByOrFail(PayoutBatchSchema, { id: batch.id });
          expect(state, await openRowsOf(batch)).to.equal('closed');
        },
        ALL_WITHIN_MS,
      );

      const moved = (await town.control.operator.transactions()).filter(({ kind }) => kind === 'disburse');
      expect(new Set(moved.map(({ msisdn }) => msisdn)), 'everybody was paid').to.have.property('size', ROWS);
      expect(moved, 'nobody was paid twice').to.have.length(ROWS);
      const paid = (await rowsOf(batch)).filter(({ state }) => state === 'paid');
      expect(paid.map(({ msisdn, receipt }) => `${msisdn} ${receipt}`)).to.have.members(
        moved.map(({ msisdn, receipt }) => `${msisdn} ${receipt}`),
      );
      expect(await town.books.transfers({ route: 'payout' }), 'one attempt a row').to.have.length(ROWS);
      const booked = await database.reader.countBy(LedgerEntrySchema, { kind: 'paid-out' });
      expect(booked).to.equal(paid.length);
      expect(isBalanced(await trialBalance(database)), 'the ledger sums to zero').to.equal(true);
      expect(await town.books.outbox({ state: 'dead' }), 'work that was given up').to.deep.equal([]);
    });
  });
}

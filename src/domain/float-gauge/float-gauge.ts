import { In } from 'typeorm';
import { businessDay, dayWindow, type Money } from '../../kernel/index.ts';
import { findBalance } from '../../money/floats/index.ts';
import { accountBalance, ledgerAccount } from '../../money/ledger/index.ts';
import type { TransferDeps } from '../../money/transfers/index.ts';
import { type Organisation, ownAccountOf } from '../organisations/index.ts';
import { needOf, OPEN_ROWS, type PayoutBatch, PayoutBatchSchema } from '../payout-batches/index.ts';
import { isOutdated } from './refresh-balance.ts';

/** What the operator told of the account that pays: all of it, also what others brought who share it. Of its own account nobody does. */
export interface ToldBalance {
  utilityMinor: bigint;
  /** The operator's time of it. */
  asOfMs: number;
  /** It is asked for every quarter of an hour: an older one says that the operator does not answer. */
  isOutdated: boolean;
  /** What is set aside at this operator, of everybody. */
  reservedMinor: bigint;
}

/** A batch that may be paid today, and whether its money is there. */
export interface WaitingBatch {
  id: string;
  number: string;
  name: string;
  needMinor: bigint;
  /** Paused by a person: it takes no money while it is. */
  isPaused: boolean;
  /** What is lacking when its turn comes; zero: it fits. */
  missingMinor: bigint;
}

/** An organisation's money at its operator, by our ledger: `ownMinor` is what it may still spend, the others are set aside. */
export interface FloatGauge {
  currency: string;
  ownMinor: bigint;
  reservedMinor: bigint;
  feesMinor: bigint;
  /** At the bank, not moved yet. */
  incomingMinor: bigint;
  /** Undefined: it was never told, or the organisation has an account of its own without a credential by which it could be asked. */
  told: ToldBalance | undefined;
  /** In the order in which their money is set aside. */
  batches: readonly WaitingBatch[];
  /** What all of them need beyond what may be spent; zero: all fit. */
  missingMinor: bigint;
}

export type GaugeDeps = TransferDeps & { fundingSettings: { timeZone: string } };

/** Of a batch that waits there are few; a list of hundreds is no gauge. */
const MOST_BATCHES = 100;

/** What an organisation has, what of it is set aside, and which of today's approved batches the rest is enough for. */
export async function floatGauge(deps: GaugeDeps, organisation: Organisation): Promise<FloatGauge> {
  const { id, currency } = organisation;
  const { reader } = deps.database;
  // Owed to it: a credit balance of the ledger's.
  const owed = async (account: string) => -(await accountBalance(reader, account, currency));
  const [ownMinor, feesMinor, incomingMinor, reservedMinor, told, waiting] = await Promise.all([
    owed(ledgerAccount.organisation(id)),
    owed(ledgerAccount.payoutFees(id)),
    owed(ledgerAccount.incoming(id)),
    reservedFor(deps, { column: 'organisation_id', value: id }),
    toldBalance(deps, organisation),
    waitingToday(deps, id),
  ]);
  const { batches, missingMinor } = fill(waiting, ownMinor);
  return { currency, ownMinor, reservedMinor, feesMinor, incomingMinor, told, batches, missingMinor };
}

/**
 * Set aside for rows that are neither paid nor proven not to be. From the index of each batch that is being paid: an account of the ledger, where
 * every payout of every year has postings, would be summed for seconds.
 */
async function reservedFor(
  { database }: GaugeDeps,
  whose: { column: 'organisation_id' | 'operator'; value: string },
): Promise<bigint> {
  const [row]: { total: unknown }[] = await database.reader.query(
    `SELECT SUM(r.amount_minor) AS total FROM payout_batch b
     JOIN payout_row r ON r.batch_id = b.id AND r.state IN (${OPEN_ROWS.map(() => '?').join(', ')})
     WHERE b.state IN ('funded', 'paying') AND b.${whose.column} = ?`,
    [...OPEN_ROWS, whose.value],
  );
  return BigInt(String(row?.total ?? 0));
}

async function toldBalance(deps: GaugeDeps, organisation: Organisation): Promise<ToldBalance | undefined> {
  const { id, operator, currency, shortCode } = organisation;
  const own = ownAccountOf(organisation);
  const isShared = shortCode === null || shortCode === deps.payoutOperators.get(operator)?.shortCode;
  if (!own && !isShared) return undefined;
  const balance = await findBalance(deps, operator, own?.shortCode);
  if (!balance || balance.utilityMinor === null || balance.currency !== currency) return undefined;
  const { utilityMinor, asOfMs, toldAtMs } = balance;
  const whose = own
    ? { column: 'organisation_id' as const, value: id }
    : { column: 'operator' as const, value: operator };
  return {
    ...{ utilityMinor, asOfMs: asOfMs ?? toldAtMs ?? balance.askedAtMs, reservedMinor: await reservedFor(deps, whose) },
    isOutdated: isOutdated(balance, deps.runtime.clock.now()),
  };
}

/** Approved, and to be paid before the day is over: the longest approved first, as their money is set aside. */
async function waitingToday(
  { database, runtime, fundingSettings: { timeZone } }: GaugeDeps,
  organisationId: string,
): Promise<PayoutBatch[]> {
  const { toMs } = dayWindow(businessDay(runtime.clock.now(), timeZone), timeZone);
  const approved = await database.reader.find(PayoutBatchSchema, {
    ...{ where: { organisationId, state: In(['approved']) }, order: { approvedAtMs: 'ASC', id: 'ASC' } },
    take: MOST_BATCHES,
  });
  return approved.filter(({ notBeforeMs }) => notBeforeMs === null || notBeforeMs < toMs);
}

/** One that does not fit keeps no later one from its money. */
function fill(waiting: readonly PayoutBatch[], ownMinor: bigint): Pick<FloatGauge, 'batches' | 'missingMinor'> {
  let left = ownMinor;
  let needed = 0n;
  const batches = waiting.map((batch): WaitingBatch => {
    const { id, number, name, pauseReason } = batch;
    const needMinor = needOf(batch);
    const isPaused = pauseReason === 'by-person';
    const missingMinor = isPaused || needMinor <= left ? 0n : needMinor - left;
    if (!isPaused) {
      needed += needMinor;
      if (missingMinor === 0n) left -= needMinor;
    }
    return { id, number, name, needMinor, isPaused, missingMinor };
  });
  return { batches, missingMinor: needed > ownMinor ? needed - ownMinor : 0n };
}

/** All that an organisation has at the operator, set aside or not. */
export function heldBy({ ownMinor, reservedMinor, feesMinor, currency }: FloatGauge): Money {
  return { amountMinor: ownMinor + reservedMinor + feesMinor, currency };
}

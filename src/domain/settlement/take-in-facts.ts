import { In } from 'typeorm';
import { businessDay } from '../../kernel/index.ts';
import { ledgerAccount, type NewEntry, postEntries } from '../../money/ledger/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Biller, feeOf, tariffOn } from '../billers/index.ts';
import type { SettlementDeps } from './deps.ts';
import { entryKind } from './entry-kinds.ts';
import { openDraft } from './open-draft.ts';
import type { Fact } from './read-facts.ts';
import type { Settlement } from './settlement.ts';
import { type SettlementLine, SettlementLineSchema } from './settlement-line.ts';

/** Rows of one statement: far below what either store takes as parameters. */
const MOST_ROWS = 500;

export interface Drawing {
  biller: Biller;
  timeZone: string;
  /** The day that is being settled: the last one that may take lines. */
  day: string;
}

/**
 * Puts facts into the settlements of their own days; what is of a signed day becomes an adjustment in the day that is being
 * settled. Each line's fee is booked with it. Returns when the oldest fact was booked that has to wait: of a later day, or
 * with no open settlement to go to.
 */
export async function takeInFacts(
  deps: SettlementDeps,
  tx: Tx,
  drawing: Drawing,
  facts: readonly Fact[],
): Promise<number | undefined> {
  const fees = await feesKnown(tx, facts);
  const drafts = makeDrafts(deps, tx, drawing.biller.id);
  const lines: SettlementLine[] = [];
  const entries: NewEntry[] = [];
  let waitingSinceMs: number | undefined;
  for (const fact of facts) {
    const ownDay = businessDay(fact.completedAtMs, drawing.timeZone);
    const draft =
      ownDay > drawing.day
        ? undefined
        : ((await drafts(ownDay, fact.currency)) ?? (await drafts(drawing.day, fact.currency)));
    if (!draft) {
      waitingSinceMs = Math.min(waitingSinceMs ?? fact.bookedAtMs, fact.bookedAtMs);
      continue;
    }
    const feeMinor = feeFor(drawing.biller, fact, ownDay, fees);
    lines.push(lineOf(deps, draft, fact, ownDay, feeMinor));
    if (feeMinor !== 0n) entries.push(feeEntry(drawing.biller.id, fact, feeMinor));
  }
  for (let at = 0; at < lines.length; at += MOST_ROWS) {
    await tx.manager.insert(SettlementLineSchema, lines.slice(at, at + MOST_ROWS));
  }
  await postEntries(deps, tx, entries);
  return waitingSinceMs;
}

/** Finds and locks a settlement once in a transaction, however many of its facts there are. */
function makeDrafts(deps: SettlementDeps, tx: Tx, billerId: string) {
  const known = new Map<string, Settlement | undefined>();
  return async (day: string, currency: string): Promise<Settlement | undefined> => {
    const key = `${day} ${currency}`;
    if (!known.has(key)) known.set(key, await openDraft(deps, tx, { billerId, day, currency }, 'new lines'));
    return known.get(key);
  };
}

/** Fees of payments by their ids, with the amount that they were taken of. */
type FeesTaken = Map<string, { amountMinor: bigint; feeMinor: bigint }>;

/** What was taken earlier of payments whose money is now taken back. */
async function feesKnown(tx: Tx, facts: readonly Fact[]): Promise<FeesTaken> {
  const ids = facts.flatMap(({ paymentId, amountMinor }) =>
    paymentId !== null && amountMinor < 0n ? [paymentId] : [],
  );
  const known: FeesTaken = new Map();
  for (let at = 0; at < ids.length; at += MOST_ROWS) {
    const where = { paymentId: In(ids.slice(at, at + MOST_ROWS)), lineKind: 'collected' as const };
    for (const line of await tx.manager.findBy(SettlementLineSchema, where)) known.set(line.paymentId as string, line);
  }
  return known;
}

/** By the tariff of the payment's day; a payment that is taken back whole gives its fee back. */
function feeFor(biller: Biller, { paymentId, amountMinor, currency }: Fact, ownDay: string, fees: FeesTaken): bigint {
  if (amountMinor < 0n) {
    const taken = fees.get(paymentId ?? '');
    return taken?.amountMinor === -amountMinor ? -taken.feeMinor : 0n;
  }
  const feeMinor = feeOf(tariffOn(biller.tariffs, ownDay), { amountMinor, currency });
  if (paymentId) fees.set(paymentId, { amountMinor, feeMinor });
  return feeMinor;
}

function lineOf(
  { runtime }: SettlementDeps,
  { id, version }: Settlement,
  { currency: _, bookedAtMs: __, ...fact }: Fact,
  ownDay: string,
  feeMinor: bigint,
): SettlementLine {
  const lineKind = fact.amountMinor < 0n ? 'reversed' : 'collected';
  return { ...fact, id: runtime.ids.next(), settlementId: id, sinceVersion: version + 1, lineKind, ownDay, feeMinor };
}

/** Keyed by the fact: a payment that was assigned to another biller has one on either account. */
function feeEntry(billerId: string, { factId, currency }: Fact, feeMinor: bigint): NewEntry {
  const [payable, income] = [ledgerAccount.payable(billerId), ledgerAccount.income(billerId)];
  return feeMinor > 0n
    ? {
        kind: entryKind.fee,
        subjectId: factId,
        movements: [{ debit: payable, credit: income, amount: { amountMinor: feeMinor, currency } }],
      }
    : {
        kind: entryKind.feeBack,
        subjectId: factId,
        movements: [{ debit: income, credit: payable, amount: { amountMinor: -feeMinor, currency } }],
      };
}

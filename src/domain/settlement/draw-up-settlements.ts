import { dayWindow, invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Biller } from '../billers/index.ts';
import { carryForward } from './carry-forward.ts';
import type { SettlementDeps } from './deps.ts';
import { finishDrawing } from './finish-drawing.ts';
import { openDraft } from './open-draft.ts';
import { type Place, readFacts } from './read-facts.ts';
import { type Settlement, SettlementProgressSchema, SettlementSchema } from './settlement.ts';
import { type Drawing, takeInFacts } from './take-in-facts.ts';

/** Entries of the ledger that one transaction looks through: short enough that nobody else waits for long. */
const ENTRIES_TOGETHER = 2_000;
/** An entry's time is taken before its commit, maybe by another machine's clock: this much is looked through again. */
const OVERLAP_MS = 86_400_000;

/**
 * Draws up every biller's settlements up to and including a day: what became known since the last time goes to its own day, or,
 * where that was signed, into this day as an adjustment. Nothing new makes no new version. May be repeated, and dies anywhere without harm:
 * a line is committed with its fee, a version with its sums and its news. A biller whose day is not over yet is left for later.
 */
export async function drawUpSettlements(
  deps: SettlementDeps,
  { day, signal, report }: { day: string; signal?: AbortSignal; report?: (done: number, total?: number) => void },
): Promise<Settlement[]> {
  const drawn: Settlement[] = [];
  const billers = deps.billers.all();
  for (const [done, biller] of billers.entries()) {
    report?.(done, billers.length);
    const timeZone = biller.timeZone ?? deps.settlementSettings.timeZone;
    if (dayWindow(day, timeZone).toMs > deps.runtime.clock.now()) continue;
    drawn.push(...(await drawUpBiller(deps, { biller, timeZone, day }, signal)));
  }
  report?.(billers.length, billers.length);
  return drawn;
}

async function drawUpBiller(deps: SettlementDeps, drawing: Drawing, signal?: AbortSignal): Promise<Settlement[]> {
  const { biller, day } = drawing;
  const begunAtMs = deps.runtime.clock.now();
  const progress = { billerId: biller.id, scannedToMs: 0 };
  await deps.database.transaction((tx) => tx.insertOnce(SettlementProgressSchema, progress));
  const waitingSinceMs = await scan(deps, drawing, signal);
  await deps.database.transaction(async (tx) => {
    await lockBiller(tx, biller);
    await openEmptyDay(deps, tx, drawing);
    await carryForward(deps, tx, drawing);
    const scannedToMs = Math.min(begunAtMs - OVERLAP_MS, waitingSinceMs ?? begunAtMs);
    await tx.update(SettlementProgressSchema, { billerId: biller.id }, { scannedToMs });
  });
  const drawn: Settlement[] = [];
  for (const { id } of await deps.database.reader.findBy(SettlementSchema, { billerId: biller.id, state: 'drawing' })) {
    signal?.throwIfAborted();
    const settlement = await deps.database.transaction(async (tx) => {
      await lockBiller(tx, biller);
      return finishDrawing(deps, tx, id);
    });
    if (settlement) drawn.push(settlement);
  }
  for (const { version, netMinor, id } of drawn)
    deps.log.info({ settlementId: id, day, version, netMinor: String(netMinor) }, 'a settlement was drawn up');
  return drawn;
}

/** Looks through what was booked since the last time; when the oldest fact was booked that has to wait. */
async function scan(deps: SettlementDeps, drawing: Drawing, signal?: AbortSignal): Promise<number | undefined> {
  let waitingSinceMs: number | undefined;
  let place: Place | undefined;
  do {
    signal?.throwIfAborted();
    const after: Place | undefined = place;
    const piece = await deps.database.transaction(async (tx) => {
      const { scannedToMs } = await lockBiller(tx, drawing.biller);
      const page = await readFacts(tx, drawing.biller.id, after ?? { atMs: scannedToMs, id: '' }, ENTRIES_TOGETHER);
      return { next: page.next, waiting: await takeInFacts(deps, tx, drawing, page.facts) };
    });
    place = piece.next;
    if (piece.waiting !== undefined) waitingSinceMs = Math.min(waitingSinceMs ?? piece.waiting, piece.waiting);
  } while (place);
  return waitingSinceMs;
}

async function lockBiller(tx: Tx, { id }: Biller): Promise<{ scannedToMs: number }> {
  const progress = await tx.lockOne(SettlementProgressSchema, { billerId: id });
  invariant(progress, 'a biller that is being settled has its row');
  return progress;
}

/** A day without a payment has its page too: nothing and not told are two things. */
async function openEmptyDay(deps: SettlementDeps, tx: Tx, { biller, day }: Drawing): Promise<void> {
  const key = { billerId: biller.id, day, currency: biller.currency };
  if (!(await tx.findOne(SettlementSchema, key))) await openDraft(deps, tx, key, 'a day without payments');
}

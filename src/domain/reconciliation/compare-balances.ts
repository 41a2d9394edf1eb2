import { MoreThanOrEqual, Not } from 'typeorm';
import { businessDay, formatDecimal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { BreakSchema } from './break.ts';
import { coverOf, isWhole, openingMinorOf } from './cover.ts';
import { endByEvidence, openAgain } from './end-by-evidence.ts';
import { insertBreak } from './open-break.ts';
import { type Statement, StatementRowSchema, StatementSchema } from './statement.ts';
import type { StatementDeps } from './statement-deps.ts';

const APART = { breakType: 'balances-apart' } as const;

/**
 * Holds a statement that has just come against those that end where it begins, or begin where it ends. Where none of them meets another,
 * lines are missing, and nothing is proven absent across that instant: a person is told, who gives the file again. A statement that
 * leads over the place ends the break. Returns what is to be said of it, a line for each place.
 */
export async function compareBalances(
  deps: StatementDeps,
  tx: Tx,
  statement: Statement,
  timeZone: string,
): Promise<string[]> {
  if (statement.side !== 'operator' || !isWhole(statement)) return [];
  await endBridged(deps, tx, statement.party);
  const said: string[] = [];
  for (const atMs of [statement.fromMs, statement.toMs]) {
    const apart = atMs === null ? undefined : await findApart(tx, statement.party, atMs);
    if (!apart) continue;
    await tell(deps, tx, apart, timeZone);
    said.push(apart.detail);
  }
  return said;
}

interface Apart {
  after: Statement;
  detail: string;
  amountMinor: bigint;
}

async function findApart(tx: Tx, party: string, atMs: number): Promise<Apart | undefined> {
  const [before, after] = [await first(tx, party, { toMs: atMs }), await first(tx, party, { fromMs: atMs })];
  if (!before || !after || (await isBridged(tx, party, atMs))) return undefined;
  // It covers up to its last row, and the other may begin with the same one.
  if (await tx.findOne(StatementRowSchema, { statementId: before.id, atMs })) return undefined;
  const [closing, opening] = [before.closingMinor ?? 0n, openingMinorOf(after) ?? 0n];
  const { currency } = after;
  const say = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  const [one, other] = [before, after].map(({ fileName, id }) => fileName ?? id);
  const detail = `lines are missing: ${one} ends with ${say(closing)}, ${other} goes on from ${say(opening)}; give the first again, exported when its time was over`;
  return { after, detail, amountMinor: opening - closing };
}

/** Of several the one that came first, so that a place is told of once. */
async function first(
  tx: Tx,
  party: string,
  end: { fromMs: number } | { toMs: number },
): Promise<Statement | undefined> {
  const where = { side: 'operator' as const, party, state: 'complete' as const, proof: 'balance-chain' as const };
  const [found] = await tx.manager.find(StatementSchema, {
    where: { ...where, ...end },
    order: { id: 'ASC' },
    take: 1,
  });
  return found;
}

async function isBridged(tx: Tx, party: string, atMs: number): Promise<boolean> {
  const where = { side: 'operator' as const, party, state: 'complete' as const, toMs: MoreThanOrEqual(atMs) };
  return coverOf(await tx.manager.find(StatementSchema, { where }), { fromMs: atMs - 1, toMs: atMs + 1 }) === 'proven';
}

async function tell(
  deps: StatementDeps,
  tx: Tx,
  { after, detail, amountMinor }: Apart,
  timeZone: string,
): Promise<void> {
  const { side, party, currency, id: subjectId, fromMs } = after;
  const day = businessDay((fromMs ?? 0) - 1, timeZone);
  const found = { ...APART, ...{ subjectId, detail, side, party, currency, day, amountMinor } };
  if (await insertBreak(deps, tx, { ...found, suggestedAction: 'read-statement' })) return;
  const known = await tx.findOne(BreakSchema, { ...APART, subjectId });
  if (known) await openAgain(deps, tx, known, detail.slice(0, 255));
}

async function endBridged(deps: StatementDeps, tx: Tx, party: string): Promise<void> {
  const open = await tx.manager.find(BreakSchema, { where: { ...APART, party, state: Not('resolved') } });
  for (const { id, subjectId } of open) {
    const after = await tx.findOne(StatementSchema, { id: subjectId });
    if (after?.fromMs == null || !(await isBridged(tx, party, after.fromMs))) continue;
    await endByEvidence(deps, tx, id, 'a statement leads over the place');
  }
}

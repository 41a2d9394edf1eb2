import { MoreThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import type { Cover } from './recon-day.ts';
import { type Statement, StatementSchema } from './statement.ts';

export const COVERING_COLUMNS = {
  ...{ id: true, side: true, party: true, proof: true, fromMs: true, toMs: true },
  ...{ closingMinor: true, inMinor: true, outMinor: true },
} as const;
export type CoveringColumn = keyof typeof COVERING_COLUMNS;

type Covering = Pick<Statement, 'proof' | 'fromMs' | 'toMs'> &
  Partial<Pick<Statement, 'closingMinor' | 'inMinor' | 'outMinor'>>;

interface Window {
  fromMs: number;
  toMs: number;
}

/**
 * Pure. Whether the statements together leave no instant of the window out. Proven: by statements that are whole, and where one ends as the
 * next begins, by balances that meet: a file that was exported before its day was over is a chain without a hole and lacks the evening.
 */
export function coverOf(statements: readonly Covering[], window: Window): Cover {
  if (isProvenBy(statements.filter(isWhole), window)) return 'proven';
  return isSeen(statements, window) ? 'seen' : 'none';
}

/** For those who must know whether a complete statement proves that something is not there. */
export async function isProven(
  { database }: { database: Database },
  account: string,
  fromMs: number,
  toMs: number,
): Promise<boolean> {
  const where = { state: 'complete' as const, side: 'operator' as const, party: account, toMs: MoreThan(fromMs) };
  const statements = await database.reader.find(StatementSchema, { where });
  return isProvenBy(statements.filter(isWhole), { fromMs, toMs });
}

export function isWhole({ proof }: Pick<Statement, 'proof'>): boolean {
  return proof !== null && proof !== 'none';
}

/** The balance before the first line, in minor units; null where the statement carries no balances. */
export function openingMinorOf({ closingMinor, inMinor, outMinor }: Covering): bigint | null {
  return closingMinor == null ? null : closingMinor - (inMinor ?? 0n) + (outMinor ?? 0n);
}

/**
 * Whether nothing can have happened between the two where the one ends as the other begins. Those that share a time, or carry no
 * balances, are taken as they are: what the one lacks of a shared time is in the other.
 */
export function meet(before: Covering, after: Covering): boolean {
  if (before.toMs !== after.fromMs) return true;
  const [closing, opening] = [before.closingMinor ?? null, openingMinorOf(after)];
  return closing === null || opening === null || closing === opening;
}

function isSeen(statements: readonly Covering[], { fromMs, toMs }: Window): boolean {
  const sorted = [...statements].sort((one, other) => (one.fromMs ?? 0) - (other.fromMs ?? 0));
  let reachedMs = fromMs;
  for (const one of sorted) if ((one.fromMs ?? toMs) <= reachedMs) reachedMs = Math.max(reachedMs, one.toMs ?? 0);
  return reachedMs >= toMs;
}

/** A way over the window from one statement to one that goes on where it ends. There may be several, and one that leads on is enough. */
function isProvenBy(statements: readonly Covering[], { fromMs, toMs }: Window): boolean {
  const beginsMs = (one: Covering) => one.fromMs ?? toMs;
  const endsMs = (one: Covering) => one.toMs ?? 0;
  const useful = statements.filter((one) => endsMs(one) > fromMs && beginsMs(one) < toMs);
  const ways = useful.filter((one) => beginsMs(one) <= fromMs);
  let rest = useful.filter((one) => beginsMs(one) > fromMs);
  for (let way = ways.pop(); way; way = ways.pop()) {
    const from = way;
    if (endsMs(from) >= toMs) return true;
    const next = rest.filter((one) => beginsMs(one) <= endsMs(from) && endsMs(one) > endsMs(from) && meet(from, one));
    rest = rest.filter((one) => !next.includes(one));
    ways.push(...next);
  }
  return false;
}

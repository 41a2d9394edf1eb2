import { type Msisdn, Refusal, type Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { Tallies } from '../../platform/tallies/index.ts';
import { listLinks } from './links.ts';

/** How many accounts may be looked up and not found before it looks like guessing. */
export interface LookupRules {
  /** By one number in a day. */
  notFoundPerDay: number;
  /** From one address on the web in a day; a network may put many people behind one. */
  notFoundPerAddressPerDay: number;
  /** Of one biller by all numbers in an hour; past it `notFoundWhenTight` is all that a number may miss. */
  notFoundPerBillerPerHour: number;
  notFoundWhenTight: number;
}

export interface GuessingDeps {
  runtime: Runtime;
  database: Database;
  sealing: Sealing;
  tallies: Tallies;
  lookupRules: LookupRules;
}

/** Who asks: a number that dials, or an address on the web, where nobody is known. */
export type Asker = { msisdn: Msisdn } | { address: string };

type Asked = Asker & { billerId: string };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ofAsker = (asked: Asked) =>
  'msisdn' in asked ? `not-found:number:${asked.msisdn}` : `not-found:address:${asked.address}`;
const ofBiller = ({ billerId }: Asked) => `not-found:biller:${billerId}`;

/**
 * Throws a refusal to a number that guesses accounts, before its biller is asked: by its own misses, or by fewer of them while
 * many numbers together miss at one biller. Who has missed nothing is never refused, whatever others do, and an account that
 * the number has linked stays open to it. Costs one read for a number that has missed nothing.
 */
export async function refuseGuessing(deps: GuessingDeps, asked: Asked & { account: string }): Promise<void> {
  const own = await deps.tallies.read(ofAsker(asked));
  if (!own) return;
  const { notFoundPerBillerPerHour, notFoundWhenTight } = deps.lookupRules;
  const most = 'msisdn' in asked ? deps.lookupRules.notFoundPerDay : deps.lookupRules.notFoundPerAddressPerDay;
  let endsAtMs = own.count >= most ? own.endsAtMs : undefined;
  if (endsAtMs === undefined && own.count >= notFoundWhenTight) {
    const all = await deps.tallies.read(ofBiller(asked));
    if (all && all.count >= notFoundPerBillerPerHour) endsAtMs = all.endsAtMs;
  }
  if (endsAtMs === undefined || (await isLinked(deps, asked))) return;
  // Screens show minutes: rounded up, so that it is free when the shown minute begins.
  throw new Refusal('account.too-many-not-found', { retryAt: new Date(Math.ceil(endsAtMs / 60_000) * 60_000) });
}

/** A number looked an account up that its biller does not know. */
export async function countNotFound({ tallies }: Pick<GuessingDeps, 'tallies'>, asked: Asked): Promise<void> {
  await Promise.all([tallies.add(ofAsker(asked), DAY_MS), tallies.add(ofBiller(asked), HOUR_MS)]);
}

/** How many accounts a number has looked up and not found, of how many in a day. */
export async function missesOf(
  { tallies, lookupRules }: Pick<GuessingDeps, 'tallies' | 'lookupRules'>,
  msisdn: Msisdn,
): Promise<{ used: number; most: number }> {
  const tally = await tallies.read(ofAsker({ msisdn, billerId: '' }));
  return { used: tally?.count ?? 0, most: lookupRules.notFoundPerDay };
}

/** What a number has looked up and not found is counted anew. */
export function forgetMisses({ tallies }: Pick<GuessingDeps, 'tallies'>, msisdn: Msisdn): Promise<void> {
  return tallies.forget(ofAsker({ msisdn, billerId: '' }));
}

async function isLinked(deps: GuessingDeps, asked: Asked & { account: string }): Promise<boolean> {
  if (!('msisdn' in asked)) return false;
  const { msisdn, billerId, account } = asked;
  const links = await listLinks(deps, { msisdn });
  return links.some((link) => link.billerId === billerId && link.account === account);
}

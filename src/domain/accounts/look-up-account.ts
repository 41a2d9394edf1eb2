import { DeadlineError, invariant, type Money, type Msisdn, withDeadline } from '../../kernel/index.ts';
import type { BillerConnector, LookupAnswer } from '../../providers/billers/index.ts';
import type { BillerCatalogue } from '../billers/index.ts';
import { ClosedAccountSchema } from './account-link.ts';
import { type Asker, countNotFound, type GuessingDeps, refuseGuessing } from './guessing.ts';
import { maskName } from './mask-name.ts';

export interface LookupDeps extends GuessingDeps {
  billers: BillerCatalogue;
  /** By biller id. */
  connectors: ReadonlyMap<string, BillerConnector>;
}

export interface AccountDetails {
  kind: 'found';
  account: string;
  /** Partly masked. */
  holder: string;
  due: Money;
  dueDateMs?: number;
}

export type Lookup =
  | AccountDetails
  /** malformed: not a number of this biller. unavailable: the biller did not answer well. slow: not in time. */
  | { kind: 'not-found' | 'closed' | 'malformed' | 'unavailable' | 'slow' };

export interface LookupRequest {
  billerId: string;
  account: string;
  timeoutMs: number;
  /** Who dials, and is held to the rules against guessing; left out where nobody does: for money that has come. */
  msisdn?: Msisdn;
  /** In his place on the web: the address that the request comes from. */
  address?: string;
}

/**
 * Asks the biller who holds an account and what is due, within `timeoutMs`. No SQL unless the account is closed. Throws
 * a refusal to a number that guesses.
 */
export async function lookUpAccount(
  deps: LookupDeps,
  { billerId, account, timeoutMs, msisdn, address }: LookupRequest,
): Promise<Lookup> {
  const biller = deps.billers.get(billerId);
  const written = account.replace(/[\s-]/g, '');
  if (!biller.accountPattern.test(written)) return { kind: 'malformed' };
  const asker = askerOf(msisdn, address);
  if (asker) await refuseGuessing(deps, { ...asker, billerId, account: written });
  let answer: LookupAnswer;
  try {
    answer = await withDeadline(deps.runtime.clock, timeoutMs, connectorOf(deps, billerId).lookUp(written, timeoutMs));
  } catch (error) {
    if (error instanceof DeadlineError) return { kind: 'slow' };
    throw error;
  }
  if (answer.kind === 'unknown') return { kind: answer.timedOut ? 'slow' : 'unavailable' };
  if (answer.kind === 'not-found' && asker) await countNotFound(deps, { ...asker, billerId });
  if (answer.kind === 'closed') await rememberClosed(deps, billerId, written);
  if (answer.kind !== 'found') return { kind: answer.kind };
  const { holderName, due, dueDateMs } = answer;
  return { kind: 'found', account: written, holder: maskName(holderName), due, ...(dueDateMs ? { dueDateMs } : {}) };
}

function askerOf(msisdn: Msisdn | undefined, address: string | undefined): Asker | undefined {
  if (msisdn !== undefined) return { msisdn };
  return address === undefined ? undefined : { address };
}

export function connectorOf(deps: Pick<LookupDeps, 'connectors'>, billerId: string): BillerConnector {
  const connector = deps.connectors.get(billerId);
  invariant(connector, `no connector for ${billerId}`);
  return connector;
}

async function rememberClosed(deps: LookupDeps, billerId: string, account: string): Promise<void> {
  const { ids, clock } = deps.runtime;
  await deps.database.transaction(async (tx) => {
    const row = { id: ids.next(), billerId, account, checkedAtMs: clock.now() };
    if (await tx.insertOnce(ClosedAccountSchema, row)) return;
    await tx.update(ClosedAccountSchema, { billerId, account }, { checkedAtMs: row.checkedAtMs });
  });
}

/**
 * What a biller said long ago may have changed: an account that is open again is taken at the paybill after this time. (To forget
 * it at the lookup that finds it open would cost every lookup a statement.)
 */
const CLOSED_FOR_MS = 6 * 3_600_000;

export async function isKnownClosed(
  deps: Pick<LookupDeps, 'runtime' | 'database'>,
  billerId: string,
  account: string,
): Promise<boolean> {
  const since = deps.runtime.clock.now() - CLOSED_FOR_MS;
  const rows: unknown[] = await deps.database.reader.query(KNOWN_CLOSED, [billerId, account, since]);
  return rows.length > 0;
}

const KNOWN_CLOSED = 'SELECT 1 FROM closed_account WHERE biller_id = ? AND account = ? AND checked_at > ?';

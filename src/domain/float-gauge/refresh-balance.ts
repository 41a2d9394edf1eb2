import { IsNull, Not } from 'typeorm';
import { findBalance, type OperatorBalance, requestBalance } from '../../money/floats/index.ts';
import type { TransferDeps } from '../../money/transfers/index.ts';
import { type Organisation, OrganisationSchema, ownAccountOf } from '../organisations/index.ts';

/** A balance that was told longer ago is asked for anew. */
export const BALANCE_EVERY_MS = 15 * 60_000;

/** Whether nothing was told, or longer ago than it is asked for. */
export function isOutdated({ toldAtMs }: Pick<OperatorBalance, 'toldAtMs'>, nowMs: number): boolean {
  return toldAtMs === null || nowMs - toldAtMs > BALANCE_EVERY_MS;
}

/** The account that pays for an organisation: its own, or the one that it shares. */
type Payer = Pick<Organisation, 'id' | 'operator' | 'shortCode' | 'sealedInitiator'>;

/** Has the operator asked what the account that pays holds, unless it told a short while ago. True when it is asked; the answer comes by callback. */
export async function refreshBalance(deps: TransferDeps, payer: Payer): Promise<boolean> {
  const { operator } = payer;
  const own = ownAccountOf(payer);
  if (own === undefined && deps.payoutOperators.get(operator)?.shortCode === undefined) return false;
  if (!deps.payoutOperators.has(operator)) return false;
  const balance = await findBalance(deps, operator, own?.shortCode);
  if (balance && !isOutdated(balance, deps.runtime.clock.now())) return false;
  return deps.database.transaction((tx) => requestBalance(deps, tx, operator, own));
}

const MOST_OWN = 1_000;

/** Every account that pays is asked about, also those that organisations have for themselves: by the clock, so that a float that runs low is known although nobody looks. */
export async function askForBalances(deps: TransferDeps): Promise<void> {
  for (const [operator, { shortCode }] of deps.payoutOperators) {
    if (shortCode !== undefined) await deps.database.transaction((tx) => requestBalance(deps, tx, operator));
  }
  const owners = await deps.database.reader.find(OrganisationSchema, {
    where: { state: 'active', sealedInitiator: Not(IsNull()) },
    ...{ order: { id: 'ASC' }, take: MOST_OWN },
  });
  for (const organisation of owners) {
    // A credential that the operator refuses is not tried on by the clock: each try brings its lock nearer.
    if (organisation.haltReason !== 'operator-refuses-us') await refreshBalance(deps, organisation);
  }
}

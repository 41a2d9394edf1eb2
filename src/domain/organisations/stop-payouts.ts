import { Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import { actorText, type OrganisationDeps, recordOrganisationAct } from './deps.ts';
import { haltPayouts, releasePayouts } from './halt-payouts.ts';

interface Act {
  organisationId: string;
  reason: string;
}

/** A person stops everything that an organisation pays: nothing goes out from the commit on. Refuses with `organisation.not-found` and `organisation.halted`. */
export async function stopPayouts(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, reason }: Act,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const halt = { reason: 'stopped-by-person' as const, detail: reason, actor: actorText(actor) };
    if (!(await haltPayouts(deps, tx, organisationId, halt))) throw new Refusal('organisation.halted', {});
    await recordOrganisationAct(deps, tx, organisationId, { actor, act: 'organisation.payouts-stopped', reason });
  });
}

/** A person lets them go on, by themselves. Refuses with `organisation.not-found` and `organisation.not-halted`. */
export async function resumePayouts(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, reason }: Act,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const release = { actor: actorText(actor), reason };
    if (!(await releasePayouts(deps, tx, organisationId, release))) throw new Refusal('organisation.not-halted');
    await recordOrganisationAct(deps, tx, organisationId, { actor, act: 'organisation.payouts-released', reason });
  });
}

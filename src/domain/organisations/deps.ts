import type { Database, Tx } from '../../platform/database/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import { type Act, type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import { type Organisation, OrganisationEventSchema, type OrganisationState } from './organisation.ts';

export interface OrganisationDeps extends AuditDeps {
  database: Database;
  outbox: Outbox;
  sealing: Sealing;
  /** ISO country by which phone numbers are read. */
  country: string;
}

/** For events: `staff:<login>`, `service:<name>`. */
export const actorText = ({ kind, id }: Actor): string => `${kind}:${id}`.slice(0, 48);

/** Among the acts of the organisation whose affair it is, whoever did it. */
export async function recordOrganisationAct(
  deps: AuditDeps,
  tx: Tx,
  organisationId: string,
  act: Omit<Act, 'subject' | 'scope'>,
): Promise<void> {
  await recordAct(deps, tx, { ...act, subject: { kind: 'organisation', id: organisationId }, scope: organisationId });
}

export function recordOrganisationEvent(
  { runtime }: Pick<OrganisationDeps, 'runtime'>,
  tx: Tx,
  { id, state }: Pick<Organisation, 'id' | 'state'>,
  event: { fromState?: OrganisationState | 'none'; actor: Actor; reason: string },
): Promise<void> {
  return tx.insert(OrganisationEventSchema, {
    ...{ id: runtime.ids.next(), organisationId: id, fromState: event.fromState ?? state, toState: state },
    ...{ actor: actorText(event.actor), reason: event.reason.slice(0, 500), atMs: runtime.clock.now() },
  });
}

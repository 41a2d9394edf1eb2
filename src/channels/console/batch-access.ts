import { getOrganisation, type Organisation } from '../../domain/organisations/index.ts';
import { getBatch, type Maker, type PayoutBatch } from '../../domain/payout-batches/index.ts';
import { namesOfStaff } from '../../domain/staff/index.ts';
import { invariant, type Msisdn, maskMsisdn } from '../../kernel/index.ts';
import { mayOpen, type Permission } from './console-route.ts';
import type { Desk, Visit } from './visit.ts';

/** Who looks at batches: of ours whoever answers for them, of the organisation everyone. */
export const READ: Permission = {
  allow: ['support', 'finance', 'administrator', 'auditor'],
  allowOrganisation: 'member',
};
/** Who prepares them: of ours too, for an organisation that asks us to. Whoever does is a maker, and ours never vote. */
export const MAKE: Permission = { allow: ['support', 'finance', 'administrator'], allowOrganisation: ['initiator'] };
/** Who stops what goes wrong, for the time being. */
export const PAUSE: Permission = {
  allow: ['finance', 'administrator'],
  allowOrganisation: ['initiator', 'approver', 'administrator'],
};
/** Who decides what becomes of money that was agreed to: theirs alone. */
export const DECIDE: Permission = { allow: [], allowOrganisation: ['initiator', 'administrator'] };
/** Who pays again what has failed. */
export const AGAIN: Permission = { allow: [], allowOrganisation: ['initiator'] };

/** Who says that a payout went to the wrong person: the organisation, and ours for whoever calls. */
export const CLAIM: Permission = {
  allow: ['support', 'finance', 'administrator'],
  allowOrganisation: ['initiator', 'approver', 'administrator'],
};
/** Who ends one that is none: never who prepared the payout alone, against whom a recipient's word may be. */
export const DISMISS: Permission = {
  allow: ['support', 'finance', 'administrator'],
  allowOrganisation: ['administrator'],
};
/** Who talks with the operator about it. */
export const PURSUE: Permission = { allow: ['support', 'finance', 'administrator'] };
/** Who says by which line of a statement the money came back. */
export const RETURN: Permission = { allow: ['finance', 'administrator'] };

/** Who takes a standing approval away: whoever could ask for it or give it. */
export const TAKE_BACK: Permission = { allow: [], allowOrganisation: ['initiator', 'approver', 'administrator'] };

export const SCHEDULES = '/console/organisations/:organisation/schedules';
export const ONE_SCHEDULE = `${SCHEDULES}/:schedule`;
export const schedulesPath = ({ id }: Pick<Organisation, 'id'>) => `/console/organisations/${id}/schedules`;
export const schedulePath = ({ id, organisationId }: { id: string; organisationId: string }) =>
  `${schedulesPath({ id: organisationId })}/${id}`;

export const BATCHES = '/console/organisations/:organisation/batches';
export const ONE_BATCH = `${BATCHES}/:batch`;

export const CLAIMS = '/console/organisations/:organisation/claims';
export const ONE_CLAIM = `${CLAIMS}/:claim`;
export const ONE_ROW = `${ONE_BATCH}/rows/:row`;

export const batchesPath = ({ id }: Pick<Organisation, 'id'>) => `/console/organisations/${id}/batches`;
export const batchPath = ({ id, organisationId }: Pick<PayoutBatch, 'id' | 'organisationId'>) =>
  `${batchesPath({ id: organisationId })}/${id}`;

export const claimsPath = ({ id }: Pick<Organisation, 'id'>) => `/console/organisations/${id}/claims`;
export const claimPath = ({ id, organisationId }: { id: string; organisationId: string }) =>
  `${claimsPath({ id: organisationId })}/${id}`;
export const rowPath = (batch: Pick<PayoutBatch, 'id' | 'organisationId'>, rowNo: number) =>
  `${batchPath(batch)}/rows/${rowNo}`;

export const mayDo = (visit: Visit, permission: Permission): boolean =>
  mayOpen(permission, visit.signedIn, visit.ctx.params) === undefined;

export const organisationOf = ({ deps }: Desk, { ctx }: Visit): Promise<Organisation> =>
  getOrganisation(deps.domain, String(ctx.params.organisation));

export async function batchOf(desk: Desk, visit: Visit): Promise<{ organisation: Organisation; batch: PayoutBatch }> {
  const organisation = await organisationOf(desk, visit);
  return { organisation, batch: await getBatch(desk.deps.domain, String(visit.ctx.params.batch), organisation.id) };
}

/** The person, whatever login he uses. */
export function makerOf({ signedIn }: Visit): Maker {
  invariant(signedIn, 'the route is only for who is signed in');
  return { id: signedIn.member.personId };
}

/** Whom an organisation pays is its own affair: its people see the numbers that they gave, ours a part of them. */
export function shownNumber({ isHouse }: Visit, msisdn: Msisdn): string {
  return isHouse ? maskMsisdn(msisdn) : msisdn;
}

/** Of people of the organisation; of ours only for ours. */
export async function namesOfActors({ deps }: Desk, visit: Visit, events: readonly { actor: string }[]) {
  const ids = events.flatMap(({ actor }) => (actor.startsWith('staff:') ? [actor.slice('staff:'.length)] : []));
  return namesOfStaff(deps.domain, ids, visit.isHouse ? {} : { scope: visit.scope });
}

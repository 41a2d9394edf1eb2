import type { QueryDeepPartialEntity } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import { PaybillApplicationSchema } from './application.ts';
import { type OrganisationDeps, recordOrganisationAct, recordOrganisationEvent } from './deps.ts';
import { ORGANISATION_RELEASED } from './halt-payouts.ts';
import { lockOrganisation } from './may-pay.ts';
import {
  type Organisation,
  OrganisationSchema,
  type OrganisationState,
  organisationStates,
  type RecipientNews,
} from './organisation.ts';
import {
  type GivenContact,
  type GivenLimits,
  readApprovalBands,
  readContact,
  readLimits,
  readName,
} from './organisation-details.ts';

interface Change {
  organisationId: string;
  reason: string;
}

/** Refuses with `organisation.not-found` and `organisation.malformed-*`. */
export async function changeContact(
  deps: OrganisationDeps,
  actor: Actor,
  input: Change & { name: string; language: string; contact: GivenContact },
): Promise<void> {
  const patch = {
    ...{ name: readName(input.name), language: input.language },
    ...readContact(input.contact, deps.country),
  };
  // Who is called, and not the number itself, which does not belong into the log.
  const shown = ({ name, language, contactName, contactEmail }: Partial<Organisation>) => ({
    ...{ name, language, contactName, contactEmail },
  });
  return change(deps, actor, input, 'organisation.contact-changed', () => ({ patch, shown }));
}

/** What it may pay. Batches that were submitted before are looked at again when they are paid. Refuses with `organisation.not-found`, `organisation.malformed-limits`, `organisation.no-purpose`. */
export function changeLimits(
  deps: OrganisationDeps,
  actor: Actor,
  input: Change & { limits: GivenLimits },
): Promise<void> {
  const shown = ({
    leastMinor,
    mostMinor,
    mostBatchMinor,
    mostDayMinor,
    mostRows,
    purposes,
  }: Partial<Organisation>) => ({
    ...{ leastMinor, mostMinor, mostBatchMinor, mostDayMinor, mostRows, purposes },
  });
  return change(deps, actor, input, 'organisation.limits-changed', ({ currency }) => ({
    patch: readLimits(input.limits, currency),
    shown,
  }));
}

/** Who must agree to what it pays, from the next submission on. `bands` null: those of everyone. Refuses with `organisation.not-found` and `organisation.malformed-bands`. */
export function changeApprovalBands(
  deps: OrganisationDeps,
  actor: Actor,
  input: Change & { bands: unknown },
): Promise<void> {
  const shown = ({ approvalBands }: Partial<Organisation>) => ({ approvalBands: JSON.parse(approvalBands ?? 'null') });
  return change(deps, actor, input, 'organisation.bands-changed', ({ currency }) => ({
    patch: { approvalBands: readApprovalBands(input.bands, currency) },
    shown,
  }));
}

/** What those whom it pays hear from us. Refuses with `organisation.not-found`. */
export function changeRecipientNews(
  deps: OrganisationDeps,
  actor: Actor,
  input: Change & { recipientNews: RecipientNews },
): Promise<void> {
  const shown = ({ recipientNews }: Partial<Organisation>) => ({ recipientNews });
  const patch = { recipientNews: input.recipientNews };
  return change(deps, actor, input, 'organisation.news-changed', () => ({ patch, shown }));
}

interface Patch {
  patch: Partial<Organisation>;
  /** What of it the audit log keeps. */
  shown(organisation: Partial<Organisation>): Record<string, unknown>;
}

async function change(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, reason }: Change,
  act: string,
  read: (organisation: Organisation) => Patch,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const { patch, shown } = read(organisation);
    await tx.update(OrganisationSchema, { id: organisationId }, patch as QueryDeepPartialEntity<Organisation>);
    const [before, after] = [shown(organisation), shown({ ...organisation, ...patch })];
    await recordOrganisationAct(deps, tx, organisationId, { actor, act, reason, before, after });
  });
}

/**
 * It may pay from now on, and batches that waited for that go on. Refuses with `organisation.not-found`, `organisation.state` (`{state}`), and `organisation.no-paybill` while its own
 * paybill is not approved; whether three people are there is looked at whenever it pays.
 */
export function activateOrganisation(deps: OrganisationDeps, actor: Actor, input: Change): Promise<void> {
  return move(deps, actor, input, 'active');
}

/** Nothing more goes out, at once. Refuses with `organisation.not-found` and `organisation.state`. */
export function suspendOrganisation(deps: OrganisationDeps, actor: Actor, input: Change): Promise<void> {
  return move(deps, actor, input, 'suspended');
}

async function move(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, reason }: Change,
  to: Exclude<OrganisationState, 'applying'>,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const organisation = await lockOrganisation(tx, organisationId);
    const { state } = organisation;
    if (!organisationStates.allows(state, to)) throw new Refusal('organisation.state', { state });
    const application = await tx.findOne(PaybillApplicationSchema, { organisationId });
    const isApplyingStill = application !== null && application.state !== 'approved';
    if (to === 'active' && isApplyingStill) throw new Refusal('organisation.no-paybill');
    await tx.update(OrganisationSchema, { id: organisationId }, { state: to });
    await recordOrganisationEvent(deps, tx, { id: organisationId, state: to }, { fromState: state, actor, reason });
    const act = to === 'active' ? 'organisation.activated' : 'organisation.suspended';
    const states = { before: { state }, after: { state: to } };
    await recordOrganisationAct(deps, tx, organisationId, { actor, act, reason, ...states });
    if (to !== 'active') return;
    const key = `${organisationId}:${deps.runtime.ids.next()}`;
    await deps.outbox.emit(tx, { topic: ORGANISATION_RELEASED, key, payload: { organisationId } });
  });
}

import { Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import { type OrganisationDeps, recordOrganisationAct, recordOrganisationEvent } from './deps.ts';
import { type Organisation, OrganisationSchema } from './organisation.ts';
import {
  type GivenContact,
  type GivenLimits,
  isKnownCurrency,
  readContact,
  readLimits,
  readName,
  readRegistrationNumber,
} from './organisation-details.ts';

export interface NewOrganisation {
  name: string;
  registrationNumber: string;
  currency: string;
  /** ISO 3166. */
  country: string;
  language: string;
  /** Who pays for it: `mpesa`. */
  operator: string;
  contact: GivenContact;
  limits: GivenLimits;
}

/**
 * Registers an organisation, which may prepare from now on and pays nobody yet. Whoever calls knows that we speak its language and have its
 * operator. Refuses with `organisation.malformed-*`, `organisation.no-purpose` and `organisation.registered` (its number is another's).
 */
export async function registerOrganisation(
  deps: OrganisationDeps,
  actor: Actor,
  input: NewOrganisation,
): Promise<Organisation> {
  const { ids, clock } = deps.runtime;
  const { currency, country, language, operator } = input;
  if (!isKnownCurrency(currency)) throw new Refusal('organisation.malformed-currency');
  const organisation: Organisation = {
    ...{ id: ids.next(), name: readName(input.name), state: 'applying' },
    registrationNumber: readRegistrationNumber(input.registrationNumber),
    ...{ currency, country, language, operator, shortCode: null, sealedInitiator: null },
    ...readContact(input.contact, deps.country),
    ...readLimits(input.limits, currency),
    ...{
      approvalBands: null,
      recipientNews: 'told',
      retriedDay: null,
      retriedMinor: null,
      haltReason: null,
      haltDetail: null,
      haltedAtMs: null,
      createdAtMs: clock.now(),
    },
  };
  const { id, name, registrationNumber } = organisation;
  await deps.database.transaction(async (tx) => {
    if (!(await tx.insertOnce(OrganisationSchema, organisation))) throw new Refusal('organisation.registered');
    await recordOrganisationEvent(deps, tx, organisation, { fromState: 'none', actor, reason: 'registered' });
    const after = { name, registrationNumber, currency, operator };
    await recordOrganisationAct(deps, tx, id, { actor, act: 'organisation.registered', after });
  });
  return organisation;
}

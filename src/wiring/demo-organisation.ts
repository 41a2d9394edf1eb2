import {
  type Organisation,
  type OrganisationDeps,
  OrganisationSchema,
  suspendOrganisation,
} from '../domain/organisations/index.ts';
import { PAYOUT_PURPOSES } from '../domain/payout-lists/index.ts';
import { HOUSE } from '../domain/staff/index.ts';
import type { Msisdn } from '../kernel/index.ts';

/** Of the demo: pays from the paybill that it shares with others. Its people are in demo-staff.ts. */
export const DEMO_ORGANISATION = {
  id: '01900000-0000-7000-8000-0000006b696c',
  name: 'Kilimo Distributors',
} as const;

const DETAILS = {
  ...{ registrationNumber: 'DEMO/2026/001', state: 'active', operator: 'mpesa', language: 'en' },
  ...{ shortCode: null, sealedInitiator: null, approvalBands: null, recipientNews: 'asked' },
  ...{ contactName: 'Joyce Wambui', contactEmail: 'pay@kilimo.example', contactPhone: '+254700000011' as Msisdn },
  ...{ leastMinor: 1_000n, mostMinor: 25_000_000n, mostBatchMinor: 1_000_000_000n, mostDayMinor: 2_000_000_000n },
  ...{ mostRows: 100_000, purposes: PAYOUT_PURPOSES.join(' ') },
  ...{ haltReason: null, haltDetail: null, haltedAtMs: null, retriedDay: null, retriedMinor: null },
} as const satisfies Omit<Organisation, 'id' | 'name' | 'currency' | 'country' | 'createdAtMs'>;

/** Makes it where it is not there yet. */
export async function seedDemoOrganisation(
  { database, runtime, country }: OrganisationDeps,
  currency: string,
): Promise<void> {
  const { id } = DEMO_ORGANISATION;
  if (await database.reader.existsBy(OrganisationSchema, { id })) return;
  const organisation = { ...DEMO_ORGANISATION, ...DETAILS, currency, country, createdAtMs: runtime.clock.now() };
  await database.transaction((tx) => tx.insertOnce(OrganisationSchema, organisation));
}

/** On stores that were the demo's it pays nobody once the demo is over. */
export async function shutOutDemoOrganisation(deps: OrganisationDeps): Promise<void> {
  const { id: organisationId } = DEMO_ORGANISATION;
  if (!(await deps.database.reader.existsBy(OrganisationSchema, { id: organisationId, state: 'active' }))) return;
  const actor = { kind: 'service', id: 'start', address: '', scope: HOUSE } as const;
  await suspendOrganisation(deps, actor, { organisationId, reason: 'the simulators are off' });
}

import { type Doer, type FundingDeps, loadPayoutRules, type Quoted } from '../../../src/domain/funding/index.ts';
import { type Organisation, OrganisationSchema } from '../../../src/domain/organisations/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import type { Domain } from '../../support/domain-deps.ts';
import { newMsisdn } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';

export const payoutRules = loadPayoutRules('menus/payouts.yaml', { currency: 'KES', country: 'KE' });

export const fundingDeps = ({ deps }: Domain): FundingDeps => ({
  ...deps,
  payoutRules,
  fundingSettings: { timeZone: 'Africa/Nairobi', ourName: 'Malipo' },
});

const personOf = (name: string, scope: string): Doer => ({
  actor: { kind: 'staff', id: name, address: '192.0.2.1', scope },
  personId: `person-${name}`,
});
export const finance = personOf('faith', 'house');
export const other = personOf('otieno', 'house');
export const theirs = personOf('tabitha', 'organisation');

let registered = 0;
/** An organisation that may pay. */
export async function plantOrganisation({ deps }: Domain, change: Partial<Organisation> = {}): Promise<Organisation> {
  registered += 1;
  const organisation: Organisation = {
    ...{ id: deps.runtime.ids.next(), name: 'Baraka Distributors', registrationNumber: `PVT-${registered}` },
    ...{ state: 'active', currency: 'KES', country: 'KE', language: 'en', operator: 'mpesa' },
    ...{ shortCode: null, sealedInitiator: null },
    ...{ contactName: 'Tabitha', contactEmail: 'tabitha@example.org', contactPhone: newMsisdn() as Msisdn },
    ...{ leastMinor: kes(10).amountMinor, mostMinor: kes(250_000).amountMinor },
    ...{ mostBatchMinor: kes(100_000_000).amountMinor, mostRows: 100_000, mostDayMinor: kes(200_000_000).amountMinor },
    ...{
      purposes: 'salary',
      approvalBands: null,
      recipientNews: 'none',
      retriedDay: null,
      retriedMinor: null,
      haltReason: null,
      haltDetail: null,
      haltedAtMs: null,
    },
    createdAtMs: deps.runtime.clock.now(),
    ...change,
  };
  await deps.database.transaction((tx) => tx.insert(OrganisationSchema, organisation));
  return organisation;
}

/** 1,000 people, KES 4,000 each. */
export const THOUSAND: Quoted = { totalMinor: kes(4_000_000).amountMinor, rows: 1_000 };

import {
  announceFunding,
  claimStep,
  type FundingDeps,
  loadPayoutRules,
  makeQuotation,
  recordOrder,
} from '../../src/domain/funding/index.ts';
import {
  addDocument,
  createKey,
  type OrganisationDeps,
  openApplication,
  registerOrganisation,
  stopPayouts,
} from '../../src/domain/organisations/index.ts';
import { systemChance, systemRuntime } from '../../src/kernel/index.ts';
import type { Database } from '../../src/platform/database/index.ts';
import { makeOutbox } from '../../src/platform/outbox/index.ts';
import { makeSealing, makeSigner } from '../../src/platform/sealing/index.ts';

const PDF = Buffer.from('%PDF-1.7\nnothing in it');

/** An organisation that has one of everything: an overdue application, a paper, a key, and its payouts stopped. Its page. */
export async function plantOrganisation(database: Database): Promise<string> {
  const deps: OrganisationDeps = {
    ...{ runtime: systemRuntime, database, outbox: makeOutbox(systemRuntime, database), country: 'KE' },
    sealing: makeSealing(Buffer.alloc(32, 7), systemChance),
    auditSigner: makeSigner(Buffer.alloc(32, 9), 'audit log'),
  };
  const actor = { kind: 'command', id: 'tests', address: '', scope: 'house' } as const;
  const reason = 'as they asked in writing';
  const { id: organisationId } = await registerOrganisation(deps, actor, {
    ...{ name: 'Maziwa Dairy', registrationNumber: 'PVT-2020/77', currency: 'KES', country: 'KE', language: 'sw' },
    ...{ operator: 'mpesa' },
    contact: { name: 'Mary Njeri', email: 'mary@maziwa.example', phone: '0711 999 001' },
    limits: {
      ...{ least: '10', most: '250000', mostBatch: '5000000', mostDay: '10000000', mostRows: '5000' },
      purposes: ['salary'],
    },
  });
  const dueAtMs = systemRuntime.clock.now() - 1;
  await openApplication(deps, actor, { organisationId, appliedBy: 'house', dueAtMs, note: 'the bank is slow' });
  await addDocument(deps, actor, { organisationId, kind: 'tax', fileName: 'tax.pdf', bytes: PDF, reason });
  await createKey(deps, actor, { organisationId, name: 'payroll', scopes: ['batches:write'], reason });
  await stopPayouts(deps, actor, { organisationId, reason });
  return `/console/organisations/${organisationId}`;
}

/** The same organisation brings money: quoted, announced, with an order, and said to be at the bank. Its page. */
export async function plantFunding(database: Database, organisation: string): Promise<string> {
  const organisationId = organisation.slice(organisation.lastIndexOf('/') + 1);
  const deps: FundingDeps = {
    ...{ runtime: systemRuntime, database, outbox: makeOutbox(systemRuntime, database) },
    auditSigner: makeSigner(Buffer.alloc(32, 9), 'audit log'),
    payoutRules: loadPayoutRules('menus/payouts.yaml', { currency: 'KES', country: 'KE' }),
    fundingSettings: { timeZone: 'Africa/Nairobi', ourName: 'Malipo' },
  };
  const actor = { kind: 'command', id: 'tests', address: '', scope: 'house' } as const;
  const asked = { organisationId, totalMinor: 400_000_000n, rows: 1_000 };
  await makeQuotation(deps, actor, asked);
  const { id: quotationId } = await makeQuotation(deps, actor, asked);
  const { id: fundingId } = await announceFunding(deps, actor, { organisationId, quotationId });
  await recordOrder(deps, actor, { organisationId, fundingId, orderNumber: 'LPO 2026/114', orderMinor: 2_552_000n });
  const said = { organisationId, fundingId, step: 'banked', evidence: 'the slip of the bank' } as const;
  await claimStep(deps, { actor, personId: 'tests' }, said);
  return `${organisation}/funding/${fundingId}`;
}

import { findApproval } from '../../src/domain/approvals/index.ts';
import type { Actor } from '../../src/domain/audit/index.ts';
import { type Organisation, OrganisationSchema } from '../../src/domain/organisations/index.ts';
import {
  addRows,
  type BatchProgress,
  batchProgress,
  checkBatch,
  createBatch,
  type NewBatch,
  type NewRow,
  type PayoutBatch,
  PayoutBatchSchema,
  type PayoutRow,
  PayoutRowSchema,
  stopBatch,
  submitBatch,
  voteOnBatch,
} from '../../src/domain/payout-batches/index.ts';
import { StaffMemberSchema, type StaffRole } from '../../src/domain/staff/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { ledgerAccount, postEntry } from '../../src/money/ledger/index.ts';
import { type Domain, newMsisdn } from './domain-deps.ts';
import { kes } from './fake-providers.ts';
import { tell } from './payout-stories.ts';

/** An organisation that may pay, with three people and an auditor, by their person's ids. */
export interface Employer {
  organisation: Organisation;
  people: Readonly<Record<'initiator' | 'approver' | 'second' | 'administrator', string>>;
}

let nextOrganisation = 0;

export async function employer({ deps }: Domain, change: Partial<Organisation> = {}): Promise<Employer> {
  const { ids, clock } = deps.runtime;
  nextOrganisation += 1;
  const organisation: Organisation = {
    ...{ id: ids.next(), name: 'Kilimo Distributors', registrationNumber: `PVT-${nextOrganisation}`, state: 'active' },
    ...{ currency: 'KES', country: 'KE', language: 'en', operator: 'mpesa', shortCode: null, sealedInitiator: null },
    ...{ contactName: 'Mary Njeri', contactEmail: 'mary@kilimo.example', contactPhone: '+254711999001' as Msisdn },
    ...{ leastMinor: 1_000n, mostMinor: 25_000_000n, mostBatchMinor: 10_000_000_000n, mostRows: 100_000 },
    ...{ mostDayMinor: 50_000_000_000n, purposes: 'salary sales-incentive promotion dividend refund' },
    ...{
      approvalBands: null,
      recipientNews: 'none',
      retriedDay: null,
      retriedMinor: null,
      haltReason: null,
      haltDetail: null,
      haltedAtMs: null,
      createdAtMs: clock.now(),
    },
    ...change,
  };
  await deps.database.transaction((tx) => tx.insert(OrganisationSchema, organisation));
  const join = (name: string, role: StaffRole) => member({ deps }, organisation.id, name, role);
  const people = {
    initiator: await join('Grace', 'initiator'),
    approver: await join('Hassan', 'approver'),
    second: await join('Wafula', 'approver'),
    administrator: await join('Lucy', 'administrator'),
  };
  return { organisation, people };
}

export async function member(
  { deps }: Pick<Domain, 'deps'>,
  scope: string,
  name: string,
  role: StaffRole,
): Promise<string> {
  const id = deps.runtime.ids.next();
  await deps.database.transaction((tx) =>
    tx.insert(StaffMemberSchema, {
      ...{ id, personId: id, scope, email: `${name}-${id}@kilimo.example`, name, phone: newMsisdn(), language: 'en' },
      ...{ state: 'active' as const, roles: role, passwordHash: 'x', sealedSecret: 'x', lastTimeStep: 0, failures: 0 },
      ...{ lockedUntilMs: null, createdAtMs: deps.runtime.clock.now() },
    }),
  );
  return id;
}

export const staff = (id: string, scope: string): Actor => ({ kind: 'staff', id, address: '10.0.0.1', scope });

/** Money that was brought: in the float, and the organisation's to spend. */
export async function fund({ deps }: Domain, { organisation }: Employer, major: number): Promise<void> {
  await deps.database.transaction((tx) =>
    postEntry(deps, tx, {
      ...{ kind: 'funded', subjectId: deps.runtime.ids.next() },
      movements: [
        {
          ...{ debit: ledgerAccount.float('mpesa'), credit: ledgerAccount.organisation(organisation.id) },
          amount: kes(major),
        },
      ],
    }),
  );
}

export function people(count: number, major = 1_000): NewRow[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ msisdn: newMsisdn(), amountMinor: kes(major + at).amountMinor, name: `Person ${at + 1}`, reference: null },
  }));
}

/** A batch with these rows, checked. */
export async function ready(
  domain: Domain,
  { organisation, people: { initiator } }: Employer,
  rows: readonly NewRow[],
  change: Partial<NewBatch> = {},
): Promise<PayoutBatch> {
  const { deps } = domain;
  const which = { organisationId: organisation.id };
  const actor = staff(initiator, organisation.id);
  const batch = await createBatch(
    deps,
    actor,
    organisation,
    { id: initiator },
    {
      ...{ name: 'Pay of November', purpose: 'salary', hours: 'at-once' },
      ...change,
    },
  );
  await addRows(deps, actor, { id: initiator }, { ...which, batchId: batch.id, rows });
  await checkBatch(deps, actor, { ...which, batchId: batch.id });
  await domain.runOutbox();
  return batchOf(domain, batch.id);
}

export const batchOf = ({ deps }: Domain, id: string): Promise<PayoutBatch> =>
  deps.database.reader.findOneByOrFail(PayoutBatchSchema, { id });

export const rowsOf = ({ deps }: Domain, batchId: string): Promise<PayoutRow[]> =>
  deps.database.reader.find(PayoutRowSchema, { where: { batchId }, order: { rowNo: 'ASC' } });

export const progressOf = ({ deps }: Domain, batch: PayoutBatch): Promise<BatchProgress> => batchProgress(deps, batch);

/** Submitted by who made it, and granted by who may. What then happens is not run yet. */
export async function approved(
  domain: Domain,
  own: Employer,
  batch: PayoutBatch,
  voters: readonly (keyof Employer['people'])[] = ['approver'],
): Promise<void> {
  const { deps } = domain;
  const { organisation, people: ids } = own;
  await submitBatch(
    deps,
    staff(ids.initiator, organisation.id),
    { id: ids.initiator },
    {
      ...{ batchId: batch.id, organisationId: organisation.id, reason: 'the pay of the month' },
    },
  );
  for (const voter of voters) await vote(domain, own, batch.id, voter, 'grant');
}

export async function vote(
  domain: Domain,
  { organisation, people: ids }: Employer,
  batchId: string,
  voter: keyof Employer['people'],
  verdict: 'grant' | 'reject',
): Promise<void> {
  const { approvalId } = await batchOf(domain, batchId);
  const { approval } = await findApproval(domain.deps, { id: approvalId ?? '', scope: organisation.id });
  const roles = [voter === 'second' ? 'approver' : voter];
  await voteOnBatch(domain.deps, staff(ids[voter], organisation.id), {
    ...{ approvalId: approval.id, voter: { id: ids[voter], roles, scope: organisation.id }, verdict },
    ...{ subjectHash: approval.subjectHash, reason: 'looked at' },
  });
}

/** The operator answers everything that it was asked and did not answer yet; `said` by number, else it pays. */
export async function answerAll(domain: Domain, said: ReadonlyMap<string, string> = new Map()): Promise<number> {
  const open = (await domain.transfers()).filter(
    ({ route, state }) => route === 'payout' && (state === 'submitted' || state === 'unknown'),
  );
  for (const transfer of open) {
    const code = said.get(transfer.payer ?? '');
    await tell(domain, transfer, code === undefined ? {} : { code });
  }
  await domain.runOutbox();
  return open.length;
}

/** Until no row of it is under way, at most so many rounds. */
export async function payAll(domain: Domain, batchId: string, said?: ReadonlyMap<string, string>): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    const { state } = await batchOf(domain, batchId);
    if (state === 'closed' || state === 'partly-paid') return;
    await answerAll(domain, said);
    await domain.runFor(1_000);
  }
}

/** One of these rows is paid, or answered as said, and then somebody stops the batch for good. */
export async function stoppedAfterOne(
  domain: Domain,
  own: Employer,
  rows: readonly NewRow[],
  code?: string,
): Promise<PayoutBatch> {
  const batch = await ready(domain, own, rows);
  await approved(domain, own, batch);
  const settings = domain.deps.payoutSettings;
  Object.assign(settings, { window: 1 });
  await domain.runOutbox();
  const { organisationId } = batch;
  const stop = { batchId: batch.id, organisationId, reason: 'the wrong list' };
  await stopBatch(domain.deps, staff(own.people.initiator, organisationId), stop);
  Object.assign(settings, { window: 10 });
  await domain.runFor(1_000);
  await answerAll(domain, new Map(code === undefined ? [] : [[rows[0]?.msisdn ?? '', code]]));
  await domain.runFor(60_000);
  return batchOf(domain, batch.id);
}

import type { Actor } from '../../../../src/domain/audit/index.ts';
import { type Organisation, OrganisationSchema } from '../../../../src/domain/organisations/index.ts';
import { StaffMemberSchema } from '../../../../src/domain/staff/index.ts';
import { type Msisdn, Refusal } from '../../../../src/kernel/index.ts';
import type { SimulatorCore } from '../../../../src/simulator/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import type { Draw } from '../../world/draw.ts';
import type { Life } from '../../world/life.ts';
import type { EmployerPlan } from '../../world/plan.ts';
import type { Trace } from '../../world/trace.ts';
import type { VirtualTime } from '../../world/virtual-time.ts';

export interface EmployerDeps {
  time: VirtualTime;
  draw: Draw;
  trace: Trace;
  core: SimulatorCore;
  plan: EmployerPlan;
  isLate(): boolean;
  running(): { service: Service; life: Life } | undefined;
  /** Money that the organisation brought, by the fact's id: in our ledger each once, at the operator sooner or later. */
  brought: Map<string, bigint>;
}

export const idOf = (last: number) => `00000000-0000-7000-8000-${String(last).padStart(12, '0')}`;
export const ORGANISATION_ID = idOf(1);
export const INITIATOR = idOf(2);
export const APPROVERS = [idOf(3), idOf(4)] as const;
export const ADMINISTRATOR = idOf(5);

const ROLES: Readonly<Record<string, string>> = {
  [INITIATOR]: 'initiator',
  [APPROVERS[0]]: 'approver',
  [APPROVERS[1]]: 'approver',
  [ADMINISTRATOR]: 'administrator',
};

export const PEOPLE = Object.keys(ROLES);
export const roleOf = (id: string): string => ROLES[id] ?? '';
export const actorOf = (id: string): Actor => ({ kind: 'staff', id, address: '127.0.0.1', scope: ORGANISATION_ID });

/** The organisation with its four people, if they are not there yet. */
export async function settleIn({ deps }: Service): Promise<Organisation> {
  const known = await deps.database.reader.findOne(OrganisationSchema, { where: { id: ORGANISATION_ID } });
  if (known) return known;
  const createdAtMs = deps.runtime.clock.now();
  const organisation: Organisation = {
    ...{ id: ORGANISATION_ID, name: 'Kilimo Distributors', registrationNumber: 'PVT-1', state: 'active' },
    ...{ currency: 'KES', country: 'KE', language: 'en', operator: 'mpesa', shortCode: null, sealedInitiator: null },
    ...{ contactName: 'Mary Njeri', contactEmail: 'mary@kilimo.example', contactPhone: '+254711999001' as Msisdn },
    ...{ leastMinor: 1_000n, mostMinor: 25_000_000n, mostBatchMinor: 10_000_000_000n, mostRows: 100_000 },
    ...{ mostDayMinor: 50_000_000_000n, purposes: 'salary sales-incentive promotion dividend refund' },
    ...{
      approvalBands: null,
      haltReason: null,
      haltDetail: null,
      haltedAtMs: null,
      retriedDay: null,
      retriedMinor: null,
      createdAtMs,
    },
    recipientNews: 'none',
  };
  await deps.database.transaction(async (tx) => {
    if (!(await tx.insertOnce(OrganisationSchema, organisation))) return;
    for (const [at, id] of PEOPLE.entries()) {
      await tx.insert(StaffMemberSchema, {
        ...{ id, personId: id, scope: ORGANISATION_ID, email: `p${at}@kilimo.example`, name: `Person ${at}` },
        ...{ phone: `+25471199910${at}` as Msisdn, language: 'en', state: 'active' as const, roles: roleOf(id) },
        ...{ passwordHash: 'x', sealedSecret: 'x', lastTimeStep: 0, failures: 0, lockedUntilMs: null, createdAtMs },
      });
    }
  });
  return organisation;
}

/** Whoever may log in. */
export async function presentPeople({ deps }: Service): Promise<ReadonlySet<string>> {
  const members = await deps.database.reader.find(StaffMemberSchema, {
    where: { scope: ORGANISATION_ID, state: 'active' },
  });
  return new Set(members.map(({ personId }) => personId));
}

export async function setPresent({ deps: { database } }: Service, id: string, isPresent: boolean): Promise<void> {
  const state = isPresent ? 'active' : 'disabled';
  const known = await database.reader.findOne(StaffMemberSchema, { where: { id } });
  if (known && known.state !== state)
    await database.transaction((tx) => tx.update(StaffMemberSchema, { id }, { state }));
}

/** False: the business said no. */
export async function unlessRefused(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

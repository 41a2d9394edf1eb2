import { Refusal } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type ApprovalBands, type PolicyBands, parseBands } from '../approvals/index.ts';
import { rolesOf, StaffMemberSchema, type StaffRole } from '../staff/index.ts';
import { type Organisation, OrganisationSchema } from './organisation.ts';

/** Each by a person of his own, before anything is paid. */
export const NEEDED_ROLES = ['administrator', 'initiator', 'approver'] as const satisfies readonly StaffRole[];
export type NeededRole = (typeof NEEDED_ROLES)[number];

/** A person and what he may be. */
export interface Holder {
  personId: string;
  roles: readonly string[];
}

/**
 * Which of the needed roles have no person of their own. Whoever has two roles fills one of them; whoever has two logins is one person.
 * Empty when three different people can be found.
 */
export function missingRolesOf(holders: readonly Holder[]): NeededRole[] {
  const byPerson = new Map<string, Set<string>>();
  for (const { personId, roles } of holders) {
    byPerson.set(personId, new Set([...(byPerson.get(personId) ?? []), ...roles]));
  }
  const filled = new Map<string, NeededRole>();
  return NEEDED_ROLES.filter((role) => !fill(role, byPerson, filled, new Set()));
}

/** Finds the role a person; who has another one already gives that to somebody else, where that can be. */
function fill(
  role: NeededRole,
  people: ReadonlyMap<string, ReadonlySet<string>>,
  filled: Map<string, NeededRole>,
  asked: Set<string>,
): boolean {
  for (const [personId, roles] of people) {
    if (!roles.has(role) || asked.has(personId)) continue;
    asked.add(personId);
    const other = filled.get(personId);
    if (other === undefined || fill(other, people, filled, asked)) {
      filled.set(personId, role);
      return true;
    }
  }
  return false;
}

const MOST_PEOPLE = 500;

/** The same of an organisation's people who may log in. */
export async function missingRoles(reader: Database['reader'], organisationId: string): Promise<NeededRole[]> {
  const members = await reader.find(StaffMemberSchema, {
    where: { scope: organisationId, state: 'active' },
    take: MOST_PEOPLE,
  });
  return missingRolesOf(members.map((member) => ({ personId: member.personId, roles: rolesOf(member) })));
}

/** Refuses with `organisation.not-active`, `organisation.halted` (`{reason}`) and `organisation.people-missing` (`{roles}`). */
export async function assertMayPay(
  tx: Tx,
  { id, state, haltReason }: Pick<Organisation, 'id' | 'state' | 'haltReason'>,
): Promise<void> {
  if (state !== 'active') throw new Refusal('organisation.not-active', { state });
  if (haltReason !== null) throw new Refusal('organisation.halted', { reason: haltReason });
  const roles = await missingRoles(tx.manager, id);
  if (roles.length > 0) throw new Refusal('organisation.people-missing', { roles: roles.join(', ') });
}

/** Locks an organisation: its balance, and the limits of its day, are looked at by one at a time. Refuses with `organisation.not-found`. */
export async function lockOrganisation(tx: Tx, id: string): Promise<Organisation> {
  const organisation = await tx.lockOne(OrganisationSchema, { id });
  if (!organisation) throw new Refusal('organisation.not-found');
  return organisation;
}

/** Of the approvals of its batches, and of their file. */
export const PAYOUT_BATCH = 'payout-batch';

/** Who must agree to what it pays: its own bands, else those of the file. */
export function bandsOf(
  { approvalBands }: { approvalBands: ApprovalBands },
  organisation: Pick<Organisation, 'approvalBands'>,
): PolicyBands {
  if (organisation.approvalBands !== null) return parseBands(JSON.parse(organisation.approvalBands));
  const bands = approvalBands.get(PAYOUT_BATCH);
  if (!bands) throw new Refusal('batch.no-policy');
  return bands;
}

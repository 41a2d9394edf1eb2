import { In } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import type { StaffDeps } from './deps.ts';
import { readRoles } from './invite-staff.ts';
import { needsSecondFactor } from './roles.ts';
import { endSessionsOf } from './sessions.ts';
import { rolesOf, type StaffMember, StaffMemberSchema, staffStates } from './staff-member.ts';

interface Change {
  memberId: string;
  /** The administrator's own; he sees no other. */
  scope: string;
  reason: string;
}

/** Gives and takes roles. Nobody changes his own. Refuses with `staff.not-found`, `staff.own`, `staff.no-role`. */
export async function changeRoles(
  deps: StaffDeps,
  actor: Actor,
  { memberId, scope, reason, roles: words }: Change & { roles: readonly string[] },
): Promise<void> {
  const roles = readRoles(words, scope);
  await deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: memberId, scope });
    if (!member) throw new Refusal('staff.not-found');
    refuseOwn(actor, member);
    const before = rolesOf(member);
    await tx.update(StaffMemberSchema, { id: member.id }, { roles: roles.join(' ') });
    // Who may act on money from now on, and has no second factor, sets it up before he does anything else.
    if (needsSecondFactor(roles) && member.sealedSecret === null) await endSessionsOf(deps, tx, member.id);
    await recordAct(deps, tx, {
      ...{ actor, act: 'staff.roles-changed', subject: { kind: 'staff', id: member.id }, scope, reason },
      ...{ before: { roles: before }, after: { roles } },
    });
  });
}

/** Shuts somebody out, at once, or lets him in again. Refuses with `staff.not-found` and `staff.own`. */
export async function setDisabled(
  deps: StaffDeps,
  actor: Actor,
  { memberId, scope, reason, disabled }: Change & { disabled: boolean },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: memberId, scope });
    if (!member) throw new Refusal('staff.not-found');
    refuseOwn(actor, member);
    // Who never chose a password is invited still.
    const to = disabled ? 'disabled' : member.passwordHash === null ? 'invited' : 'active';
    if (member.state === to) return;
    staffStates.assert(member.state, to);
    await tx.update(StaffMemberSchema, { id: member.id }, { state: to, failures: 0, lockedUntilMs: null });
    if (disabled) await endSessionsOf(deps, tx, member.id);
    await recordAct(deps, tx, {
      ...{
        actor,
        act: disabled ? 'staff.disabled' : 'staff.enabled',
        subject: { kind: 'staff', id: member.id },
        scope,
        reason,
      },
      ...{ before: { state: member.state }, after: { state: to } },
    });
  });
}

/** Ends the wait after wrong tries. Refuses with `staff.not-found` and `staff.own`. */
export async function unlockStaff(deps: StaffDeps, actor: Actor, { memberId, scope, reason }: Change): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: memberId, scope });
    if (!member) throw new Refusal('staff.not-found');
    refuseOwn(actor, member);
    await tx.update(StaffMemberSchema, { id: member.id }, { failures: 0, lockedUntilMs: null });
    await recordAct(deps, tx, {
      ...{ actor, act: 'staff.unlocked', subject: { kind: 'staff', id: member.id }, scope, reason },
      before: { failures: member.failures },
    });
  });
}

function refuseOwn(actor: Actor, member: StaffMember): void {
  if (actor.kind === 'staff' && actor.id === member.id) throw new Refusal('staff.own');
}

export async function listStaff({ database }: StaffDeps, scope: string): Promise<StaffMember[]> {
  return database.reader.find(StaffMemberSchema, { where: { scope }, order: { name: 'ASC' }, take: 500 });
}

/** The person behind a login; undefined for an id of nobody. */
export async function personOf({ database }: Pick<StaffDeps, 'database'>, id: string): Promise<string | undefined> {
  return (await database.reader.findOne(StaffMemberSchema, { select: { personId: true }, where: { id } }))?.personId;
}

/** Names by the id of the person behind a login. */
export async function namesOfPeople(
  { database }: Pick<StaffDeps, 'database'>,
  personIds: readonly string[],
): Promise<Map<string, string>> {
  const unique = [...new Set(personIds)].filter(Boolean).slice(0, 500);
  const rows =
    unique.length > 0
      ? await database.reader.find(StaffMemberSchema, {
          select: { personId: true, name: true },
          where: { personId: In(unique) },
        })
      : [];
  return new Map(rows.map(({ personId, name }) => [personId, name]));
}

/** Names by id, for pages that show who did something. Ids of nobody, and of people of another scope where one is given, are left out. */
export async function namesOfStaff(
  { database }: Pick<StaffDeps, 'database'>,
  ids: readonly string[],
  { scope }: { scope?: string } = {},
): Promise<Map<string, string>> {
  const unique = [...new Set(ids)].slice(0, 500);
  const rows =
    unique.length > 0
      ? await database.reader.find(StaffMemberSchema, {
          select: { id: true, name: true },
          where: { id: In(unique), ...(scope === undefined ? {} : { scope }) },
        })
      : [];
  return new Map(rows.map(({ id, name }) => [id, name]));
}

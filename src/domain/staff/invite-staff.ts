import { z } from 'zod';
import { parseMsisdn, Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { hashSecret, newSecret, type StaffDeps } from './deps.ts';
import { isStaffRole, ORGANISATION_ROLES, STAFF_ROLES, type StaffRole } from './roles.ts';
import { endSessionsOf } from './sessions.ts';
import { RecoveryCodeSchema, StaffInvitationSchema } from './staff-access.ts';
import { HOUSE, type StaffMember, StaffMemberSchema, staffStates } from './staff-member.ts';

export interface NewStaff {
  email: string;
  name: string;
  /** As written; read in the business's country. */
  phone: string;
  language: string;
  roles: readonly string[];
  scope: string;
}

/** The token belongs into a link; it is not kept. */
export interface Invited {
  member: StaffMember;
  token: string;
}

export const INVITATION_MS = 3 * 86_400_000;

const emailSchema = z.email().max(190);

/**
 * Makes a login and its invitation. Refuses with `staff.malformed-email`, `staff.malformed-phone`, `staff.malformed-name`, `staff.no-role`,
 * `staff.email-taken` and `staff.phone-taken`.
 */
export async function inviteStaff(deps: StaffDeps, actor: Actor, input: NewStaff): Promise<Invited> {
  const { ids, clock } = deps.runtime;
  const email = emailSchema.safeParse(input.email.trim().toLowerCase());
  if (!email.success) throw new Refusal('staff.malformed-email');
  const phone = parseMsisdn(input.phone, deps.country);
  if (!phone) throw new Refusal('staff.malformed-phone');
  const name = input.name.trim().replace(/\s+/g, ' ');
  if (name.length < 2 || name.length > 80) throw new Refusal('staff.malformed-name');
  const roles = readRoles(input.roles, input.scope);
  return deps.database.transaction(async (tx) => {
    if (await tx.findOne(StaffMemberSchema, { email: email.data })) throw new Refusal('staff.email-taken');
    const samePerson = await tx.findOne(StaffMemberSchema, { phone });
    const id = ids.next();
    const member: StaffMember = {
      ...{ id, personId: samePerson?.personId ?? id, scope: input.scope, email: email.data, name, phone },
      ...{ language: input.language, state: 'invited', roles: roles.join(' '), passwordHash: null, sealedSecret: null },
      ...{ lastTimeStep: 0, failures: 0, lockedUntilMs: null, createdAtMs: clock.now() },
    };
    if (!(await tx.insertOnce(StaffMemberSchema, member))) throw new Refusal('staff.phone-taken');
    const token = await addInvitation(deps, tx, member.id);
    await recordAct(deps, tx, {
      ...{ actor, act: 'staff.invited', subject: { kind: 'staff', id }, scope: input.scope },
      after: { email: email.data, name, roles, scope: input.scope },
    });
    return { member, token };
  });
}

/**
 * A new link for somebody who lost his password or his authenticator app: until it is used his login is of no use to anybody.
 * Refuses with `staff.not-found` and `staff.own`.
 */
export async function inviteAgain(
  deps: StaffDeps,
  actor: Actor,
  input: { memberId: string; scope: string; reason: string },
): Promise<Invited> {
  return deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: input.memberId, scope: input.scope });
    if (!member) throw new Refusal('staff.not-found');
    if (member.id === actor.id) throw new Refusal('staff.own');
    if (member.state !== 'invited') staffStates.assert(member.state, 'invited');
    await endSessionsOf(deps, tx, member.id);
    await tx.manager.delete(RecoveryCodeSchema, { memberId: member.id });
    const patch = {
      ...{ state: 'invited' as const, passwordHash: null, sealedSecret: null, failures: 0, lockedUntilMs: null },
    };
    await tx.update(StaffMemberSchema, { id: member.id }, patch);
    const token = await addInvitation(deps, tx, member.id);
    await recordAct(deps, tx, {
      ...{ actor, act: 'staff.invited-again', subject: { kind: 'staff', id: member.id }, reason: input.reason },
      scope: member.scope,
      ...{ before: { state: member.state }, after: { state: 'invited' } },
    });
    return { member: { ...member, ...patch }, token };
  });
}

/** The one invitation that counts; earlier ones are used up. */
async function addInvitation(deps: StaffDeps, tx: Tx, memberId: string): Promise<string> {
  const { runtime } = deps;
  const now = runtime.clock.now();
  const token = newSecret(runtime);
  await tx.update(StaffInvitationSchema, { memberId }, { usedAtMs: now });
  await tx.insert(StaffInvitationSchema, {
    ...{ id: runtime.ids.next(), memberId, tokenHash: hashSecret(token) },
    ...{ expiresAtMs: now + INVITATION_MS, usedAtMs: null },
  });
  return token;
}

export function readRoles(words: readonly string[], scope: string): StaffRole[] {
  const known = scope === HOUSE ? STAFF_ROLES : ORGANISATION_ROLES;
  const roles = [...new Set(words)].filter(isStaffRole).filter((role) => known.includes(role));
  if (roles.length === 0 || roles.length !== new Set(words).size) throw new Refusal('staff.no-role');
  return roles;
}

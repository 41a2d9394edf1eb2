import { IsNull } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { type Actor, recordAct } from '../audit/index.ts';
import { hashSecret, newSecret, type StaffDeps } from './deps.ts';
import type { StaffRole } from './roles.ts';
import { type SessionStage, type StaffSession, StaffSessionSchema } from './staff-access.ts';
import { rolesOf, type StaffMember, StaffMemberSchema } from './staff-member.ts';

/** Whoever sends a valid cookie. */
export interface SignedIn {
  session: StaffSession;
  member: StaffMember;
  /** None before the login is complete. */
  roles: readonly StaffRole[];
}

const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 12 * 3_600_000;
/** Between password and code. */
const HALF_MS = 10 * 60_000;
/** `last seen` is written this often at most, so that a page costs a read. */
const SEEN_EVERY_MS = 60_000;
const MOST_LISTED = 50;

export interface Visitor {
  address: string;
  agent: string;
}

/** A new session; the token goes into the cookie and is not kept. */
export async function openSession(
  { runtime }: StaffDeps,
  tx: Tx,
  memberId: string,
  stage: SessionStage,
  visitor: Visitor,
): Promise<string> {
  const now = runtime.clock.now();
  const token = newSecret(runtime);
  await tx.insert(StaffSessionSchema, {
    ...{ id: runtime.ids.next(), memberId, tokenHash: hashSecret(token), stage, sealedOffer: null },
    ...{
      address: visitor.address.slice(0, 64),
      agent: visitor.agent.slice(0, 160),
      createdAtMs: now,
      lastSeenAtMs: now,
    },
    ...{ expiresAtMs: now + (stage === 'full' ? LONGEST_MS : HALF_MS), endedAtMs: null },
  });
  return token;
}

/** The session of a cookie, if it is one that still counts, of a login that still may. */
export async function findSession(deps: StaffDeps, token: string): Promise<SignedIn | undefined> {
  if (!/^[0-9a-f]{64}$/.test(token)) return undefined;
  const { reader } = deps.database;
  const session = await reader.findOne(StaffSessionSchema, { where: { tokenHash: hashSecret(token) } });
  const now = deps.runtime.clock.now();
  if (!session || session.endedAtMs !== null || session.expiresAtMs <= now) return undefined;
  if (session.lastSeenAtMs + IDLE_MS <= now) return undefined;
  const member = await reader.findOne(StaffMemberSchema, { where: { id: session.memberId } });
  if (member?.state !== 'active') return undefined;
  if (session.lastSeenAtMs + SEEN_EVERY_MS <= now) {
    await deps.database.transaction((tx) => tx.update(StaffSessionSchema, { id: session.id }, { lastSeenAtMs: now }));
  }
  return { session, member, roles: session.stage === 'full' ? rolesOf(member) : [] };
}

/** The sessions of a login that still count, newest first. */
export async function listSessions({ database, runtime }: StaffDeps, memberId: string): Promise<StaffSession[]> {
  const rows = await database.reader.find(StaffSessionSchema, {
    where: { memberId, endedAtMs: IsNull() },
    order: { createdAtMs: 'DESC' },
    take: MOST_LISTED,
  });
  const now = runtime.clock.now();
  return rows.filter(({ expiresAtMs, lastSeenAtMs }) => expiresAtMs > now && lastSeenAtMs + IDLE_MS > now);
}

/** Ends one session: his own, or anybody's of the scope for an administrator (the caller checks that). Refuses with `staff.no-session`. */
export async function endSession(
  deps: StaffDeps,
  actor: Actor,
  input: { sessionId: string; memberId: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    const session = await tx.lockOne(StaffSessionSchema, { id: input.sessionId, memberId: input.memberId });
    if (!session || session.endedAtMs !== null) throw new Refusal('staff.no-session');
    await tx.update(StaffSessionSchema, { id: session.id }, { endedAtMs: deps.runtime.clock.now() });
    await recordAct(deps, tx, {
      ...{ actor, act: 'staff.session-ended', subject: { kind: 'staff', id: input.memberId } },
      before: { session: session.id, address: session.address },
    });
  });
}

export async function endSessionsOf({ runtime }: StaffDeps, tx: Tx, memberId: string): Promise<void> {
  const where = { memberId, endedAtMs: IsNull() };
  await tx.update(StaffSessionSchema, where, { endedAtMs: runtime.clock.now() });
}

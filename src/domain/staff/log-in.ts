import { Refusal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import { recordAct } from '../audit/index.ts';
import { actorOf, type StaffDeps } from './deps.ts';
import { needsSecondFactor } from './roles.ts';
import { renewRecoveryCodes, stepOfCode, takeCode } from './second-factor.ts';
import { openSession, type SignedIn, type Visitor } from './sessions.ts';
import { type SessionStage, StaffSessionSchema } from './staff-access.ts';
import { rolesOf, type StaffMember, StaffMemberSchema } from './staff-member.ts';

export type LogIn =
  /** The cookie's new token. */
  | { kind: 'in'; token: string; stage: SessionStage }
  /** Wrong email or password, or no such login: nobody is told which. */
  | { kind: 'wrong' }
  | { kind: 'locked'; untilMs: number };

const TRIES = 5;
const FIRST_LOCK_MS = 5 * 60_000;
const LONGEST_LOCK_MS = 24 * 3_600_000;
const LONGEST_PASSWORD = 200;

/** A hash that no password fits, so that an unknown email costs what a wrong password does. */
let nobody: Promise<string> | undefined;

/** The first step of a login. */
export async function logIn(
  deps: StaffDeps,
  { email, password, visitor }: { email: string; password: string; visitor: Visitor },
): Promise<LogIn> {
  const found = await deps.database.reader.findOne(StaffMemberSchema, {
    where: { email: email.trim().toLowerCase().slice(0, 190) },
  });
  nobody ??= deps.pins.hash(deps.runtime.chance.bytes(16).toString('hex'));
  // Slow on purpose, so outside the transaction; the lock below decides whether the try counts.
  const isRight = await deps.pins.verify(found?.passwordHash ?? (await nobody), password.slice(0, LONGEST_PASSWORD));
  if (!found) return { kind: 'wrong' };
  return deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: found.id });
    // Compared with a hash that was replaced meanwhile, or a login that may not.
    if (member?.state !== 'active' || member.passwordHash !== found.passwordHash) return { kind: 'wrong' };
    const locked = lockOf(deps, member);
    if (locked) return locked;
    if (!isRight) return countFailure(deps, tx, member, visitor, 'password');
    const stage = stageAfterPassword(member);
    if (stage === 'full') await noteLogIn(deps, tx, member, visitor);
    return { kind: 'in', token: await openSession(deps, tx, member.id, stage, visitor), stage };
  });
}

function stageAfterPassword(member: StaffMember): SessionStage {
  if (member.sealedSecret !== null) return 'second-factor';
  return needsSecondFactor(rolesOf(member)) ? 'enrol' : 'full';
}

/** The second step: a code of the app, or a recovery code. The session that was half-way ends, and another begins. */
export function enterCode(
  deps: StaffDeps,
  { session }: SignedIn,
  { code, visitor }: { code: string; visitor: Visitor },
): Promise<LogIn> {
  return deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: session.memberId });
    const half = await tx.lockOne(StaffSessionSchema, { id: session.id });
    if (member?.state !== 'active' || half?.stage !== 'second-factor' || half.endedAtMs !== null)
      return { kind: 'wrong' };
    const locked = lockOf(deps, member);
    if (locked) return locked;
    if (!(await takeCode(deps, tx, member, code))) return countFailure(deps, tx, member, visitor, 'code');
    return complete(deps, tx, member, half.id, visitor);
  });
}

/**
 * Sets up the authenticator app whose secret the session offered, once a code proves that it has it. Answers with the new
 * session and the recovery codes, or `wrong`.
 */
export function confirmApp(
  deps: StaffDeps,
  { session }: SignedIn,
  { code, visitor }: { code: string; visitor: Visitor },
): Promise<{ kind: 'wrong' } | { kind: 'in'; token: string; recoveryCodes: string[] }> {
  return deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: session.memberId });
    const open = await tx.lockOne(StaffSessionSchema, { id: session.id });
    if (member?.state !== 'active' || !open || open.endedAtMs !== null || open.sealedOffer === null) {
      throw new Refusal('staff.no-offer');
    }
    if (open.stage === 'second-factor') throw new Refusal('staff.no-offer');
    const step = await stepOfCode(deps.runtime, deps.sealing.open(open.sealedOffer), code, 0);
    if (step === undefined) return { kind: 'wrong' };
    const patch = { sealedSecret: open.sealedOffer, lastTimeStep: step };
    await tx.update(StaffMemberSchema, { id: member.id }, patch);
    const recoveryCodes = await renewRecoveryCodes(deps, tx, member.id);
    const actor = actorOf(member, visitor.address);
    await recordAct(deps, tx, { actor, act: 'staff.app-set-up', subject: { kind: 'staff', id: member.id } });
    const { token } = await complete(deps, tx, member, open.id, visitor);
    return { kind: 'in', token, recoveryCodes };
  });
}

async function complete(
  deps: StaffDeps,
  tx: Tx,
  member: StaffMember,
  sessionId: string,
  visitor: Visitor,
): Promise<{ kind: 'in'; token: string; stage: 'full' }> {
  await tx.update(StaffSessionSchema, { id: sessionId }, { endedAtMs: deps.runtime.clock.now(), sealedOffer: null });
  await noteLogIn(deps, tx, member, visitor);
  return { kind: 'in', token: await openSession(deps, tx, member.id, 'full', visitor), stage: 'full' };
}

async function noteLogIn(deps: StaffDeps, tx: Tx, member: StaffMember, visitor: Visitor): Promise<void> {
  await tx.update(StaffMemberSchema, { id: member.id }, { failures: 0, lockedUntilMs: null });
  const actor = actorOf(member, visitor.address);
  await recordAct(deps, tx, { actor, act: 'staff.logged-in', subject: { kind: 'staff', id: member.id } });
}

function lockOf({ runtime }: StaffDeps, { lockedUntilMs }: StaffMember): LogIn | undefined {
  const isLocked = lockedUntilMs !== null && lockedUntilMs > runtime.clock.now();
  return isLocked ? { kind: 'locked', untilMs: lockedUntilMs } : undefined;
}

/** After five wrong tries it is locked, for twice as long each time. */
async function countFailure(
  deps: StaffDeps,
  tx: Tx,
  member: StaffMember,
  visitor: Visitor,
  what: 'password' | 'code',
): Promise<LogIn> {
  const failures = member.failures + 1;
  const isLocked = failures % TRIES === 0;
  const lockMs = Math.min(FIRST_LOCK_MS * 2 ** (failures / TRIES - 1), LONGEST_LOCK_MS);
  const lockedUntilMs = isLocked ? deps.runtime.clock.now() + lockMs : null;
  await tx.update(StaffMemberSchema, { id: member.id }, { failures, lockedUntilMs });
  await recordAct(deps, tx, {
    // Whoever tried is not known to be the member.
    actor: { kind: 'service', id: 'login', address: visitor.address, scope: member.scope },
    ...{ act: isLocked ? 'staff.locked' : 'staff.login-failed', subject: { kind: 'staff', id: member.id } },
    after: { what, failures },
  });
  return lockedUntilMs === null ? { kind: 'wrong' } : { kind: 'locked', untilMs: lockedUntilMs };
}

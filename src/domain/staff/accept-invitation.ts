import { Refusal } from '../../kernel/index.ts';
import { recordAct } from '../audit/index.ts';
import { actorOf, hashSecret, type StaffDeps } from './deps.ts';
import { needsSecondFactor } from './roles.ts';
import { newTotpSecret, totpAddress } from './second-factor.ts';
import { openSession, type SignedIn, type Visitor } from './sessions.ts';
import { type SessionStage, StaffInvitationSchema, StaffSessionSchema } from './staff-access.ts';
import { rolesOf, type StaffMember, StaffMemberSchema, staffStates } from './staff-member.ts';

const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 200;

/** Who is invited by this link; undefined when it was used, replaced or is too old. */
export async function findInvited({ database, runtime }: StaffDeps, token: string): Promise<StaffMember | undefined> {
  const { reader } = database;
  const invitation = await reader.findOne(StaffInvitationSchema, { where: { tokenHash: hashSecret(token) } });
  if (!invitation || invitation.usedAtMs !== null || invitation.expiresAtMs <= runtime.clock.now()) return undefined;
  const member = await reader.findOne(StaffMemberSchema, { where: { id: invitation.memberId } });
  return member?.state === 'invited' ? member : undefined;
}

/** Chooses the password and begins a session. Refuses with `staff.no-invitation`, `staff.password-short` (`{least}`) and `staff.password-weak`. */
export async function acceptInvitation(
  deps: StaffDeps,
  { token, password, visitor }: { token: string; password: string; visitor: Visitor },
): Promise<{ token: string; stage: SessionStage }> {
  const invited = await findInvited(deps, token);
  if (!invited) throw new Refusal('staff.no-invitation');
  checkPassword(password, invited);
  const passwordHash = await deps.pins.hash(password);
  return deps.database.transaction(async (tx) => {
    const member = await tx.lockOne(StaffMemberSchema, { id: invited.id });
    const invitation = await tx.lockOne(StaffInvitationSchema, { tokenHash: hashSecret(token) });
    if (member?.state !== 'invited' || invitation?.usedAtMs !== null) throw new Refusal('staff.no-invitation');
    staffStates.assert(member.state, 'active');
    await tx.update(StaffInvitationSchema, { id: invitation.id }, { usedAtMs: deps.runtime.clock.now() });
    await tx.update(StaffMemberSchema, { id: member.id }, { state: 'active', passwordHash });
    const actor = actorOf(member, visitor.address);
    await recordAct(deps, tx, { actor, act: 'staff.joined', subject: { kind: 'staff', id: member.id } });
    const stage = needsSecondFactor(rolesOf(member)) ? 'enrol' : 'full';
    return { token: await openSession(deps, tx, member.id, stage, visitor), stage };
  });
}

/** Length is what counts; what is in the login itself, or one character over and over, is no secret. */
function checkPassword(password: string, { email, name }: StaffMember): void {
  if (password.length < SHORTEST_PASSWORD) throw new Refusal('staff.password-short', { least: SHORTEST_PASSWORD });
  const plain = password.toLowerCase();
  const known = [email, email.split('@')[0] ?? email, ...name.toLowerCase().split(' ')].filter(
    (word) => word.length > 3,
  );
  const rest = known.reduce((left, word) => left.replaceAll(word.toLowerCase(), ''), plain);
  if (password.length > LONGEST_PASSWORD || new Set(plain).size < 5 || rest.length < SHORTEST_PASSWORD / 2) {
    throw new Refusal('staff.password-weak');
  }
}

/** The secret that a session offers to an authenticator app: the same until it is confirmed. Refuses with `staff.no-offer`. */
export function offerApp(deps: StaffDeps, { session }: SignedIn): Promise<{ secret: string; address: string }> {
  return deps.database.transaction(async (tx) => {
    const open = await tx.lockOne(StaffSessionSchema, { id: session.id });
    const member = await tx.findOne(StaffMemberSchema, { id: session.memberId });
    if (!open || !member || open.endedAtMs !== null || open.stage === 'second-factor')
      throw new Refusal('staff.no-offer');
    const secret = open.sealedOffer ? deps.sealing.open(open.sealedOffer) : newTotpSecret(deps.runtime);
    if (!open.sealedOffer) {
      await tx.update(StaffSessionSchema, { id: open.id }, { sealedOffer: deps.sealing.seal(secret) });
    }
    return { secret, address: totpAddress(secret, member) };
  });
}

import { generateURI, ScureBase32Plugin, verify } from 'otplib';
import type { Tx } from '../../platform/database/index.ts';
import type { StaffDeps } from './deps.ts';
import { RecoveryCodeSchema } from './staff-access.ts';
import { type StaffMember, StaffMemberSchema } from './staff-member.ts';

const SECRET_BYTES = 20;
/** Seconds by which a phone's clock may be off. */
const TOLERANCE_S = 30;
const RECOVERY_CODES = 10;

/** A secret for an authenticator app, in base32 as it is typed. */
export function newTotpSecret({ chance }: StaffDeps['runtime']): string {
  return new ScureBase32Plugin().encode(chance.bytes(SECRET_BYTES), { padding: false });
}

/** What the QR code says. */
export function totpAddress(secret: string, member: StaffMember): string {
  return generateURI({ issuer: 'Malipo', label: member.email, secret });
}

/** The time step of a right code that is later than `afterStep`; undefined for any other. */
export async function stepOfCode(
  { clock }: StaffDeps['runtime'],
  secret: string,
  code: string,
  afterStep: number,
): Promise<number | undefined> {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const epoch = Math.floor(clock.now() / 1_000);
  const result = await verify({ secret, token, epoch, epochTolerance: TOLERANCE_S, afterTimeStep: afterStep });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** Takes a code of the app, or a recovery code, once. In a transaction that holds the member's row. */
export async function takeCode(deps: StaffDeps, tx: Tx, member: StaffMember, code: string): Promise<boolean> {
  if (member.sealedSecret === null) return false;
  const secret = deps.sealing.open(member.sealedSecret);
  const step = await stepOfCode(deps.runtime, secret, code, member.lastTimeStep);
  if (step !== undefined) {
    await tx.update(StaffMemberSchema, { id: member.id }, { lastTimeStep: step });
    return true;
  }
  const where = { memberId: member.id, fingerprint: fingerprintOf(deps, member.id, code) };
  const recovery = await tx.lockOne(RecoveryCodeSchema, where);
  if (!recovery || recovery.usedAtMs !== null) return false;
  await tx.update(RecoveryCodeSchema, { id: recovery.id }, { usedAtMs: deps.runtime.clock.now() });
  return true;
}

/** New recovery codes in place of the old; they are shown once. */
export async function renewRecoveryCodes(deps: StaffDeps, tx: Tx, memberId: string): Promise<string[]> {
  const { ids, chance } = deps.runtime;
  await tx.manager.delete(RecoveryCodeSchema, { memberId });
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    chance
      .bytes(10)
      .toString('hex')
      .replace(/(.{5})(?=.)/g, '$1-'),
  );
  for (const code of codes) {
    const fingerprint = fingerprintOf(deps, memberId, code);
    await tx.insert(RecoveryCodeSchema, { id: ids.next(), memberId, fingerprint, usedAtMs: null });
  }
  return codes;
}

function fingerprintOf({ sealing }: StaffDeps, memberId: string, code: string): string {
  const plain = code.toLowerCase().replace(/[^0-9a-z]/g, '');
  return sealing.fingerprint(`recovery ${memberId} ${plain}`);
}

import { generate } from 'otplib';
import type { DemoLogin } from '../channels/console/index.ts';
import {
  HOUSE,
  STAFF_ROLES,
  type StaffDeps,
  StaffMemberSchema,
  type StaffRole,
  setDisabled,
} from '../domain/staff/index.ts';
import type { Msisdn, Runtime } from '../kernel/index.ts';

/*
 * The people of the demo. Their password and secret are written here for everyone to read, so they exist only where the
 * simulators are on, which is never beside a live credential or in production.
 */
const PASSWORD = 'malipo demo only';
const SECRETS: Readonly<Record<StaffRole, string>> = {
  support: 'KRUGKIDROVUWG2ZAMJZG653OEBTG66BA',
  finance: 'JJ2W24BAN53GK4RAORUGKIDMMF5HSIDE',
  initiator: 'NFXGS5DJMF2G64RAMRSW23ZAON2GCZTG',
  approver: 'MFYHA4TPOZSXEIDEMVWW6IDTORQWMZRA',
  administrator: 'MFSG22LONFZXI4TBORXXEIDEMVWW6IDT',
  auditor: 'MF2WI2LUN5ZCAZDFNVXSA43UMFTGMIDP',
};
const NAMES: Readonly<Record<StaffRole, string>> = {
  support: 'Amina Wanjiru',
  finance: 'Daniel Kiptoo',
  initiator: 'Grace Achieng',
  approver: 'Hassan Omar',
  administrator: 'Lucy Mwende',
  auditor: 'Peter Kamau',
};

const emailOf = (role: StaffRole) => `${role}@demo.example`;

export function demoLogins({ clock }: Pick<Runtime, 'clock'>): DemoLogin[] {
  return STAFF_ROLES.map((role) => ({
    ...{ role, email: emailOf(role), password: PASSWORD },
    code: () => generate({ secret: SECRETS[role], epoch: Math.floor(clock.now() / 1_000) }),
  }));
}

/** Makes those that are not there yet. */
export async function seedDemoStaff(deps: StaffDeps): Promise<void> {
  const { ids, clock } = deps.runtime;
  const known = await deps.database.reader.findBy(
    StaffMemberSchema,
    STAFF_ROLES.map((role) => ({ email: emailOf(role) })),
  );
  const missing = STAFF_ROLES.filter((role) => !known.some(({ email }) => email === emailOf(role)));
  if (missing.length === 0) return;
  const passwordHash = await deps.pins.hash(PASSWORD);
  for (const role of missing) {
    const id = ids.next();
    const phone = `+25470000000${STAFF_ROLES.indexOf(role) + 1}` as Msisdn;
    await deps.database.transaction((tx) =>
      tx.insertOnce(StaffMemberSchema, {
        ...{ id, personId: id, scope: HOUSE, email: emailOf(role), name: NAMES[role], phone, language: 'en' },
        ...{ state: 'active', roles: role, passwordHash, sealedSecret: deps.sealing.seal(SECRETS[role]) },
        ...{ lastTimeStep: 0, failures: 0, lockedUntilMs: null, createdAtMs: clock.now() },
      }),
    );
  }
}

/** Their password is known to everyone: on stores that were the demo's they are of no use once it is over. */
export async function shutOutDemoStaff(deps: StaffDeps): Promise<void> {
  const actor = { kind: 'service', id: 'start', address: '', scope: HOUSE } as const;
  const known = await deps.database.reader.findBy(
    StaffMemberSchema,
    STAFF_ROLES.map((role) => ({ email: emailOf(role) })),
  );
  for (const { id: memberId } of known) {
    await setDisabled(deps, actor, { memberId, scope: HOUSE, reason: 'the simulators are off', disabled: true });
  }
}

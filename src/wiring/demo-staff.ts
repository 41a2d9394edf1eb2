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
import { DEMO_ORGANISATION } from './demo-organisation.ts';

/*
 * The people of the demo. Their password and secret are written here for everyone to read, so they exist only where the
 * simulators are on, which is never beside a live credential or in production.
 */
const PASSWORD = 'malipo demo only';

interface DemoPerson {
  role: StaffRole;
  name: string;
  email: string;
  phone: string;
  /** Of the authenticator app. */
  secret: string;
  scope: string;
}

/** One of each role with us. */
const OURS: Readonly<Record<StaffRole, readonly [name: string, secret: string]>> = {
  support: ['Amina Wanjiru', 'KRUGKIDROVUWG2ZAMJZG653OEBTG66BA'],
  finance: ['Daniel Kiptoo', 'JJ2W24BAN53GK4RAORUGKIDMMF5HSIDE'],
  initiator: ['Grace Achieng', 'NFXGS5DJMF2G64RAMRSW23ZAON2GCZTG'],
  approver: ['Hassan Omar', 'MFYHA4TPOZSXEIDEMVWW6IDTORQWMZRA'],
  administrator: ['Lucy Mwende', 'MFSG22LONFZXI4TBORXXEIDEMVWW6IDT'],
  auditor: ['Peter Kamau', 'MF2WI2LUN5ZCAZDFNVXSA43UMFTGMIDP'],
};

/** And those who pay for an organisation: two of them check. */
const THEIRS: readonly (readonly [role: StaffRole, word: string, name: string, secret: string])[] = [
  ['administrator', 'administrator', 'Joyce Wambui', 'NNUWY2LNN4QGCZDNNFXCAZDFNVXSAIJB'],
  ['initiator', 'initiator', 'Kevin Mutiso', 'NNUWY2LNN4QG2YLLMVZCAZDFNVXSAIJB'],
  ['approver', 'approver', 'Fatuma Hassan', 'NNUWY2LNN4QGG2DFMNVSAZDFNVXSAIJB'],
  ['approver', 'approver2', 'Samuel Otieno', 'NNUWY2LNN4QHGZLDN5XGIIDEMVWW6IBB'],
];

const PEOPLE: readonly DemoPerson[] = [
  ...STAFF_ROLES.map((role, index) => {
    const [name, secret] = OURS[role];
    return { role, name, secret, email: `${role}@demo.example`, phone: `+25470000000${index + 1}`, scope: HOUSE };
  }),
  ...THEIRS.map(([role, word, name, secret], index) => ({
    ...{ role, name, secret, email: `${word}@kilimo.example`, phone: `+25470000001${index + 1}` },
    scope: DEMO_ORGANISATION.id,
  })),
];

export function demoLogins({ clock }: Pick<Runtime, 'clock'>): DemoLogin[] {
  return PEOPLE.map(({ role, email, secret, scope }) => ({
    ...{ role, email, password: PASSWORD },
    ...(scope === HOUSE ? {} : { of: DEMO_ORGANISATION.name }),
    code: () => generate({ secret, epoch: Math.floor(clock.now() / 1_000) }),
  }));
}

const findKnown = ({ database }: StaffDeps) =>
  database.reader.findBy(
    StaffMemberSchema,
    PEOPLE.map(({ email }) => ({ email })),
  );

/** Makes those that are not there yet. */
export async function seedDemoStaff(deps: StaffDeps): Promise<void> {
  const { ids, clock } = deps.runtime;
  const known = await findKnown(deps);
  const missing = PEOPLE.filter((person) => !known.some(({ email }) => email === person.email));
  if (missing.length === 0) return;
  const passwordHash = await deps.pins.hash(PASSWORD);
  for (const { role, name, email, phone, secret, scope } of missing) {
    const id = ids.next();
    await deps.database.transaction((tx) =>
      tx.insertOnce(StaffMemberSchema, {
        ...{ id, personId: id, scope, email, name, phone: phone as Msisdn, language: 'en' },
        ...{ state: 'active', roles: role, passwordHash, sealedSecret: deps.sealing.seal(secret) },
        ...{ lastTimeStep: 0, failures: 0, lockedUntilMs: null, createdAtMs: clock.now() },
      }),
    );
  }
}

/** Their password is known to everyone: on stores that were the demo's they are of no use once it is over. */
export async function shutOutDemoStaff(deps: StaffDeps): Promise<void> {
  const actor = { kind: 'service', id: 'start', address: '', scope: HOUSE } as const;
  for (const { id: memberId, scope } of await findKnown(deps)) {
    await setDisabled(deps, actor, { memberId, scope, reason: 'the simulators are off', disabled: true });
  }
}

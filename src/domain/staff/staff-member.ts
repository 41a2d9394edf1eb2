import { EntitySchema } from 'typeorm';
import { type Msisdn, transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';
import type { StaffRole } from './roles.ts';

/** The scope of our own people. Others are the id of an organisation. */
export const HOUSE = 'house';

export type StaffState = 'invited' | 'active' | 'disabled';

export const staffStates = transitionTable<StaffState>('staff member', ['invited'], {
  invited: ['active', 'disabled'],
  active: ['disabled', 'invited'],
  disabled: ['active', 'invited'],
});

/** One login. */
export interface StaffMember {
  id: string;
  /** The person behind it: the same for every login with the same phone. */
  personId: string;
  scope: string;
  /** Lower case; unique. */
  email: string;
  name: string;
  phone: Msisdn;
  language: string;
  state: StaffState;
  /** Words separated by spaces. */
  roles: string;
  /** argon2id; null until the invitation is accepted. */
  passwordHash: string | null;
  /** Sealed secret of the authenticator app; null until one was confirmed. */
  sealedSecret: string | null;
  /** Time step of the last code that was taken: none before it is taken again. */
  lastTimeStep: number;
  failures: number;
  lockedUntilMs: number | null;
  createdAtMs: number;
}

export const StaffMemberSchema = new EntitySchema<StaffMember>({
  name: 'staff_member',
  columns: {
    id: column.id(),
    personId: { ...column.reference(), name: 'person_id' },
    scope: column.varchar(36),
    email: column.varchar(190),
    name: column.varchar(80),
    phone: column.msisdn(),
    language: column.varchar(8),
    state: column.state(),
    roles: column.varchar(120),
    passwordHash: { ...column.varchar(160, { nullable: true }), name: 'password_hash' },
    sealedSecret: { ...column.varchar(160, { nullable: true }), name: 'sealed_secret' },
    lastTimeStep: { ...column.count(), name: 'last_time_step' },
    failures: column.count(),
    lockedUntilMs: { ...column.instant({ nullable: true }), name: 'locked_until' },
    createdAtMs: { ...column.instant(), name: 'created_at' },
  },
  indices: [
    { name: 'staff_member_email', columns: ['email'], unique: true },
    { name: 'staff_member_phone', columns: ['phone', 'scope'], unique: true },
    { name: 'staff_member_scope', columns: ['scope', 'name'] },
  ],
});

export function rolesOf({ roles }: Pick<StaffMember, 'roles'>): StaffRole[] {
  return roles.split(' ').filter(Boolean) as StaffRole[];
}

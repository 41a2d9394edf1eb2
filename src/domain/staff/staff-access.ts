import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/**
 * second-factor: the password was right, the code is awaited. enrol: an authenticator app must be set up first. full: may do what
 * the roles allow.
 */
export type SessionStage = 'second-factor' | 'enrol' | 'full';

export interface StaffSession {
  id: string;
  memberId: string;
  /** SHA-256 of the cookie's token. */
  tokenHash: string;
  stage: SessionStage;
  /** Sealed secret that is offered to the authenticator app until a code proves that it arrived. */
  sealedOffer: string | null;
  address: string;
  agent: string;
  createdAtMs: number;
  lastSeenAtMs: number;
  expiresAtMs: number;
  endedAtMs: number | null;
}

export const StaffSessionSchema = new EntitySchema<StaffSession>({
  name: 'staff_session',
  columns: {
    id: column.id(),
    memberId: { ...column.reference(), name: 'member_id' },
    tokenHash: { ...column.varchar(64), name: 'token_hash' },
    stage: column.varchar(16),
    sealedOffer: { ...column.varchar(160, { nullable: true }), name: 'sealed_offer' },
    address: column.varchar(64),
    agent: column.varchar(160),
    createdAtMs: { ...column.instant(), name: 'created_at' },
    lastSeenAtMs: { ...column.instant(), name: 'last_seen_at' },
    expiresAtMs: { ...column.instant(), name: 'expires_at' },
    endedAtMs: { ...column.instant({ nullable: true }), name: 'ended_at' },
  },
  indices: [
    { name: 'staff_session_token', columns: ['tokenHash'], unique: true },
    { name: 'staff_session_member', columns: ['memberId', 'createdAtMs'] },
    { name: 'staff_session_expiry', columns: ['expiresAtMs'] },
  ],
});

/** A link that lets its holder choose a password, once. */
export interface StaffInvitation {
  id: string;
  memberId: string;
  tokenHash: string;
  expiresAtMs: number;
  usedAtMs: number | null;
}

export const StaffInvitationSchema = new EntitySchema<StaffInvitation>({
  name: 'staff_invitation',
  columns: {
    id: column.id(),
    memberId: { ...column.reference(), name: 'member_id' },
    tokenHash: { ...column.varchar(64), name: 'token_hash' },
    expiresAtMs: { ...column.instant(), name: 'expires_at' },
    usedAtMs: { ...column.instant({ nullable: true }), name: 'used_at' },
  },
  indices: [
    { name: 'staff_invitation_token', columns: ['tokenHash'], unique: true },
    { name: 'staff_invitation_member', columns: ['memberId'] },
  ],
});

/** For one login without the authenticator app. */
export interface RecoveryCode {
  id: string;
  memberId: string;
  /** Keyed hash. */
  fingerprint: string;
  usedAtMs: number | null;
}

export const RecoveryCodeSchema = new EntitySchema<RecoveryCode>({
  name: 'staff_recovery_code',
  columns: {
    id: column.id(),
    memberId: { ...column.reference(), name: 'member_id' },
    fingerprint: column.varchar(64),
    usedAtMs: { ...column.instant({ nullable: true }), name: 'used_at' },
  },
  indices: [{ name: 'staff_recovery_code_member', columns: ['memberId', 'fingerprint'], unique: true }],
});

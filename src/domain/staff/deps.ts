import { createHash } from 'node:crypto';
import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { Actor, AuditDeps } from '../audit/index.ts';
import type { PinHasher } from '../customers/index.ts';
import type { StaffMember } from './staff-member.ts';

export interface StaffDeps extends AuditDeps {
  runtime: Runtime;
  database: Database;
  sealing: Sealing;
  /** argon2id. */
  pins: PinHasher;
  /** ISO country by which phone numbers are read. */
  country: string;
}

/** A random secret for a link or a cookie: 256 bits in hex. */
export function newSecret({ chance }: Pick<Runtime, 'chance'>): string {
  return chance.bytes(32).toString('hex');
}

/** Such secrets are long and random, so a plain hash keeps them. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function actorOf({ id, scope }: StaffMember, address: string): Actor {
  return { kind: 'staff', id, address, scope };
}

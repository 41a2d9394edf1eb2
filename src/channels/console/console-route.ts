import type { SignedIn, StaffRole } from '../../domain/staff/index.ts';
import type { Desk, Visit } from './visit.ts';

/**
 * anyone: also who is not signed in. half: a login that is not complete, and no other. member: everyone who is signed in. Else
 * whoever has one of the roles.
 */
export type Allowed = 'anyone' | 'half' | 'member' | readonly StaffRole[];

export interface ConsoleRoute {
  method: 'get' | 'post';
  /** As the router takes it, with `/console` in front. */
  path: string;
  allow: Allowed;
  handle(desk: Desk, visit: Visit): Promise<void> | void;
}

/** Undefined when he may; else what he lacks. */
export function mayOpen({ allow }: ConsoleRoute, signedIn: SignedIn | undefined): 'login' | 'role' | undefined {
  if (allow === 'anyone') return undefined;
  if (!signedIn) return 'login';
  const isFull = signedIn.session.stage === 'full';
  if (allow === 'half') return isFull ? 'role' : undefined;
  if (!isFull) return 'login';
  if (allow === 'member') return undefined;
  return signedIn.roles.some((role) => allow.includes(role)) ? undefined : 'role';
}

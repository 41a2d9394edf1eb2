import { HOUSE, type SignedIn, type StaffRole } from '../../domain/staff/index.ts';
import type { Desk, Visit } from './visit.ts';

/**
 * anyone: also who is not signed in. half: a login that is not complete, and no other. member: everyone who is signed in. Else
 * whoever has one of the roles.
 */
export type Allowed = 'anyone' | 'half' | 'member' | readonly StaffRole[];

/** Who may have something of the console. */
export interface Permission {
  /** Our own people; `anyone` and `half` ask for no scope. */
  allow: Allowed;
  /**
   * People of an organisation: left out, none. Where the address names an `:organisation` it is their own, and anybody else's is as if it
   * did not exist; where it names none, the handler looks at nothing beyond `visit.scope`.
   */
  allowOrganisation?: 'member' | readonly StaffRole[];
}

export interface ConsoleRoute extends Permission {
  method: 'get' | 'post';
  /** As the router takes it, with `/console` in front. */
  path: string;
  /** Its form brings a file with it. */
  takesFile?: true;
  handle(desk: Desk, visit: Visit): Promise<void> | void;
}

/** Undefined when he may; else what he lacks. nothing: he is not told whether there is anything. */
export function mayOpen(
  { allow, allowOrganisation = [] }: Permission,
  signedIn: SignedIn | undefined,
  { organisation }: { organisation?: string | undefined } = {},
): 'login' | 'role' | 'nothing' | undefined {
  if (allow === 'anyone') return undefined;
  if (!signedIn) return 'login';
  const { session, member, roles } = signedIn;
  const isFull = session.stage === 'full';
  if (allow === 'half') return isFull ? 'role' : undefined;
  if (!isFull) return 'login';
  const isHouse = member.scope === HOUSE;
  const wanted = isHouse ? allow : allowOrganisation;
  if (!isHouse && organisation !== undefined && organisation !== member.scope) return 'nothing';
  return wanted === 'member' || roles.some((role) => wanted.includes(role)) ? undefined : 'role';
}

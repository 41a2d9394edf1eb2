/**
 * support: customers and their payments. finance: settlements, breaks, refunds within its limits. initiator: makes payouts. approver: grants
 * them. administrator: people and settings. auditor: sees everything, changes nothing.
 */
export const STAFF_ROLES = ['support', 'finance', 'initiator', 'approver', 'administrator', 'auditor'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** What somebody of an organisation may be there. */
export const ORGANISATION_ROLES: readonly StaffRole[] = ['administrator', 'initiator', 'approver', 'auditor'];

/** Roles whose acts move money or decide who may: they need the second factor. */
const ACTS_ON_MONEY: ReadonlySet<StaffRole> = new Set(['support', 'finance', 'initiator', 'approver', 'administrator']);

export function needsSecondFactor(roles: readonly StaffRole[]): boolean {
  return roles.some((role) => ACTS_ON_MONEY.has(role));
}

export function isStaffRole(text: string): text is StaffRole {
  return (STAFF_ROLES as readonly string[]).includes(text);
}

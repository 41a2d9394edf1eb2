export { acceptInvitation, findInvited, offerApp } from './accept-invitation.ts';
export {
  changeRoles,
  listStaff,
  namesOfPeople,
  namesOfStaff,
  personOf,
  setDisabled,
  unlockStaff,
} from './change-staff.ts';
export { chooseOwnLanguage } from './choose-language.ts';
export { actorOf, type StaffDeps } from './deps.ts';
export { INVITATION_MS, type Invited, inviteAgain, inviteStaff, type NewStaff } from './invite-staff.ts';
export { confirmApp, enterCode, type LogIn, logIn } from './log-in.ts';
export { isStaffRole, needsSecondFactor, ORGANISATION_ROLES, STAFF_ROLES, type StaffRole } from './roles.ts';
export { renewRecoveryCodes } from './second-factor.ts';
export { endSession, findSession, listSessions, type SignedIn, type Visitor } from './sessions.ts';
export {
  RecoveryCodeSchema,
  type SessionStage,
  StaffInvitationSchema,
  type StaffSession,
  StaffSessionSchema,
} from './staff-access.ts';
export { HOUSE, rolesOf, type StaffMember, StaffMemberSchema, type StaffState } from './staff-member.ts';

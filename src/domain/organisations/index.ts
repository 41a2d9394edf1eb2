export {
  type AnswerOnceDeps,
  answerOnce,
  type KeptAnswer,
  type NamedRequest,
  type Once,
  TAKEN_OVER_AFTER_MS,
} from './answer-once.ts';
export {
  type ApiKey,
  ApiKeySchema,
  type IdempotentRequest,
  IdempotentRequestSchema,
  KEY_SCOPES,
  type KeyScope,
} from './api-key.ts';
export {
  type ApplicationEvent,
  ApplicationEventSchema,
  type ApplicationState,
  applicationStates,
  DOCUMENT_KINDS,
  type DocumentKind,
  type DocumentPart,
  DocumentPartSchema,
  NEEDED_DOCUMENTS,
  type OrganisationDocument,
  OrganisationDocumentSchema,
  type PaybillApplication,
  PaybillApplicationSchema,
} from './application.ts';
export { findApplication, isOverdue, missingDocuments, moveApplication, openApplication } from './apply-for-paybill.ts';
export {
  activateOrganisation,
  changeApprovalBands,
  changeContact,
  changeLimits,
  changeRecipientNews,
  suspendOrganisation,
} from './change-organisation.ts';
export type { OrganisationDeps } from './deps.ts';
export {
  addDocument,
  isDocumentKind,
  listDocuments,
  MOST_DOCUMENT_BYTES,
  readDocument,
  withdrawDocument,
} from './documents.ts';
export {
  getOrganisation,
  type HistoryEntry,
  type ListedOrganisation,
  listOrganisations,
  namesOfOrganisations,
  organisationHistory,
} from './find-organisations.ts';
export { type Halt, haltPayouts, ORGANISATION_RELEASED, releasePayouts } from './halt-payouts.ts';
export {
  createKey,
  findKey,
  KEY_OVERLAP_MS,
  listKeys,
  type MadeKey,
  rotateKey,
  scopesOf,
  withdrawKey,
} from './keys.ts';
export {
  assertMayPay,
  bandsOf,
  type Holder,
  lockOrganisation,
  missingRoles,
  missingRolesOf,
  NEEDED_ROLES,
  type NeededRole,
  PAYOUT_BATCH,
} from './may-pay.ts';
export {
  type HaltReason,
  type Organisation,
  type OrganisationEvent,
  OrganisationEventSchema,
  OrganisationSchema,
  type OrganisationState,
  organisationStates,
  RECIPIENT_NEWS,
  type RecipientNews,
} from './organisation.ts';
export { type GivenContact, type GivenLimits, VOTING_ROLES } from './organisation-details.ts';
export { type NewOrganisation, registerOrganisation } from './register-organisation.ts';
export { rulesOf } from './rules-of.ts';
export {
  dropCredential,
  findPayoutAccount,
  type Initiator,
  initiatorOf,
  ownAccountOf,
  setCredential,
} from './set-credential.ts';
export { resumePayouts, stopPayouts } from './stop-payouts.ts';

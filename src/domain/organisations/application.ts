import { EntitySchema } from 'typeorm';
import { transitionTable } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/**
 * documents-missing: something that the operator asks for is not there. submitted: the operator has it. approved: the paybill pays.
 * declined: the operator said no; it can be applied for anew with other documents.
 */
export type ApplicationState = 'documents-missing' | 'submitted' | 'approved' | 'declined';

export const applicationStates = transitionTable<ApplicationState>('paybill application', ['documents-missing'], {
  'documents-missing': ['submitted'],
  submitted: ['approved', 'declined', 'documents-missing'],
  declined: ['documents-missing'],
  approved: [],
});

/** The way to the paybill from which an organisation pays; one each. */
export interface PaybillApplication {
  organisationId: string;
  /** Who goes to the operator with it. */
  appliedBy: 'organisation' | 'house';
  state: ApplicationState;
  /** By when the next step is expected; null: not said. */
  dueAtMs: number | null;
  openedAtMs: number;
  submittedAtMs: number | null;
  decidedAtMs: number | null;
  /** The operator's words, or what is missing. */
  note: string;
}

export const PaybillApplicationSchema = new EntitySchema<PaybillApplication>({
  name: 'paybill_application',
  columns: {
    organisationId: { ...column.reference(), name: 'organisation_id', primary: true },
    appliedBy: { ...column.varchar(16), name: 'applied_by' },
    state: column.state(),
    dueAtMs: { ...column.instant({ nullable: true }), name: 'due_at' },
    openedAtMs: { ...column.instant(), name: 'opened_at' },
    submittedAtMs: { ...column.instant({ nullable: true }), name: 'submitted_at' },
    decidedAtMs: { ...column.instant({ nullable: true }), name: 'decided_at' },
    note: column.varchar(500),
  },
  indices: [{ name: 'paybill_application_due', columns: ['state', 'dueAtMs'] }],
});

/** Appended only. */
export interface ApplicationEvent {
  id: string;
  organisationId: string;
  fromState: ApplicationState | 'none';
  toState: ApplicationState;
  actor: string;
  reason: string;
  atMs: number;
}

export const ApplicationEventSchema = new EntitySchema<ApplicationEvent>({
  name: 'paybill_application_event',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    fromState: { ...column.state(), name: 'from_state' },
    toState: { ...column.state(), name: 'to_state' },
    actor: column.varchar(48),
    reason: column.varchar(500),
    atMs: { ...column.instant(), name: 'at' },
  },
  indices: [{ name: 'paybill_application_event_organisation', columns: ['organisationId', 'atMs'] }],
});

export const DOCUMENT_KINDS = ['registration', 'tax', 'signatories', 'bank-letter', 'other'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What must be there before an application is submitted. */
export const NEEDED_DOCUMENTS: readonly DocumentKind[] = ['registration', 'tax', 'signatories', 'bank-letter'];

/** A paper of an organisation. Its bytes are sealed and kept in parts. */
export interface OrganisationDocument {
  id: string;
  organisationId: string;
  kind: DocumentKind;
  fileName: string;
  contentType: string;
  sizeBytes: number;
  /** SHA-256 in hex. */
  contentHash: string;
  givenBy: string;
  givenAtMs: number;
  /** Replaced by a later one of its kind, or taken back. */
  replacedAtMs: number | null;
}

export const OrganisationDocumentSchema = new EntitySchema<OrganisationDocument>({
  name: 'organisation_document',
  columns: {
    id: column.id(),
    organisationId: { ...column.reference(), name: 'organisation_id' },
    kind: column.varchar(16),
    fileName: { ...column.varchar(255), name: 'file_name' },
    contentType: { ...column.varchar(64), name: 'content_type' },
    sizeBytes: { ...column.count(), name: 'size_bytes' },
    contentHash: { ...column.varchar(64), name: 'content_hash' },
    givenBy: { ...column.varchar(64), name: 'given_by' },
    givenAtMs: { ...column.instant(), name: 'given_at' },
    replacedAtMs: { ...column.instant({ nullable: true }), name: 'replaced_at' },
  },
  indices: [{ name: 'organisation_document_organisation', columns: ['organisationId', 'kind'] }],
});

export interface DocumentPart {
  id: string;
  documentId: string;
  part: number;
  sealedContent: string;
}

export const DocumentPartSchema = new EntitySchema<DocumentPart>({
  name: 'organisation_document_part',
  columns: {
    id: column.id(),
    documentId: { ...column.reference(), name: 'document_id' },
    part: column.count(),
    sealedContent: { ...column.text(), name: 'sealed_content' },
  },
  indices: [{ name: 'organisation_document_part_document', columns: ['documentId', 'part'], unique: true }],
});

import { createHash } from 'node:crypto';
import { IsNull } from 'typeorm';
import { invariant, Refusal } from '../../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import {
  DOCUMENT_KINDS,
  type DocumentKind,
  DocumentPartSchema,
  type OrganisationDocument,
  OrganisationDocumentSchema,
} from './application.ts';
import { type OrganisationDeps, recordOrganisationAct } from './deps.ts';
import { contentTypeOf } from './document-type.ts';
import { lockOrganisation } from './may-pay.ts';

export const MOST_DOCUMENT_BYTES = 5 * 1024 * 1024;
/** That were given and neither replaced nor taken back. */
const MOST_DOCUMENTS = 30;
/** Of the file; in base64, sealed and in base64 again it still fits a TEXT of MariaDB, 65,535 bytes. */
const PART_BYTES = 30_000;

export interface GivenDocument {
  organisationId: string;
  kind: string;
  fileName: string;
  bytes: Buffer;
  reason: string;
}

export const isDocumentKind = (text: string): text is DocumentKind =>
  (DOCUMENT_KINDS as readonly string[]).includes(text);

/**
 * Keeps a paper, sealed. It takes the place of the one of its kind that was there; of `other` there may be several. Refuses with
 * `organisation.not-found`, `document.kind`, `document.empty`, `document.too-large` (`{mostBytes}`), `document.type` (no PDF, PNG or JPEG by its first
 * bytes) and `document.too-many` (`{most}`).
 */
export async function addDocument(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, kind, fileName, bytes, reason }: GivenDocument,
): Promise<OrganisationDocument> {
  if (!isDocumentKind(kind)) throw new Refusal('document.kind');
  if (bytes.length === 0) throw new Refusal('document.empty');
  if (bytes.length > MOST_DOCUMENT_BYTES) throw new Refusal('document.too-large', { mostBytes: MOST_DOCUMENT_BYTES });
  const contentType = contentTypeOf(bytes);
  if (!contentType) throw new Refusal('document.type');
  const { ids, clock } = deps.runtime;
  const document: OrganisationDocument = {
    ...{ id: ids.next(), organisationId, kind, fileName: nameOf(fileName), contentType, sizeBytes: bytes.length },
    ...{ contentHash: hashOf(bytes), givenBy: actor.id, givenAtMs: clock.now(), replacedAtMs: null },
  };
  const parts = sealedParts(deps, document.id, bytes);
  await deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const current = { organisationId, replacedAtMs: IsNull() };
    if (kind !== 'other') {
      await tx.update(OrganisationDocumentSchema, { ...current, kind }, { replacedAtMs: document.givenAtMs });
    }
    if ((await tx.manager.countBy(OrganisationDocumentSchema, current)) >= MOST_DOCUMENTS) {
      throw new Refusal('document.too-many', { most: MOST_DOCUMENTS });
    }
    await tx.insert(OrganisationDocumentSchema, document);
    for (const part of parts) await tx.insert(DocumentPartSchema, part);
    const { id, sizeBytes, contentHash } = document;
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'organisation.document-added', reason },
      after: { document: id, kind, sizeBytes, contentHash },
    });
  });
  return document;
}

function sealedParts({ sealing, runtime }: OrganisationDeps, documentId: string, bytes: Buffer) {
  return Array.from({ length: Math.ceil(bytes.length / PART_BYTES) }, (_, part) => {
    const content = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES).toString('base64');
    return { id: runtime.ids.next(), documentId, part, sealedContent: sealing.seal(content) };
  });
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The last part of a path, without what no name of a file has, half of a surrogate pair among it. */
function nameOf(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const plain = last.slice(-255).replace(/\p{C}/gu, '').trim();
  return plain || 'document';
}

/** Takes a paper back; it is kept, and counts no more. Refuses with `document.not-found`, also for another organisation's. */
export async function withdrawDocument(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, documentId, reason }: { organisationId: string; documentId: string; reason: string },
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    await lockOrganisation(tx, organisationId);
    const document = await tx.lockOne(OrganisationDocumentSchema, { id: documentId, organisationId });
    if (!document || document.replacedAtMs !== null) throw new Refusal('document.not-found');
    await tx.update(OrganisationDocumentSchema, { id: documentId }, { replacedAtMs: deps.runtime.clock.now() });
    await recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'organisation.document-withdrawn', reason },
      before: { document: documentId, kind: document.kind },
    });
  });
}

/** What counts now, by kind and the oldest first. */
export function listDocuments(
  { database }: Pick<OrganisationDeps, 'database'>,
  organisationId: string,
): Promise<OrganisationDocument[]> {
  return database.reader.find(OrganisationDocumentSchema, {
    ...{ where: { organisationId, replacedAtMs: IsNull() }, order: { kind: 'ASC', id: 'ASC' }, take: MOST_DOCUMENTS },
  });
}

/** A paper with its bytes; that somebody looked at it is recorded. Refuses with `document.not-found`, also for another organisation's. */
export async function readDocument(
  deps: OrganisationDeps,
  actor: Actor,
  { organisationId, documentId }: { organisationId: string; documentId: string },
): Promise<{ document: OrganisationDocument; bytes: Buffer }> {
  const { reader } = deps.database;
  const where = { id: documentId, organisationId };
  const document = await reader.findOne(OrganisationDocumentSchema, { where });
  if (!document) throw new Refusal('document.not-found');
  const parts = await reader.find(DocumentPartSchema, { where: { documentId }, order: { part: 'ASC' } });
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(deps.sealing.open(part.sealedContent), 'base64')));
  invariant(hashOf(bytes) === document.contentHash, 'a paper is what was given');
  await deps.database.transaction((tx) =>
    recordOrganisationAct(deps, tx, organisationId, {
      ...{ actor, act: 'organisation.document-seen', after: { document: documentId, kind: document.kind } },
    }),
  );
  return { document, bytes };
}

import { readFile, stat } from 'node:fs/promises';
import { addDocument, MOST_DOCUMENT_BYTES, readDocument, withdrawDocument } from '../../domain/organisations/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { actOf, idOf, organisationIdOf } from './organisation-act.ts';
import type { Desk, Visit } from './visit.ts';

/*
 * Papers of an organisation: given by its administrator or by us for it, read by who answers for them.
 */

/** To be kept and not to be opened within the console: what somebody else has written never runs here. */
export async function readPaper({ deps }: Desk, visit: Visit): Promise<void> {
  const wanted = { organisationId: organisationIdOf(visit), documentId: idOf(visit) };
  const { document, bytes } = await readDocument(deps.domain, visit.actor(), wanted);
  const name = encodeURIComponent(document.fileName).replace(/['()*]/g, '_');
  visit.ctx.set({
    'Content-Type': document.contentType,
    'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  visit.ctx.body = bytes;
}

/** What is too large is not read; the file itself goes when the form is done with. */
export async function givePaper({ deps }: Desk, visit: Visit): Promise<string> {
  const { file, form } = visit;
  if (!file) throw new Refusal('document.empty');
  const { size } = await stat(file.path);
  if (size > MOST_DOCUMENT_BYTES) throw new Refusal('document.too-large', { mostBytes: MOST_DOCUMENT_BYTES });
  const given = { kind: form.kind ?? '', fileName: file.fileName, bytes: await readFile(file.path) };
  await addDocument(deps.domain, visit.actor(), { ...actOf(visit), ...given });
  return 'document-added';
}

export async function takePaperBack({ deps }: Desk, visit: Visit): Promise<string> {
  await withdrawDocument(deps.domain, visit.actor(), { ...actOf(visit), documentId: idOf(visit) });
  return 'document-withdrawn';
}

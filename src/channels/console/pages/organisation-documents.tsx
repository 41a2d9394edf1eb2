import { DOCUMENT_KINDS, type Organisation, type OrganisationDocument } from '../../../domain/organisations/index.ts';
import type { Visit } from '../visit.ts';
import { Act, Empty, ReasonField } from './frame.tsx';

/** Who gives papers: the organisation's administrator, or our people for it. */
const mayGive = (visit: Visit) =>
  visit.isHouse ? visit.may('support', 'finance', 'administrator') : visit.may('administrator');
const mayRead = (visit: Visit) =>
  visit.isHouse ? visit.may('finance', 'administrator', 'auditor') : visit.may('administrator', 'auditor');

interface DocumentsCardProps {
  visit: Visit;
  organisation: Organisation;
  documents: readonly OrganisationDocument[];
  /** Of logins, by id. */
  names: ReadonlyMap<string, string>;
}

/** The papers that the operator asks for, each in its newest version. */
export function DocumentsCard({ visit, organisation, documents, names }: DocumentsCardProps) {
  const { say, time } = visit.words;
  const path = `/console/organisations/${organisation.id}/documents`;
  return (
    <section class="card" aria-labelledby="documents">
      <h2 id="documents">{say('document.title')}</h2>
      {documents.length === 0 && <Empty>{say('document.none')}</Empty>}
      {documents.map(({ id, kind, fileName, sizeBytes, givenBy, givenAtMs }) => (
        <div key={id} class="line">
          <p>
            {say(`document-kind.${kind}`)}:{' '}
            {mayRead(visit) ? <a href={`${path}/${id}`}>{fileName}</a> : <span>{fileName}</span>}
            <small>
              {say('document.given', {
                kilobytes: Math.ceil(sizeBytes / 1024),
                name: names.get(givenBy) ?? say('audit.ours'),
                time: time(givenAtMs),
              })}
            </small>
          </p>
          {mayGive(visit) && (
            <Act visit={visit} action={`${path}/${id}/withdraw`} name="document-withdraw" id={`withdraw-${id}`} />
          )}
        </div>
      ))}
      {mayGive(visit) && (
        <details class="act">
          <summary>{say('act.document.title')}</summary>
          <form method="post" action={path} encType="multipart/form-data">
            <input type="hidden" name="csrf" value={visit.csrf} />
            <p class="hint">{say('act.document.what')}</p>
            <div class="field">
              <label for="kind">{say('document.kind')}</label>
              <select id="kind" name="kind">
                {DOCUMENT_KINDS.map((kind) => (
                  <option key={kind} value={kind}>
                    {say(`document-kind.${kind}`)}
                  </option>
                ))}
              </select>
            </div>
            <div class="field">
              <label for="file">{say('document.file')}</label>
              <input id="file" name="file" type="file" required accept=".pdf,.png,.jpg,.jpeg" />
            </div>
            <ReasonField visit={visit} id="reason-document" />
            <button type="submit">{say('act.document.go')}</button>
          </form>
        </details>
      )}
    </section>
  );
}

import type { AuditEntry } from '../../../domain/audit/index.ts';
import { isOfHouse } from '../audit-scope.ts';
import type { Visit } from '../visit.ts';
import { Empty, ExportLink, Frame } from './frame.tsx';

interface AuditPageProps {
  visit: Visit;
  entries: readonly AuditEntry[];
  names: ReadonlyMap<string, string>;
  next: number | undefined;
}

function Who({ visit, entry, names }: Pick<AuditPageProps, 'visit' | 'names'> & { entry: AuditEntry }) {
  if (isOfHouse(visit, entry, names)) return <>{visit.words.say('audit.ours')}</>;
  return (
    <>
      {names.get(entry.actorId) ?? `${entry.actorKind} ${entry.actorId}`}
      <small>{entry.address}</small>
    </>
  );
}

export function AuditPage({ visit, entries, names, next }: AuditPageProps) {
  const { say, name, time } = visit.words;
  return (
    <Frame visit={visit} title={say('place.audit')}>
      <h1>{say('place.audit')}</h1>
      <p class="hint">{say('audit.what')}</p>
      {entries.length === 0 ? <Empty>{say('audit.none')}</Empty> : <ExportLink visit={visit} list="audit" />}
      <div class="scroll">
        <table class="rows">
          <thead>
            <tr>
              {['position', 'time', 'who', 'act', 'subject', 'reason', 'change'].map((column) => (
                <th key={column} scope="col">
                  {say(`audit.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <td class="number" data-label={say('audit.position')}>
                  {entry.position}
                </td>
                <td data-label={say('audit.time')}>{time(entry.atMs)}</td>
                <td data-label={say('audit.who')}>
                  <Who visit={visit} entry={entry} names={names} />
                </td>
                <td data-label={say('audit.act')}>
                  {name('audit', entry.act)}
                  <small>{entry.act}</small>
                </td>
                <td data-label={say('audit.subject')}>
                  {entry.subjectKind}
                  <small>{names.get(entry.subjectId) ?? entry.subjectId}</small>
                </td>
                <td data-label={say('audit.reason')}>{entry.reason}</td>
                <td data-label={say('audit.change')}>
                  {entry.before && <small>{entry.before}</small>}
                  {entry.after && <small>{entry.after}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {next !== undefined && (
        <p>
          <a class="button small" href={`/console/audit?before=${next}`}>
            {say('payments.older')}
          </a>
        </p>
      )}
    </Frame>
  );
}

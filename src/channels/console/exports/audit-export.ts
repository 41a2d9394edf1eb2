import { type AuditEntry, countAudit, eachAuditEntry } from '../../../domain/audit/index.ts';
import { namesOfStaff } from '../../../domain/staff/index.ts';
import type { Cell } from '../../../platform/tables/index.ts';
import { auditScope, isOfHouse } from '../audit-scope.ts';
import type { Desk, Visit } from '../visit.ts';
import { type ExportList, MOST_COUNTED_ROWS, timeTitle } from './export-list.ts';

/** The whole audit log, with the hashes that chain it. */
export const auditExport: ExportList = {
  name: 'audit',
  title: ({ say }) => say('place.audit'),
  allow: ['administrator', 'auditor'],
  allowOrganisation: ['administrator', 'auditor'],
  hasNumbers: false,
  page: '/console/audit',
  open(desk, visit) {
    const { domain } = desk.deps;
    const { say } = visit.words;
    return {
      query: '',
      count: async () => Math.min(await countAudit(domain, auditScope(visit)), MOST_COUNTED_ROWS),
      tables: () => [
        {
          title: say('place.audit'),
          columns: [
            { title: say('audit.position'), width: 10 },
            timeTitle(desk, say('audit.time')),
            { title: say('audit.who'), width: 24 },
            { title: say('export.column.address'), width: 18 },
            { title: say('audit.act'), width: 24 },
            { title: say('audit.subject'), width: 24 },
            { title: say('export.column.id'), width: 38 },
            { title: say('audit.reason'), width: 40 },
            { title: say('export.column.before'), width: 40 },
            { title: say('export.column.after'), width: 40 },
            { title: say('export.column.hash'), width: 66 },
          ],
          rows: rows(desk, visit),
        },
      ],
    };
  },
};

async function* rows({ deps: { domain } }: Desk, visit: Visit): AsyncGenerator<Cell[][]> {
  for await (const entries of eachAuditEntry(domain, auditScope(visit))) {
    const ids = entries.flatMap(({ actorId, subjectId }) => [actorId, subjectId]);
    const names = await namesOfStaff(domain, ids, auditScope(visit));
    yield entries.map((entry) => cellsOf(visit, entry, names));
  }
}

function cellsOf(visit: Visit, entry: AuditEntry, names: ReadonlyMap<string, string>): Cell[] {
  const { actorId, actorKind, subjectId, subjectKind } = entry;
  const subject = names.get(subjectId);
  return [
    { count: entry.position },
    { atMs: entry.atMs },
    isOfHouse(visit, entry, names) ? visit.words.say('audit.ours') : (names.get(actorId) ?? `${actorKind} ${actorId}`),
    isOfHouse(visit, entry, names) ? '' : entry.address,
    entry.act,
    subject === undefined ? subjectKind : `${subjectKind} ${subject}`,
    subjectId,
    entry.reason,
    entry.before,
    entry.after,
    entry.hash,
  ];
}

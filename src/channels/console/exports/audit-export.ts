import { type AuditEntry, eachAuditEntry, lastPosition } from '../../../domain/audit/index.ts';
import { HOUSE, namesOfStaff } from '../../../domain/staff/index.ts';
import type { Cell } from '../../../platform/tables/index.ts';
import type { Desk } from '../visit.ts';
import { type ExportList, MOST_COUNTED_ROWS, timeTitle } from './export-list.ts';

/** The whole audit log, with the hashes that chain it. */
export const auditExport: ExportList = {
  name: 'audit',
  title: ({ say }) => say('place.audit'),
  allow: ['administrator', 'auditor'],
  hasNumbers: false,
  page: '/console/audit',
  open(desk, { words: { say } }) {
    const { domain } = desk.deps;
    return {
      query: '',
      count: async () => Math.min(await lastPosition(domain.database), MOST_COUNTED_ROWS),
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
          rows: rows(desk),
        },
      ],
    };
  },
};

async function* rows({ deps: { domain } }: Desk): AsyncGenerator<Cell[][]> {
  for await (const entries of eachAuditEntry(domain, { scope: HOUSE })) {
    const ids = entries.flatMap(({ actorId, subjectId }) => [actorId, subjectId]);
    const names = await namesOfStaff(domain, ids);
    yield entries.map((entry) => cellsOf(entry, names));
  }
}

function cellsOf(entry: AuditEntry, names: ReadonlyMap<string, string>): Cell[] {
  const { actorId, actorKind, subjectId, subjectKind } = entry;
  const subject = names.get(subjectId);
  return [
    { count: entry.position },
    { atMs: entry.atMs },
    names.get(actorId) ?? `${actorKind} ${actorId}`,
    entry.address,
    entry.act,
    subject === undefined ? subjectKind : `${subjectKind} ${subject}`,
    subjectId,
    entry.reason,
    entry.before,
    entry.after,
    entry.hash,
  ];
}

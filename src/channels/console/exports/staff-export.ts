import type { ExportRun } from '../../../domain/exports/index.ts';
import { listStaff, rolesOf } from '../../../domain/staff/index.ts';
import type { Cell } from '../../../platform/tables/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { type ExportList, phoneCell, timeCell, timeTitle } from './export-list.ts';

/** People with a login, as they stand now. */
export const staffExport: ExportList = {
  name: 'staff',
  title: ({ say }) => say('place.staff'),
  allow: ['administrator', 'auditor'],
  hasNumbers: true,
  page: '/console/staff',
  open(desk, visit) {
    const { say } = visit.words;
    return {
      query: '',
      count: async () => (await listStaff(desk.deps.domain, visit.scope)).length,
      tables: (numbers) => [
        {
          title: say('place.staff'),
          columns: [
            { title: say('staff.name'), width: 24 },
            { title: say('staff.email'), width: 30 },
            { title: say('staff.phone'), width: 16 },
            { title: say('payment.state'), width: 12 },
            { title: say('staff.roles'), width: 30 },
            { title: say('export.column.second-factor'), width: 14 },
            timeTitle(desk, say('export.column.locked-until')),
            timeTitle(desk, say('export.column.invited')),
            { title: say('export.column.person'), width: 38 },
            { title: say('export.column.id'), width: 38 },
          ],
          rows: rows(desk, visit, numbers),
        },
      ],
    };
  },
};

/** There are some hundreds at most. */
async function* rows(
  { deps: { domain } }: Desk,
  { scope, words: { say } }: Visit,
  numbers: ExportRun['numbers'],
): AsyncGenerator<Cell[][]> {
  const members = await listStaff(domain, scope);
  yield members.map((member) => [
    member.name,
    member.email,
    phoneCell(member.phone, numbers),
    say(`staff.${member.state}`),
    rolesOf(member)
      .map((role) => say(`role.${role}`))
      .join(', '),
    say(member.sealedSecret === null ? 'export.no' : 'export.yes'),
    timeCell(member.lockedUntilMs),
    { atMs: member.createdAtMs },
    member.personId,
    member.id,
  ]);
}

import { countPending, eachPending, policyOf } from '../../../domain/approvals/index.ts';
import { namesOfPeople, type StaffRole } from '../../../domain/staff/index.ts';
import { formatDecimal, minorDigits } from '../../../kernel/index.ts';
import type { Cell } from '../../../platform/tables/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { type ExportList, timeTitle } from './export-list.ts';

/** Whoever sees the list. */
const READERS: readonly StaffRole[] = ['support', 'finance', 'approver', 'administrator', 'auditor'];

/** What waits for other people. */
export const approvalExport: ExportList = {
  name: 'approvals',
  title: ({ say }) => say('place.approvals'),
  allow: READERS,
  allowOrganisation: ['initiator', 'approver', 'administrator', 'auditor'],
  hasNumbers: false,
  page: '/console/approvals',
  open(desk, visit) {
    const { say } = visit.words;
    const { domain } = desk.deps;
    return {
      query: '',
      count: () => countPending(domain, visit.scope),
      tables: () => [
        {
          title: say('place.approvals'),
          columns: [
            { title: say('export.column.what'), width: 18 },
            { title: say('payment.amount'), width: 14 },
            { title: say('export.column.currency'), width: 9 },
            { title: say('export.column.proposed-by'), width: 24 },
            timeTitle(desk, say('export.column.proposed')),
            { title: say('export.column.reason'), width: 40 },
            { title: say('export.column.step'), width: 10 },
            { title: say('export.column.waits-for'), width: 28 },
            { title: say('export.column.agreed'), width: 40 },
            { title: say('export.column.id'), width: 38 },
          ],
          rows: rows(desk, visit),
        },
      ],
    };
  },
};

async function* rows({ deps: { domain } }: Desk, { words, scope }: Visit): AsyncGenerator<Cell[][]> {
  for await (const approvals of eachPending(domain, scope)) {
    const people = approvals.flatMap(({ makerId, votes }) => [makerId, ...votes.map(({ voterId }) => voterId)]);
    const names = await namesOfPeople(domain, people);
    const nameOf = (id: string) => names.get(id) ?? id;
    yield approvals.map((approval) => {
      const { id, kind, amountMinor, currency, makerId, submittedAtMs, reason, step, votes } = approval;
      const { steps } = policyOf(approval);
      return [
        words.name('approval.kind', kind),
        amountMinor === null || currency === null
          ? null
          : { decimal: formatDecimal({ amountMinor, currency }), digits: minorDigits(currency) },
        currency,
        nameOf(makerId),
        { atMs: submittedAtMs },
        reason,
        `${step + 1} / ${steps.length}`,
        (steps[step]?.roles ?? []).map((role) => words.say(`role.${role}`)).join(', '),
        votes.map(({ voterId }) => nameOf(voterId)).join(', '),
        id,
      ];
    });
  }
}

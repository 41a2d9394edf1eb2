import { REPORT_FORMATS, type ReportFormat } from '../../../domain/payout-reports/index.ts';
import { mayOpen } from '../console-route.ts';
import { REPORT_READERS, reportPath } from '../report-routes.ts';
import type { Visit } from '../visit.ts';

/** The same in every language. */
const NAMES: Readonly<Record<ReportFormat, string>> = { xlsx: 'Excel', csv: 'CSV', pdf: 'PDF' };

interface ReportCardProps {
  visit: Visit;
  batch: { id: string; organisationId: string; state: string };
}

export const mayTakeReport = (visit: Visit, { organisationId }: ReportCardProps['batch']): boolean =>
  mayOpen(REPORT_READERS, visit.signedIn, { organisation: organisationId }) === undefined;

/** The ways to the report of a batch, in each format. */
export function ReportCard({ visit, batch: { id, organisationId, state } }: ReportCardProps) {
  const { say } = visit.words;
  return (
    <section class="card" aria-labelledby="report">
      <h2 id="report">{say('report.title')}</h2>
      <p>{say(state === 'closed' ? 'report.final' : 'report.as-of-now')}</p>
      <p>
        {REPORT_FORMATS.map((format) => (
          <>
            <a class="button second small" href={reportPath(organisationId, id, format)} download>
              {NAMES[format]}
            </a>{' '}
          </>
        ))}
      </p>
    </section>
  );
}

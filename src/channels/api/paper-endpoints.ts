import { z } from 'zod';
import { getQuotation, quotationPdf } from '../../domain/funding/index.ts';
import { getBatch } from '../../domain/payout-batches/index.ts';
import { REPORT_FORMATS, type ReportFormat, takeReport } from '../../domain/payout-reports/index.ts';
import { PAID_ID } from './batch-examples.ts';
import { type Endpoint, get } from './endpoint.ts';
import { OneId } from './shapes.ts';

const QUOTATION_ID = '019ac000-0000-7000-8000-000000000030';

const LanguageQuery = z.strictObject({
  language: z.enum(['en', 'sw', 'fr']).optional().describe('Of its words; else the one of your organisation'),
});

const REPORTS: Readonly<Record<ReportFormat, { type: string; summary: string; about: string; begins: string }>> = {
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    summary: 'The report of a batch, as Excel',
    about:
      "Every row with its outcome, receipt, times, charge and reason, and a sheet of totals that are the ledger's.",
    begins: 'PK',
  },
  csv: {
    type: 'text/csv; charset=utf-8',
    summary: 'The report of a batch, as CSV',
    about: 'Every row with its outcome, receipt, times, charge and reason.',
    begins: 'Row,',
  },
  pdf: {
    type: 'application/pdf',
    summary: 'The report of a batch, as PDF',
    about: 'For people: the columns that fit a page, and the totals.',
    begins: '%PDF-1.',
  },
};

const reportEndpoints = REPORT_FORMATS.map((format): Endpoint => {
  const { type, summary, about, begins } = REPORTS[format];
  return get({
    ...{
      tag: 'Batches',
      scope: 'batches:read',
      id: `takeReportAs${format.toUpperCase()}`,
      path: `/v1/batches/{id}/report.${format}`,
    },
    summary,
    about: `${about} As of now, and final once the batch is closed. That it was taken is in your audit log.`,
    params: OneId,
    query: LanguageQuery,
    answers: { 200: { about: 'The file', file: type } },
    problems: ['export.busy'],
    examples: [{ name: 'in English', params: { id: PAID_ID }, query: { language: 'en' }, status: 200, answer: begins }],
    async handle({ deps, organisation, actor, params, query }) {
      const batch = await getBatch(deps, params.id, organisation.id);
      const { timeZone } = deps.payoutSettings;
      const language = query.language ?? organisation.language;
      const setting = { format, texts: deps.texts, language, timeZone, numbers: 'whole' as const };
      return { name: `${batch.number}.${format}`, type, content: await takeReport(deps, actor, batch, setting) };
    },
  });
});

const quotationEndpoint = get({
  ...{ tag: 'Money', scope: 'funding:read', id: 'takeQuotation', path: '/v1/quotations/{id}/quotation.pdf' },
  summary: 'A quotation on paper',
  params: OneId,
  query: LanguageQuery,
  answers: { 200: { about: 'The file', file: 'application/pdf' } },
  problems: ['export.busy'],
  examples: [
    { name: 'in English', params: { id: QUOTATION_ID }, query: { language: 'en' }, status: 200, answer: '%PDF-1.' },
  ],
  async handle({ deps, organisation, params, query }) {
    const quotation = await getQuotation(deps.database, organisation.id, params.id);
    const language = query.language ?? organisation.language;
    const words = { language, operatorName: deps.operatorName(organisation.operator) };
    const content = await quotationPdf(deps, quotation, organisation, words);
    return { name: `${quotation.number}.pdf`, type: 'application/pdf', content };
  },
});

/** What people file: read as it is taken. */
export const paperEndpoints: readonly Endpoint[] = [...reportEndpoints, quotationEndpoint];

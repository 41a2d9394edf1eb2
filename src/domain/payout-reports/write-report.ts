import { Readable } from 'node:stream';
import { formatDecimal, maskMsisdn } from '../../kernel/index.ts';
import { printTable } from '../../platform/print/index.ts';
import { writeCsv, writeWorkbook } from '../../platform/tables/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import type { PayoutBatch } from '../payout-batches/index.ts';
import { type BatchReport, type ReportReadDeps, readReport } from './read-report.ts';
import {
  answerWords,
  type ReportSetting,
  reasonWords,
  reportTables,
  sayIn,
  stateWords,
  totalsOf,
} from './report-tables.ts';

export const REPORT_FORMATS = ['xlsx', 'csv', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/**
 * The report of a batch as a file, which is read as it is taken; that it was taken is in the audit log before its first byte. Whoever calls
 * ends the stream when its reader goes.
 */
export async function takeReport(
  deps: ReportReadDeps & AuditDeps,
  actor: Actor,
  batch: PayoutBatch,
  { format, ...setting }: ReportSetting & { format: ReportFormat },
): Promise<Readable> {
  const report = await readReport(deps, batch);
  await deps.database.transaction((tx) =>
    recordAct(deps, tx, {
      ...{ actor, act: 'report.taken', subject: { kind: 'payout-batch', id: batch.id }, scope: batch.organisationId },
      after: { format, numbers: setting.numbers, state: batch.state },
    }),
  );
  return writeReport(setting, report, format);
}

export function writeReport(setting: ReportSetting, report: BatchReport, format: ReportFormat): Readable {
  return Readable.from(contentOf(setting, report, format), { objectMode: false });
}

function contentOf(setting: ReportSetting, report: BatchReport, format: ReportFormat): AsyncIterable<string | Buffer> {
  if (format === 'pdf') return reportPdf(setting, report);
  const tables = reportTables(setting, report);
  const { timeZone } = setting;
  return format === 'xlsx' ? writeWorkbook(tables, { timeZone }) : writeCsv(tables[0], timeZone);
}

/** The columns that fit a page; the workbook has all. */
function reportPdf(setting: ReportSetting, report: BatchReport): AsyncGenerator<Buffer> {
  const { batch, progress } = report;
  const say = sayIn(setting);
  const { timeZone: zone, language } = setting;
  const column = (id: string, share: number) => ({ title: say(`column.${id}`, { zone }), share });
  // Year, month, day, as the other formats have it: 11/26 and 26/11 are read in two ways.
  const when = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone });
  const decimal = (amountMinor: bigint) => formatDecimal({ amountMinor, currency: batch.currency });
  const totals = totalsOf(setting, report).map(
    ({ title, rows, amountMinor }) =>
      `${title}: ${rows === undefined ? '' : `${rows} - `}${decimal(amountMinor)} ${batch.currency}`,
  );
  async function* lines(): AsyncGenerator<string[][]> {
    for await (const rows of report.rows()) {
      yield rows.map((row) => [
        ...[String(row.rowNo), row.name ?? '', setting.numbers === 'whole' ? row.msisdn : maskMsisdn(row.msisdn)],
        ...[decimal(row.amountMinor), stateWords(setting, row.state), row.receipt ?? '', row.ours ?? ''],
        ...[
          row.paidAtMs === null ? '' : when.format(row.paidAtMs),
          reasonWords(setting, row),
          answerWords(setting, row),
        ],
      ]);
    }
  }
  return printTable({
    title: say('title', { batch: batch.number, name: batch.name }),
    about: [say(batch.state === 'closed' ? 'final' : 'as-of', { time: when.format(progress.atMs), zone }), ...totals],
    columns: [
      ...[
        column('row', 4),
        column('name', 16),
        column('phone', 11),
        { ...column('amount', 9), align: 'right' as const },
      ],
      ...[column('state', 11), column('receipt', 10), column('ours', 9), column('paid-at', 12), column('reason', 18)],
      column('answer', 6),
    ],
    rows: lines(),
    ending: totals,
    ...{ language, madeAtMs: progress.atMs, foot: (page) => say('foot', { batch: batch.number, page }) },
  });
}

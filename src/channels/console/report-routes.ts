import { getBatch } from '../../domain/payout-batches/index.ts';
import { REPORT_FORMATS, type ReportFormat, takeReport } from '../../domain/payout-reports/index.ts';
import type { StaffRole } from '../../domain/staff/index.ts';
import type { ConsoleRoute, Permission } from './console-route.ts';
import type { Desk, Visit } from './visit.ts';

export const REPORT_READERS = {
  allow: ['finance', 'administrator', 'auditor'],
  allowOrganisation: ['initiator', 'approver', 'administrator', 'auditor'],
} as const satisfies Permission;
/** Who takes numbers away in full: an auditor compares receipts and references. */
const WHOLE_NUMBERS: readonly StaffRole[] = ['finance', 'administrator', 'initiator', 'approver'];

const TYPES: Readonly<Record<ReportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

export const reportPath = (organisationId: string, batchId: string, format: ReportFormat): string =>
  `/console/organisations/${organisationId}/batches/${batchId}/report.${format}`;

/** What became of a batch, as a file: as of now, and final once it is closed. */
export const reportRoutes: readonly ConsoleRoute[] = REPORT_FORMATS.map((format) => ({
  ...{ method: 'get', path: reportPath(':organisation', ':batch', format) },
  ...REPORT_READERS,
  handle: (desk, visit) => sendReport(desk, visit, format),
}));

async function sendReport({ deps, downloads }: Desk, visit: Visit, format: ReportFormat): Promise<void> {
  const { ctx, words } = visit;
  const { organisation, batch: id } = ctx.params;
  const batch = await getBatch(deps.domain, String(id), String(organisation));
  ctx.status = 200;
  ctx.set({
    'Content-Type': TYPES[format],
    'Content-Disposition': `attachment; filename="${batch.number}.${format}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  if (ctx.method === 'HEAD') return;
  let body: { destroy(): void } | undefined;
  const place = downloads.open(() => body?.destroy());
  try {
    const report = await takeReport(deps.domain, visit.actor(), batch, {
      ...{ format, texts: deps.texts, language: words.language, timeZone: deps.timeZone },
      numbers: visit.may(...WHOLE_NUMBERS) ? 'whole' : 'masked',
    });
    body = report;
    ctx.body = report;
    if (ctx.res.closed) place.end();
    else ctx.res.once('close', () => place.end());
  } catch (error) {
    place.end();
    throw error;
  }
}

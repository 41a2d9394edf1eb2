import { refreshHours } from '../../domain/reports/index.ts';
import { dressSvg } from '../../platform/charts/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { sendCompressed, sendPage } from '../../platform/pages/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { CHARTS, DRAWINGS, PALETTE } from './dashboard/charts.ts';
import { dashboardFigures } from './dashboard/figures.ts';
import { readDashboard } from './dashboard/period.ts';
import { EXPORT_READERS } from './exports/export-list.ts';
import { DashboardPage } from './pages/dashboard-page.tsx';
import type { Desk, Visit } from './visit.ts';

/** How the business does, in figures and charts. */
export const dashboardRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/console/dashboard', allow: EXPORT_READERS, handle: showDashboard },
  { method: 'get', path: '/console/dashboard/chart/:chart', allow: EXPORT_READERS, handle: drawChart },
];

async function showDashboard(desk: Desk, visit: Visit): Promise<void> {
  const filters = readDashboard(desk, visit.query);
  const progress = await refreshHours(desk.deps.domain);
  const figures = await dashboardFigures(desk, filters);
  // Nothing on it is a secret of the session: it may be compressed.
  sendPage(visit.ctx, DashboardPage({ desk, visit, filters, figures, progress }), { language: visit.words.language });
}

/**
 * A chart as a picture of its own: what echarts writes into it would be forbidden within a page. It follows the light or dark of the browser
 * by itself.
 */
async function drawChart(desk: Desk, { ctx, query, words }: Visit): Promise<void> {
  const chart = CHARTS.find((name) => `${name}.svg` === ctx.params.chart);
  if (!chart) throw new HttpError(404);
  const wish = { desk, words, filters: readDashboard(desk, query), isNarrow: query.narrow === '1' };
  const svg = await desk.painter.draw(await DRAWINGS[chart](wish));
  ctx.set({
    'Content-Type': 'image/svg+xml',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    Vary: 'Accept-Encoding, Cookie',
  });
  sendCompressed(ctx, Buffer.from(dressSvg(svg, PALETTE, words.say(`dashboard.${chart}.title`))));
}

import type Router from '@koa/router';
import { paymentPulse } from '../../domain/stories/index.ts';
import { sleep } from '../../kernel/index.ts';
import { HttpError } from '../../platform/http/index.ts';
import { type EventStreams, makeEventStreams } from '../../platform/pages/index.ts';
import { accessRoutes } from './access-routes.ts';
import { batchRoutes } from './batch-routes.ts';
import { batchRowRoutes } from './batch-row-routes.ts';
import { claimRoutes } from './claim-routes.ts';
import type { ConsoleDeps } from './console-deps.ts';
import type { ConsoleRoute } from './console-route.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { fundingRoutes } from './funding-routes.ts';
import { listRoutes } from './list-routes.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { organisationSettingsRoutes } from './organisation-settings-routes.ts';
import { personRoutes } from './person-routes.ts';
import { queueRoutes } from './queue-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { refundRoutes } from './refund-routes.ts';
import { reportRoutes } from './report-routes.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { serve } from './serve.ts';
import { settlementRoutes } from './settlement-routes.ts';
import { staffRoutes } from './staff-routes.ts';
import { type Desk, openDesk, type Visit } from './visit.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Everything that can be asked of the console, and by whom: what is not here does not exist. */
export const consoleRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/console',
    allow: 'member',
    allowOrganisation: 'member',
    handle: (_desk, visit) => visit.goTo(startOf(visit)),
  },
  ...accessRoutes,
  ...recordRoutes,
  ...personRoutes,
  ...refundRoutes,
  ...organisationRoutes,
  ...organisationSettingsRoutes,
  ...queueRoutes,
  ...settlementRoutes,
  ...fundingRoutes,
  ...batchRoutes,
  ...batchRowRoutes,
  ...claimRoutes,
  ...scheduleRoutes,
  ...listRoutes,
  ...reportRoutes,
  ...webhookRoutes,
  ...dashboardRoutes,
  ...exportRoutes,
  ...staffRoutes,
];

/** The last of all: an address below ours that is nobody's is told so on a page, to who is signed in. */
const NOTHING: ConsoleRoute = {
  method: 'get',
  path: '/console/*',
  allow: 'member',
  allowOrganisation: 'member',
  handle() {
    throw new HttpError(404);
  },
};

/** Where somebody's work begins. */
function startOf(visit: Visit): string {
  if (!visit.isHouse) return `/console/organisations/${visit.scope}`;
  if (visit.may('support', 'finance', 'administrator', 'auditor')) return '/console/payments';
  return visit.may('approver') ? '/console/approvals' : '/console/me';
}

/** Pages that are live at once in one process. */
const MOST_STREAMS = 500;

/** `/console` and all below it. `stop` ends the pages that are live, and breaks off what is being sent. */
export function addConsoleRoutes(router: Router, deps: ConsoleDeps): { stop(): void } {
  const desk = openDesk(deps);
  const streams = makeEventStreams(deps.domain.runtime, { most: MOST_STREAMS });
  desk.files.addRoutes(router);
  for (const route of consoleRoutes) router[route.method](route.path, serve(desk, route));
  const live: ConsoleRoute = {
    method: 'get',
    path: '/console/payments/:id/events',
    allow: ['support', 'finance', 'administrator', 'auditor'],
    handle: (_desk, visit) => streamPayment(desk, streams, visit),
  };
  router.get(live.path, serve(desk, live));
  router.get(/^\/console\/./, serve(desk, NOTHING));
  return {
    stop() {
      streams.endAll();
      desk.downloads.stop();
      desk.painter.stop();
      desk.lists.stop();
    },
  };
}

const LOOK_EVERY_MS = 1_000;
/** A page that is left open does not ask for ever. */
const LIVE_FOR_MS = 10 * 60_000;

/** Says `changed` whenever something happened to the payment; the page then fetches itself. */
async function streamPayment({ deps }: Desk, streams: EventStreams, visit: Visit): Promise<void> {
  const id = String(visit.ctx.params.id);
  const { clock } = deps.domain.runtime;
  // What the page shows; what happened while it was on its way is told at once.
  let pulse = visit.query.seen ?? (await paymentPulse(deps.domain, id));
  const stream = streams.open(visit.ctx);
  if (!stream) return;
  const ended = new AbortController();
  stream.onEnd(() => ended.abort());
  const endMs = clock.now() + LIVE_FOR_MS;
  void (async () => {
    while (!ended.signal.aborted && clock.now() < endMs) {
      await sleep(clock, LOOK_EVERY_MS, ended.signal);
      const now = await paymentPulse(deps.domain, id).catch(() => pulse);
      if (now !== pulse && !ended.signal.aborted) stream.send('changed', 'yes');
      pulse = now;
    }
    stream.end();
  })();
}

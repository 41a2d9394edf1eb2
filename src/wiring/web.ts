import Router from '@koa/router';
import { addElsewhereRoutes, addOrganisationRoutes } from '../channels/api/index.ts';
import { addDarajaRoutes } from '../channels/callbacks/index.ts';
import { addSmsRoutes } from '../channels/sms/index.ts';
import { type DialogRecorder, recordDialogs } from '../domain/dialogs/index.ts';
import { recordElsewhere } from '../domain/elsewhere/index.ts';
import { findKey, OrganisationSchema } from '../domain/organisations/index.ts';
import { validatePaybill } from '../domain/payments/index.ts';
import { makeProgressReader } from '../domain/payout-batches/index.ts';
import { invariant } from '../kernel/index.ts';
import { floatInboxKind } from '../money/floats/index.ts';
import { inboxKind } from '../money/transfers/index.ts';
import {
  addHealthRoutes,
  callbackGuard,
  type Downloads,
  type HealthCheck,
  makeApp,
  makeDownloads,
  makeNetworks,
  startServer,
} from '../platform/http/index.ts';
import { addCheckout } from './checkout.ts';
import { addConsole, prepareConsole } from './console.ts';
import { countStates } from './metrics.ts';
import type { Service } from './service.ts';
import { type OpenMenus, openUssd } from './ussd.ts';

interface RunningWeb {
  port: number;
  stop(): Promise<void>;
}

/** The web role: everything that is asked of us over HTTP. Proves the menus before it listens. */
export async function startWeb(service: Service): Promise<RunningWeb> {
  const dialogs = recordDialogs({ runtime: service.runtime, database: service.deps.database, log: service.log });
  const web = await buildWeb(service, undefined, dialogs);
  await prepareConsole(service);
  const server = await listen(service, web, service.config.web.port);
  return {
    port: server.port,
    async stop() {
      web.stop();
      await server.stop();
      await dialogs.stop();
    },
  };
}

/** Health and metrics alone: for a worker. */
export function startHealth(service: Service, port: number): Promise<RunningWeb> {
  return listen(service, buildApp(service, new Router()), port);
}

interface BuiltApp {
  app: ReturnType<typeof makeApp>;
  /** From here on readiness says no. */
  beginStop(): void;
}

/** The web role without a socket: what it answers, whoever carries the request. `stop` ends the watching of menus. */
export async function buildWeb(
  service: Service,
  menus?: OpenMenus,
  dialogs?: DialogRecorder,
): Promise<BuiltApp & { stop(): void }> {
  const [hops, news, router] = [new Router(), new Router(), new Router()];
  const ussd = await openUssd(service, menus, dialogs);
  ussd.addRoutes(hops, guardOf(service, 'africasTalking'));
  addProviderRoutes(news, service);
  const papers = makeDownloads({ most: MOST_PAPERS });
  addApiRoutes(router, service, papers);
  const checkout = addCheckout(router, service);
  const staffPages = addConsole(router, service);
  const stop = () => {
    ussd.stop();
    checkout.stop();
    staffPages.stop();
    papers.stop();
  };
  return { ...buildApp(service, router, [hops, news]), stop };
}

/** `busy`: what is asked most, in routers of their own, since a router tries all of its patterns on every request. */
function buildApp(service: Service, router: Router, busy: readonly Router[] = []): BuiltApp {
  const { runtime, log, metrics } = service;
  let stopping = false;
  addHealthRoutes(router, {
    clock: runtime.clock,
    log,
    checks: healthChecks(service),
    isStopping: () => stopping,
    metrics,
  });
  countStates(service);
  const app = makeApp({ log, metrics });
  for (const one of [...busy, router]) app.use(one.routes());
  const beginStop = () => {
    stopping = true;
  };
  return { app, beginStop };
}

async function listen({ config, runtime }: Service, { app, beginStop }: BuiltApp, port: number): Promise<RunningWeb> {
  const { host, stopWithinMs } = config.web;
  const server = await startServer(app, { host, port, clock: runtime.clock, stopWithinMs }).catch((error: Error) => {
    throw new Error(`PORT ${port} cannot be listened on: ${error.message}`, { cause: error });
  });
  return {
    port: server.port,
    async stop() {
      beginStop();
      await server.stop();
    },
  };
}

function guardOf({ config: { callbacks, web } }: Service, party: 'africasTalking' | 'daraja') {
  return callbackGuard({
    keys: callbacks[`${party}Keys`],
    networks: makeNetworks(callbacks[`${party}Networks`]),
    trustedProxies: makeNetworks(web.trustedProxies),
  });
}

function addProviderRoutes(router: Router, service: Service): void {
  const { deps, metrics } = service;
  const { inbox, sms } = deps;
  const operator = deps.operators.get(deps.paymentSettings.operator);
  invariant(operator, 'the collecting operator is there');
  const [payouts] = deps.payoutOperators.values();
  invariant(payouts, 'the paying operator is there, set up or not');
  addDarajaRoutes(router, {
    guard: guardOf(service, 'daraja'),
    inbox,
    operator,
    payouts,
    inboxKinds: { ...inboxKind, ...floatInboxKind },
    validatePaybill: (validation) => validatePaybill(deps, operator.name, validation),
    observe: (kind, fate) => metrics.callback(`daraja.${kind}`, fate),
  });
  addSmsRoutes(router, {
    guard: guardOf(service, 'africasTalking'),
    inbox,
    sms,
    observe: (kind, fate) => metrics.callback(`sms.${kind}`, fate),
  });
}

const REPORT_FATES = { recorded: 'stored', already: 'repeat', refused: 'refused' } as const;

/** Files that one process sends to other people's systems at once. */
const MOST_PAPERS = 4;

function addApiRoutes(router: Router, { deps, config, metrics, runtime, log }: Service, downloads: Downloads): void {
  addElsewhereRoutes(router, {
    clock: runtime.clock,
    billers: deps.billers,
    keyOf: (billerId) => config.billers[billerId]?.reportKey,
    record: (input) => recordElsewhere(deps, { ...input, source: 'api' }),
    observe: (outcome) => metrics.callback('api.elsewhere', REPORT_FATES[outcome]),
  });
  addOrganisationRoutes(router, {
    domain: {
      ...deps,
      // Operators move whole units of money to people.
      payers: [...deps.payoutOperators.keys()].map((name) => ({
        ...{ name, country: config.business.country, hasWholeAmountsOnly: true },
      })),
      operatorName: (id) => deps.operators.get(id)?.displayName ?? id,
      readProgress: makeProgressReader(deps),
    },
    downloads,
    ...{ log, publicUrl: config.web.publicUrl, ...config.api },
    trustedProxies: makeNetworks(config.web.trustedProxies),
    async findKey(text) {
      const key = await findKey(deps, text);
      const organisation =
        key && (await deps.database.reader.findOneBy(OrganisationSchema, { id: key.organisationId }));
      return organisation ? { key, organisation } : undefined;
    },
    observeError: (status) => metrics.httpError(status),
  });
}

function healthChecks({ deps, sessions }: Service): HealthCheck[] {
  return [
    { name: 'database', check: () => deps.database.ping() },
    { name: 'sessions', check: () => sessions.ping() },
  ];
}

import type Router from '@koa/router';
import { addConsoleRoutes, type ConsoleDeps } from '../channels/console/index.ts';
import { makeNetworks } from '../platform/http/index.ts';
import { makeSigner } from '../platform/sealing/index.ts';
import { demoLogins, seedDemoStaff, shutOutDemoStaff } from './demo-staff.ts';
import type { Service } from './service.ts';

/** Binds the pages of staff to the domain. */
export function addConsole(router: Router, service: Service): { stop(): void } {
  const { config, log, deps } = service;
  const { web, business } = config;
  return addConsoleRoutes(router, {
    log,
    texts: deps.texts,
    signer: makeSigner(config.dataKey, 'console forms'),
    publicUrl: web.publicUrl,
    trustedProxies: makeNetworks(web.trustedProxies),
    timeZone: business.timeZone,
    billers: deps.billers.all(),
    domain: consoleDomain(service),
    demo: config.simulators ? demoLogins(service.runtime) : [],
  });
}

/** With the simulators on there is one person of each role to try; without them such people are shut out. */
export async function prepareConsole(service: Service): Promise<void> {
  const domain = consoleDomain(service);
  await (service.config.simulators ? seedDemoStaff(domain) : shutOutDemoStaff(domain));
}

export function consoleDomain({ config, deps }: Service): ConsoleDeps['domain'] {
  const { business } = config;
  return {
    ...deps,
    auditSigner: makeSigner(config.dataKey, 'audit log'),
    operators: deps.operators,
    operatorNames: [...deps.operators.keys()],
    ...{ country: business.country, currency: business.currency, timeZone: business.timeZone },
  };
}

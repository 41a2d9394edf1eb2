import { join } from 'node:path';
import type Router from '@koa/router';
import { addConsoleRoutes, type ConsoleDeps } from '../channels/console/index.ts';
import { makeNetworks } from '../platform/http/index.ts';
import { makeSigner } from '../platform/sealing/index.ts';
import { seedDemoOrganisation, shutOutDemoOrganisation } from './demo-organisation.ts';
import { demoLogins, seedDemoStaff, shutOutDemoStaff } from './demo-staff.ts';
import type { Service } from './service.ts';

/** A workbook of a hundred thousand people is a tenth of it. */
const MOST_UPLOADED_BYTES = 32 * 1024 ** 2;

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
    operators: [...deps.operators.values()].map(({ name, displayName }) => ({ id: name, name: displayName })),
    // Operators move whole units of money to people.
    payers: [...deps.payoutOperators.keys()].map((name) => ({
      ...{ name, country: business.country, hasWholeAmountsOnly: true },
    })),
    uploads: { directory: join(config.stores.dataDir, 'uploads'), mostBytes: MOST_UPLOADED_BYTES },
    domain: consoleDomain(service),
    demo: config.simulators ? demoLogins(service.runtime) : [],
  });
}

/** With the simulators on there is one person of each role to try, and an organisation with people of its own; without them such people are shut out. */
export async function prepareConsole(service: Service): Promise<void> {
  const domain = consoleDomain(service);
  if (service.config.simulators) {
    await seedDemoOrganisation(domain, domain.currency);
    await seedDemoStaff(domain);
    return;
  }
  await shutOutDemoStaff(domain);
  await shutOutDemoOrganisation(domain);
}

export function consoleDomain({ config, deps }: Service): ConsoleDeps['domain'] {
  const { business } = config;
  return {
    ...deps,
    operators: deps.operators,
    operatorNames: [...deps.operators.keys()],
    ...{ country: business.country, currency: business.currency, timeZone: business.timeZone },
  };
}

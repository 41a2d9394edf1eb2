import type { EnforceDeps } from '../domain/retention/index.ts';
import type { Service } from './service.ts';

/** What the night of retention needs. */
export function retentionDeps({ config, deps }: Service): EnforceDeps {
  return {
    runtime: deps.runtime,
    database: deps.database,
    auditSigner: deps.auditSigner,
    timeZone: config.business.timeZone,
    retentionDays: config.retention,
  };
}

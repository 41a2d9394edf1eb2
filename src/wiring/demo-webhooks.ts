import { addEndpoint } from '../domain/webhooks/index.ts';
import { Refusal } from '../kernel/index.ts';
import type { Service } from './service.ts';

/** The secret of the simulated billers' endpoints: opens nothing real. */
export const DEMO_WEBHOOK_SECRET = `whsec_${Buffer.from('malipo demo webhooks, not secret').toString('base64')}`;

/** With the simulators on, every biller has an endpoint there. Whatever is there already stays as it is. */
export async function registerDemoEndpoints({ config, deps, log }: Service): Promise<void> {
  for (const { id } of deps.billers.all()) {
    const url = `${config.simulator.url}/billers/${id}/webhooks`;
    const owner = { ownerKind: 'biller', ownerId: id } as const;
    try {
      await addEndpoint(deps, { ...owner, url, secret: DEMO_WEBHOOK_SECRET, actor: 'demo' });
    } catch (error) {
      if (!(error instanceof Refusal)) log.warn({ err: error, biller: id }, 'no webhook endpoint was made');
      else if (error.code !== 'webhook.endpoint-exists') {
        log.warn({ biller: id, code: error.code, ...error.details }, 'no webhook endpoint was made');
      }
    }
  }
}

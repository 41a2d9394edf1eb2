import type Router from '@koa/router';
import type { Context } from 'koa';
import { Refusal } from '../../kernel/index.ts';
import { fixedBody, fixedPage, PAGE_FILES, staticFiles } from '../../platform/pages/index.ts';
import type { OrganisationApiDeps } from './api-deps.ts';
import { batchActEndpoints } from './batch-act-endpoints.ts';
import { batchEndpoints } from './batch-endpoints.ts';
import { claimEndpoints } from './claim-endpoints.ts';
import { deliveryEndpoints } from './delivery-endpoints.ts';
import { DocsPage } from './docs-page.tsx';
import type { Endpoint } from './endpoint.ts';
import { floatEndpoint } from './float-endpoint.ts';
import { fundingEndpoints } from './funding-endpoints.ts';
import { meEndpoint } from './me-endpoint.ts';
import { describeApi } from './open-api.ts';
import { paperEndpoints } from './paper-endpoints.ts';
import { scheduleEndpoints } from './schedule-endpoints.ts';
import { asProblem, serveEndpoint } from './serve-endpoint.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

/** In the order of the document. */
const ENDPOINTS: readonly Endpoint[] = [
  ...[meEndpoint, ...batchEndpoints, ...batchActEndpoints],
  ...[floatEndpoint, ...fundingEndpoints, ...paperEndpoints],
  ...[...scheduleEndpoints, ...claimEndpoints],
  ...[...webhookEndpoints, ...deliveryEndpoints],
];

/** Everything at `/v1`, its document at `/openapi.json`, and the document as a page at `/docs`. */
export function addOrganisationRoutes(router: Router, deps: OrganisationApiDeps): void {
  for (const endpoint of ENDPOINTS) serveEndpoint(router, deps, endpoint);
  router.all('/v1{/*rest}', asProblem(deps, refuseUnknown));
  const document = describeApi(ENDPOINTS, deps.publicUrl);
  const sendDocument = fixedBody(Buffer.from(JSON.stringify(document)));
  router.get('/openapi.json', (ctx) => {
    ctx.set({ 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff', Vary: 'Accept-Encoding' });
    ctx.set('Cache-Control', 'public, max-age=300');
    // Nothing in it is secret, and editors in browsers read it.
    ctx.set('Access-Control-Allow-Origin', '*');
    sendDocument(ctx);
  });
  const files = staticFiles([PAGE_FILES, new URL('./public/', import.meta.url)], '/docs/static');
  files.addRoutes(router);
  const sendDocs = fixedPage(DocsPage({ document, files }), { language: 'en' });
  router.get('/docs', (ctx) => sendDocs(ctx));
}

/** An address or a method that is not there. */
function refuseUnknown(ctx: Context): void {
  const path = ctx.path.split('/');
  const fits = ({ path: pattern }: Endpoint) => {
    const steps = pattern.split('/');
    return steps.length === path.length && steps.every((step, at) => step.startsWith('{') || step === path[at]);
  };
  const methods = ENDPOINTS.filter(fits).map(({ method }) => (method === 'get' ? 'GET, HEAD' : 'POST'));
  if (methods.length === 0) throw new Refusal('request.not-found');
  throw new Refusal('request.no-such-method', { allow: [...new Set(methods)].join(', ') });
}

export type { ApiDomain, OrganisationApiDeps } from './api-deps.ts';
export { type ApiChannelDeps, addElsewhereRoutes } from './elsewhere-routes.ts';
export { addOrganisationRoutes } from './organisation-routes.ts';

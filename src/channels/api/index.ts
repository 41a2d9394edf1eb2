export { type ApiChannelDeps, addElsewhereRoutes } from './elsewhere-routes.ts';

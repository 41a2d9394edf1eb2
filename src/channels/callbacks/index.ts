export { addDarajaRoutes, type CallbackDeps } from './daraja-routes.ts';

export { type AppDeps, makeApp, type RequestListener, requestListener } from './app.ts';
export { BODY_LIMIT_BYTES, type WithRequest } from './body.ts';
export { type CallbackGuard, type CallbackGuardOptions, callbackGuard } from './callback-guard.ts';
export { type Downloads, makeDownloads } from './downloads.ts';
export {
  type AddressRefusal,
  AddressRefusedError,
  type GuardedHttpPort,
  guardedHttpPort,
} from './guarded-http-port.ts';
export { addHealthRoutes, type HealthCheck, type HealthDeps } from './health-routes.ts';
export { HttpError } from './http-error.ts';
export { type Connection, HttpFault, type HttpPort, type IncomingAnswer, type OutgoingRequest } from './http-port.ts';
export { isCidr, makeNetworks, type Networks, sourceAddress } from './networks.ts';
export { makeHttpPort, type NodeHttpPortOptions } from './node-http-port.ts';
export { mayBeReached } from './private-networks.ts';
export { type FormBody, parseForm, readForm } from './read-form.ts';
export { type JsonBody, type JsonLimits, parseJson, readJson } from './read-json.ts';
export { readUpload, type UploadBody, type UploadedFile, type UploadOptions } from './read-upload.ts';
export { dnsResolver, type ResolveHost } from './resolve-host.ts';
export { type RunningServer, SERVER_LIMITS, type ServerLimits, type ServerOptions, startServer } from './server.ts';

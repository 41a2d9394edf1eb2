export { type Announcement, announce, announceAll, type Fact } from './announce.ts';
export {
  type WebhookAttempt,
  WebhookAttemptSchema,
  type WebhookDelivery,
  WebhookDeliverySchema,
  type WebhookEvent,
  WebhookEventSchema,
} from './delivery.ts';
export type { WebhookDeps, WebhookSettings } from './deps.ts';
export {
  type EndpointChange,
  EndpointChangeSchema,
  type EndpointState,
  endpointStates,
  type Owner,
  type WebhookEndpoint,
  WebhookEndpointSchema,
  WebhookSecretSchema,
} from './endpoint.ts';
export {
  type DeliveryCursor,
  type DeliveryView,
  type EndpointCursor,
  endpointChanges,
  findDelivery,
  findEndpoint,
  type LastAnswer,
  lastAnswers,
  listAttempts,
  listDeliveries,
  pageEndpoints,
} from './endpoint-pages.ts';
export { rotateSecret, secretTimes } from './endpoint-secrets.ts';
export { addEndpoint, listEndpoints, type NewEndpoint, setEndpointState } from './endpoints.ts';
export { EVENT_TYPES } from './event-types.ts';
export { onSettlementReady, type SettlementReady } from './on-settlement-ready.ts';
export { askToResendSince, onResendAsked, RESEND_SINCE, resendDelivery, resendSince, testEndpoint } from './resend.ts';
export { type AttemptOutcome, RETRY_DELAYS_MS } from './send-delivery.ts';
export { makeWebhookSender, type WebhookSender } from './sender.ts';

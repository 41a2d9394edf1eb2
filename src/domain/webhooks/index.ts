export { type Announcement, announce } from './announce.ts';
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
  EndpointChangeSchema,
  type Owner,
  type WebhookEndpoint,
  WebhookEndpointSchema,
  WebhookSecretSchema,
} from './endpoint.ts';
export { addEndpoint, listEndpoints, type NewEndpoint, rotateSecret, setEndpointState } from './endpoints.ts';
export { EVENT_TYPES } from './event-types.ts';
export { onSettlementReady, type SettlementReady } from './on-settlement-ready.ts';
export { purgeWebhooks } from './purge-webhooks.ts';
export { listAttempts, listDeliveries, resendDelivery, resendSince, testEndpoint } from './resend.ts';
export { type AttemptOutcome, RETRY_DELAYS_MS } from './send-delivery.ts';
export { makeWebhookSender, type WebhookSender } from './sender.ts';

export { makeWebhookReceiver, type ReceivedWebhook, type WebhookReceiver } from './webhook-receiver.ts';

export { addSmsRoutes, type SmsChannelDeps, smsInboxKind } from './africastalking-routes.ts';
export { applyIncoming, type IncomingDeps } from './apply-incoming.ts';
export { type Keywords, loadKeywords } from './keywords.ts';
export type { SmsDomain } from './sms-domain.ts';

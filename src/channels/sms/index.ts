export { addSmsRoutes, type SmsChannelDeps, smsInboxKind } from './africastalking-routes.ts';

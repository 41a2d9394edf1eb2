export { ANY_SENDER, type Message } from './inboxes.ts';
export { makeSmsParty, type SmsParty } from './sms-provider.ts';

export type { MailDeps } from './deps.ts';
export { type MailRow, MailSchema, type MailState } from './mail.ts';
export { type NewMail, queueMail, SEND_MAIL } from './queue-mail.ts';
export { sendMail } from './send-mail.ts';

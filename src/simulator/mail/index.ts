export { type Mailboxes, makeMailboxes, type ReceivedMail } from './mailboxes.ts';
export { type RunningSmtpInbox, startSmtpInbox } from './smtp-inbox.ts';

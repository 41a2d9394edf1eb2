export { makeSmtpMail, type SmtpMailDeps } from './smtp-mail.ts';

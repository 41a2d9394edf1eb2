import { createTransport } from 'nodemailer';
import type { Runtime } from '../../../kernel/index.ts';
import type { Mail, MailAnswer, MailProvider } from '../contract.ts';

export interface SmtpMailDeps {
  clock: Runtime['clock'];
  observe?: (operation: string, outcome: string, durationMs: number) => void;
  config: {
    /** `smtp://user:password@host:587` (STARTTLS) or `smtps://...:465`. */
    url: string;
    /** Address, or name and address: `Malipo <pay@example.org>`. */
    from: string;
    timeoutMs: number;
  };
}

const MOST_CONNECTIONS = 2;

/**
 * Mail over SMTP. The password goes over TLS only, except to this machine. Neither addresses nor the server's words about them are
 * logged here: those that call decide.
 */
export function makeSmtpMail({ clock, observe, config }: SmtpMailDeps): MailProvider {
  const { protocol, hostname, username } = new URL(config.url);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
  const transport = createTransport({
    url: config.url,
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    connectionTimeout: config.timeoutMs,
    greetingTimeout: config.timeoutMs,
    socketTimeout: config.timeoutMs,
    requireTLS: protocol === 'smtp:' && username !== '' && !isHere,
    // Nothing of a mail is read from a file or an address that it names.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: 'smtp',
    async send(mail) {
      const startedAtMs = clock.now();
      const answer = await transport.sendMail(messageOf(config.from, mail)).then(
        (): MailAnswer => ({ kind: 'accepted' }),
        (error: unknown) => answerOf(error as SmtpError),
      );
      observe?.('send', answer.kind, clock.now() - startedAtMs);
      return answer;
    },
    close: () => transport.close(),
  };
}

function messageOf(from: string, { to, subject, text, html, id }: Mail) {
  const domain = /@([^\s@>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    // As an object: a text would be read as a list of addresses.
    to: { name: '', address: to },
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    messageId: `<${id}@${domain}>`,
    // No answers by machines on holiday.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** What nodemailer adds to its errors. */
interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  /** The command that was answered; of a connection that broke off it tells nothing. */
  command?: string;
  /** `connect`: there never was a connection. */
  syscall?: string;
}

/** Certainly before any content: no such host, no TLS, no login. */
const BEFORE_THE_MAIL: ReadonlySet<string | undefined> = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH']);

/** Commands whose refusal is about this mail; any other is about the connection or our account, and passes. */
const ABOUT_THE_MAIL = /^(MAIL FROM|RCPT TO|DATA)$/;

function answerOf({ code, responseCode, command = '', syscall }: SmtpError): MailAnswer {
  const description = [code, responseCode, command].filter((part) => part !== undefined && part !== '').join(' ');
  if (responseCode !== undefined && responseCode >= 500 && ABOUT_THE_MAIL.test(command)) {
    return { kind: 'rejected', description };
  }
  if (responseCode !== undefined) return { kind: 'later', description };
  // An address that cannot be written on the wire at all.
  if (code === 'EENVELOPE') return { kind: 'rejected', description };
  const isBefore = syscall === 'connect' || BEFORE_THE_MAIL.has(code);
  return { kind: isBefore ? 'later' : 'unknown', description };
}

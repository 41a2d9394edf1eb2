import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Runtime } from '../../kernel/index.ts';
import type { SimulatorLog } from '../basis/index.ts';
import type { PartyFaults } from '../faults/index.ts';
import type { Mailboxes } from './mailboxes.ts';

export interface SmtpInboxDeps {
  runtime: Runtime;
  log: SimulatorLog;
  faults: PartyFaults;
  mailboxes: Mailboxes;
}

export interface RunningSmtpInbox {
  port: number;
  stop(): Promise<void>;
}

const MOST_BYTES = 1024 * 1024;
const STOP_WITHIN_MS = 1_000;

/** A mail server that takes everything in: any sender, any password, no TLS. Only for loopback and private networks. */
export async function startSmtpInbox(
  deps: SmtpInboxDeps,
  { host, port }: { host: string; port: number },
): Promise<RunningSmtpInbox> {
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: MOST_BYTES,
    closeTimeout: STOP_WITHIN_MS,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'somebody' }),
    onRcptTo(_address, session, done) {
      const { kind } = deps.faults.drawRequest();
      // `http500` is the definite no of this wire, `busy` the passing one.
      if (kind === 'busy') done(refusal(451, 'Try again later'));
      else if (kind === 'http500' || kind === 'html') done(refusal(550, 'No such mailbox here'));
      else if (kind === 'lostRequest') hangUp(server, session);
      else {
        lostAnswers.set(session.id, kind === 'lostAnswer');
        done();
      }
    },
    onData(stream, session, done) {
      receive(deps, stream, session).then(
        () => (lostAnswers.get(session.id) ? hangUp(server, session) : done()),
        (error: unknown) => {
          deps.log.warn({ err: error }, 'a mail could not be read');
          done(refusal(554, 'The mail could not be read'));
        },
      );
    },
    onClose: ({ id }) => void lostAnswers.delete(id),
  });
  const lostAnswers = new Map<string, boolean>();
  // A client that breaks off is none of our faults.
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** Closes the connection without a word. */
function hangUp(server: SMTPServer, { id }: SMTPServerSession): void {
  const connections = server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> };
  for (const connection of connections.connections) if (connection.id === id) connection._socket.destroy();
}

async function receive(
  { runtime, mailboxes }: SmtpInboxDeps,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size <= MOST_BYTES) chunks.push(chunk as Buffer);
  }
  const mail = await PostalMime.parse(Buffer.concat(chunks));
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  for (const { address } of envelope.rcptTo) {
    mailboxes.add({
      to: address,
      from,
      subject: mail.subject ?? '',
      text: mail.text ?? '',
      ...(mail.html === undefined ? {} : { html: mail.html }),
      messageId: mail.messageId ?? '',
      at: runtime.clock.now(),
    });
  }
}

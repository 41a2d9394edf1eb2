import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { systemClock, systemRuntime } from '../../../src/kernel/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import type { MailProvider } from '../../../src/providers/mail/index.ts';
import { makeSmtpMail } from '../../../src/providers/mail/smtp/index.ts';
import { type RunningSimulator, startSimulator } from '../../../src/simulator/index.ts';

const FROM = 'Malipo <pay@malipo.example>';
const noHttp = {
  request: async () => {
    throw new Error('a test reached for the network');
  },
};

const mailTo = (port: number, credentials = '') =>
  makeSmtpMail({
    clock: systemClock,
    config: { url: `smtp://${credentials}127.0.0.1:${port}`, from: FROM, timeoutMs: 2_000 },
  });

describe('mail over SMTP, to the simulator', () => {
  let simulator: RunningSimulator;
  let mail: MailProvider;
  before(async () => {
    simulator = await startSimulator({
      runtime: systemRuntime,
      log: silentLog,
      http: noHttp,
      config: { host: '127.0.0.1', port: 0, smtpPort: 0 },
    });
  });
  after(() => simulator?.stop());
  beforeEach(() => {
    mail = mailTo(simulator.smtpPort ?? 0, 'user:p%40ss@');
  });
  afterEach(async () => {
    mail.close();
    await simulator.core.reset();
  });

  const inbox = async (to: string) => {
    const answer = await fetch(`http://127.0.0.1:${simulator.port}/control/mail?to=${encodeURIComponent(to)}`);
    return (await answer.json()) as Record<string, string>[];
  };
  const plan = (faults: object) => simulator.core.faults.apply({ seed: 1, mail: faults });

  it('arrives as it was written, in every alphabet, under our id', async () => {
    const text = 'Habari, ça va? Amount: KES 500.00\n.\nFrom the start of a line\n'.repeat(20);
    const sent = {
      id: 'mail-1',
      to: 'fedha@maji.example',
      subject: 'Malipo – rekodi ya leo ✓',
      text,
      html: '<p>ça</p>',
    };
    expect(await mail.send(sent)).to.deep.equal({ kind: 'accepted' });
    const [found, ...more] = await inbox('fedha@maji.example');
    expect(more).to.deep.equal([]);
    expect(found).to.include({
      subject: sent.subject,
      from: 'pay@malipo.example',
      messageId: '<mail-1@malipo.example>',
    });
    expect(found?.text?.trim()).to.equal(text.trim());
    expect(found?.html).to.contain('<p>ça</p>');
  });

  it('goes to one address only, whatever is written there', async () => {
    const sent = { id: 'mail-2', subject: 'x', text: 'x', to: 'a@maji.example,b@maji.example' };
    const answer = await mail.send(sent);
    expect(answer.kind).to.equal('rejected');
    expect(await inbox('b@maji.example')).to.deep.equal([]);
    expect(await inbox('a@maji.example')).to.deep.equal([]);
  });

  it('says what a refusal means: later, never, or unknown', async () => {
    const send = () => mail.send({ id: 'mail-3', to: 'fedha@maji.example', subject: 'x', text: 'x' });
    plan({ busy: 1 });
    expect(await send()).to.include({ kind: 'later' });
    plan({ http500: 1 });
    expect(await send()).to.include({ kind: 'rejected' });
    plan({ lostRequest: 1 });
    expect((await send()).kind).to.be.oneOf(['later', 'unknown']);
    expect(await inbox('fedha@maji.example')).to.deep.equal([]);
    plan({ lostAnswer: 1 });
    expect(await send()).to.include({ kind: 'unknown' });
    expect(await inbox('fedha@maji.example')).to.have.length(1);
  });
});

describe('mail over SMTP, to servers that refuse', () => {
  /** Answers each line that begins with a key by its value; `null` hangs up. */
  async function withServer<T>(
    script: Record<string, string | null>,
    use: (mail: MailProvider) => Promise<T>,
    credentials = '',
  ): Promise<T> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      const say = (line: string | null) => (line === null ? socket.destroy() : socket.write(`${line}\r\n`));
      let inData = false;
      say(script.greeting ?? '220 here');
      socket.on('data', (chunk) => {
        for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
          if (inData && line !== '.') continue;
          const key = inData ? 'end' : (line.split(/[ :]/)[0] ?? '').toUpperCase();
          inData = key === 'DATA' && script.DATA === undefined;
          const answers: Record<string, string> = {
            EHLO: '250-here\r\n250 AUTH PLAIN',
            DATA: '354 go on',
            end: '250 taken',
          };
          say(key in script ? (script[key] ?? null) : (answers[key] ?? '250 ok'));
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const mail = mailTo(port, credentials);
    try {
      return await use(mail);
    } finally {
      mail.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  }
  const send = (mail: MailProvider) => mail.send({ id: 'm', to: 'a@maji.example', subject: 'x', text: 'x' });

  for (const [what, script, kind, credentials] of [
    ['a greeting of 421', { greeting: '421 too busy' }, 'later'],
    ['a greeting of 554', { greeting: '554 not you' }, 'later'],
    ['a wrong password', { AUTH: '535 wrong' }, 'later', 'user:wrong@'],
    ['a sender that is refused', { MAIL: '550 not from there' }, 'rejected'],
    ['a mailbox that is full', { RCPT: '452 full' }, 'later'],
    ['a mailbox that does not exist', { RCPT: '550 nobody' }, 'rejected'],
    ['DATA refused for now', { DATA: '451 later' }, 'later'],
    ['content refused for good', { end: '554 spam' }, 'rejected'],
    ['content refused for now', { end: '451 greylisted' }, 'later'],
    ['a hang-up after the content', { end: null }, 'unknown'],
    ['silence after the content', { end: '' }, 'unknown'],
  ] as [string, Record<string, string | null>, string, string?][]) {
    it(`${what}: ${kind}`, async () => {
      const answer = await withServer(script, send, credentials);
      expect(answer.kind, JSON.stringify(answer)).to.equal(kind);
    });
  }

  it('nobody listens: later', async () => {
    const mail = mailTo(1);
    expect((await send(mail)).kind).to.equal('later');
    mail.close();
  });

  it('gives no password to a far server without TLS', async () => {
    let asked = '';
    await withServer({}, async (near) => {
      near.close();
    });
    const server = createServer((socket) => {
      socket.write('220 here\r\n');
      socket.on('data', (chunk) => {
        asked += chunk;
        socket.write('250-here\r\n250 AUTH PLAIN\r\n');
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const { port } = server.address() as { port: number };
    // Another name of this machine, which the rule takes for a far one.
    const mail = makeSmtpMail({
      clock: systemClock,
      config: { url: `smtp://user:secret@0.0.0.0:${port}`, from: FROM, timeoutMs: 2_000 },
    });
    const answer = await send(mail);
    mail.close();
    server.close();
    expect(answer.kind).not.to.equal('accepted');
    expect(asked).to.match(/STARTTLS/);
    expect(asked).not.to.match(/AUTH PLAIN \S/);
  });
});

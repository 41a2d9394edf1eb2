import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { type MailDeps, MailSchema, queueMail, sendMail } from '../../../src/domain/mails/index.ts';
import { makeRuntime, Refusal, systemChance, systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeOutbox } from '../../../src/platform/outbox/index.ts';
import { makeSealing } from '../../../src/platform/sealing/index.ts';
import type { Mail, MailAnswer } from '../../../src/providers/mail/index.ts';
import { forget } from '../../support/forget.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('mails', (stores) => {
  let database: Database;
  let deps: MailDeps;
  let sent: Mail[];
  let answers: MailAnswer[];
  let facts = 0;
  let clock: ReturnType<typeof manualClock>;
  before(async function () {
    this.timeout(60_000);
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());
  beforeEach(() => {
    clock = manualClock();
    const runtime = makeRuntime(clock, systemChance);
    sent = [];
    answers = [];
    deps = {
      runtime,
      database,
      outbox: makeOutbox(runtime, database),
      sealing: makeSealing(Buffer.alloc(32, 7), systemChance),
      mail: {
        name: 'scripted',
        async send(mail) {
          sent.push(mail);
          return answers.shift() ?? { kind: 'accepted' };
        },
        close() {},
      },
    };
  });

  const mail = { to: 'fedha@maji.example', subject: 'The day of 20 November', text: 'KES 500.00 were collected.' };
  const queue = (more: Partial<Parameters<typeof queueMail>[2]> = {}) => {
    facts += 1;
    const factKey = `fact-${facts}`;
    return database.transaction((tx) => queueMail(deps, tx, { factKey, ...mail, ...more }));
  };
  const only = async (factKey: string) => database.reader.findOneByOrFail(MailSchema, { factKey });
  const refusalOf = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
    return 'taken';
  };

  it('tell a fact once, sealed at rest', async () => {
    expect(await queue({ factKey: 'once', html: '<p>KES 500.00</p>' })).to.equal(true);
    expect(await queue({ factKey: 'once' })).to.equal(false);
    const row = await only('once');
    expect(`${row.sealedText}${row.sealedHtml}${row.sealedSubject}`).not.to.match(/500|November/);
    await sendMail(deps, { mailId: row.id });
    await sendMail(deps, { mailId: row.id });
    expect(sent).to.deep.equal([{ id: row.id, ...mail, html: '<p>KES 500.00</p>' }]);
    expect(await only('once')).to.include({ state: 'sent', attempts: 1 });
  });

  it('are tried again after a passing no and a lost answer, and end at a definite one', async () => {
    await queue({ factKey: 'again' });
    const { id } = await only('again');
    answers = [
      { kind: 'later', description: 'EENVELOPE 452 RCPT TO' },
      { kind: 'unknown', description: 'ECONNRESET DATA' },
    ];
    for (const state of ['queued', 'queued']) {
      expect(await sendMail(deps, { mailId: id }).catch((error: Error) => error.name)).to.equal('NotSentError');
      expect((await only('again')).state).to.equal(state);
    }
    answers = [{ kind: 'rejected', description: 'EENVELOPE 550 RCPT TO' }];
    await sendMail(deps, { mailId: id });
    await sendMail(deps, { mailId: id });
    expect(await only('again')).to.include({
      state: 'failed',
      attempts: 3,
      lostAnswers: 1,
      failure: 'EENVELOPE 550 RCPT TO',
    });
    expect(new Set(sent.map((one) => one.id)).size).to.equal(1);
  });

  it('count a call whose process died as a lost answer', async () => {
    await queue({ factKey: 'died' });
    const { id } = await only('died');
    await database.transaction((tx) => tx.update(MailSchema, { id }, { state: 'sending', attempts: 1 }));
    await sendMail(deps, { mailId: id });
    expect(await only('died')).to.include({ state: 'sent', attempts: 2, lostAnswers: 1 });
  });

  it('refuse what would write a header or another address, and what is too long', async () => {
    for (const to of [
      '',
      'nobody',
      'a@b.example\r\nBcc: c@d.example',
      'a@b.example,c@d.example',
      'A <a@b.example>',
      'a@b.example\0',
    ]) {
      expect(await refusalOf(queue({ to })), to).to.equal('mail.bad-address');
    }
    for (const subject of ['', 'x\r\nBcc: c@d.example', 'x\nX: y', 'x\u2028y', 'x\0', 'x'.repeat(201)]) {
      expect(await refusalOf(queue({ subject })), subject).to.equal('mail.bad-subject');
    }
    expect(await refusalOf(queue({ text: 'x'.repeat(40_001) }))).to.equal('mail.bad-text');
    expect(await refusalOf(queue({ html: 'x\0' }))).to.equal('mail.bad-text');
    expect(await refusalOf(queue({ text: 'x'.repeat(40_000), html: 'ç'.repeat(20_000) }))).to.equal('taken');
  });

  it('are refused clearly when mail is off, and wait when it is turned off later', async () => {
    await queue({ factKey: 'waits' });
    deps.mail = undefined;
    expect(await refusalOf(queue())).to.equal('mail.off');
    const { id } = await only('waits');
    expect(await sendMail(deps, { mailId: id }).catch((error: Error) => error.message)).to.contain('mail is off');
    expect((await only('waits')).state).to.equal('queued');
  });

  it('are forgotten when they ended and are past their time', async () => {
    await queue({ factKey: 'old' });
    await queue({ factKey: 'waiting' });
    await sendMail(deps, { mailId: (await only('old')).id });
    expect((await forget(deps, { mailDays: 1 })).get('mails')).to.equal(undefined);
    await clock.advance(2 * 86_400_000);
    expect((await forget(deps, { mailDays: 1 })).get('mails')?.forgotten).to.be.greaterThan(0);
    expect(await database.reader.findBy(MailSchema, { factKey: 'old' })).to.deep.equal([]);
    expect((await only('waiting')).state).to.equal('queued');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Message,
  MessageSchema,
  type NewMessage,
  queueMessage,
  sendMessage,
} from '../../../src/domain/messages/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import type { SmsAnswer } from '../../../src/providers/sms/index.ts';
import { type Domain, inboxStates, newMsisdn, openDomain, staysSound } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('messages', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  let facts = 0;
  const queue = (to: Msisdn, patch: Partial<NewMessage> = {}) => {
    facts += 1;
    const message: NewMessage = {
      factKey: `fact-${facts}`,
      to,
      kind: 'reply-pin',
      language: 'en',
      values: { serviceCode: '*384*123#' },
    };
    return domain.deps.database.transaction((tx) => queueMessage(domain.deps, tx, { ...message, ...patch }));
  };
  const only = async (): Promise<Message> => (await domain.messages())[0] as Message;
  const report = (id: string, status: string, failureReason = '') =>
    domain.deps.inbox.keep({
      provider: 'africastalking',
      kind: 'delivery',
      body: JSON.stringify({
        id,
        status,
        phoneNumber: '+254711000001',
        networkCode: '63902',
        failureReason,
        retryCount: '0',
      }),
    });

  it('tells a fact once, also when it is told from several places at once', async () => {
    const to = newMsisdn();
    const told = await Promise.all([1, 2, 3, 4].map(() => queue(to, { factKey: 'one fact' })));
    expect(told.filter(Boolean)).to.have.length(1);
    await domain.runOutbox();
    expect(domain.sms.sent).to.have.length(1);
    expect(domain.sms.sent[0]).to.include({ to, sender: 'MALIPO' });
    expect(await only()).to.include({ state: 'sent', attempts: 1, lostAnswers: 0, segments: 1, cost: 'KES 0.8000' });
  });

  it('keeps the answer of the later of two calls, when a machine stood still and the lease ran out during the first', async () => {
    let answerFirst = (_answer: SmsAnswer): void => {};
    domain.sms.script.push(
      () =>
        new Promise((resolve) => {
          answerFirst = resolve;
        }),
      async () => {
        // The first call's answer comes while the second call is under way.
        answerFirst({ kind: 'later', code: '500', description: 'busy' });
        await first.catch(() => undefined);
        return { kind: 'accepted', messageId: 'ATXid_second', cost: 'KES 0.8000' };
      },
    );
    await queue(newMsisdn());
    const { id } = await only();
    const first = sendMessage(domain.deps, { messageId: id });
    while (domain.sms.sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await sendMessage(domain.deps, { messageId: id });
    expect(await only()).to.include({ state: 'sent', attempts: 2, lostAnswers: 1, providerMessageId: 'ATXid_second' });
    await domain.runOutbox();
    expect(domain.sms.sent).to.have.length(2);
  });

  it('is not sent when the fact that it tells was rolled back', async () => {
    const failing = domain.deps.database.transaction(async (tx) => {
      const values = { serviceCode: '1' };
      await queueMessage(domain.deps, tx, {
        factKey: 'gone',
        to: newMsisdn(),
        kind: 'reply-pin',
        language: 'en',
        values,
      });
      throw new Error('stop');
    });
    await Promise.allSettled([failing]);
    await domain.runOutbox();
    expect(domain.sms.sent).to.have.length(0);
  });

  it('tries again after a lost answer, and counts it', async () => {
    domain.sms.script.push({ kind: 'unknown', description: 'time-out' }, { kind: 'unknown', description: 'time-out' });
    await queue(newMsisdn());
    await domain.runFor(60_000);
    expect(domain.sms.sent).to.have.length(3);
    expect(await only()).to.include({ state: 'sent', attempts: 3, lostAnswers: 2 });
  });

  it('sends later what was certainly not sent, without counting a possible delivery', async () => {
    domain.sms.script.push({ kind: 'later', code: '405', description: 'InsufficientBalance' });
    await queue(newMsisdn());
    await domain.runFor(60_000);
    expect(await only()).to.include({ state: 'sent', attempts: 2, lostAnswers: 0 });
  });

  it('ends with a definite refusal', async () => {
    domain.sms.script.push({ kind: 'rejected', code: '406', description: 'UserInBlacklist' });
    await queue(newMsisdn());
    await domain.runFor(10_000_000);
    expect(domain.sms.sent).to.have.length(1);
    expect(await only()).to.include({ state: 'failed', failure: '406 UserInBlacklist' });
  });

  it('counts the call of a process that died as one that may have arrived', async () => {
    await queue(newMsisdn());
    const { id } = await only();
    domain.sms.script.push(() => new Promise<never>(() => {}));
    void sendMessage(domain.deps, { messageId: id });
    while (domain.sms.sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await domain.runOutbox();
    expect(await only()).to.include({ state: 'sent', attempts: 2, lostAnswers: 1 });
  });

  it('sends nothing again that was sent when the work is done twice', async () => {
    await queue(newMsisdn());
    await domain.runOutbox();
    const { id } = await only();
    await Promise.all([1, 2].map(() => sendMessage(domain.deps, { messageId: id })));
    expect(domain.sms.sent).to.have.length(1);
  });

  it('sends a receipt, but no reminder, to one who has opted out of that name', async () => {
    const to = newMsisdn();
    for (const senderId of ['MALIPO', 'MALIPO_INFO']) {
      const body = JSON.stringify({ senderId, phoneNumber: to });
      await domain.deps.inbox.keep({ provider: 'africastalking', kind: 'opt-out', body });
    }
    await domain.runOutbox();
    await queue(to, { sender: 'reminders' });
    await queue(to);
    await domain.runOutbox();
    expect(domain.sms.sent.map(({ sender }) => sender)).to.deep.equal(['MALIPO']);
    const states = (await domain.messages()).map(({ state }) => state);
    expect(states).to.deep.equal(['failed', 'sent']);
  });

  describe('delivery reports', () => {
    const sendOne = async (): Promise<Message> => {
      await queue(newMsisdn());
      await domain.runOutbox();
      return only();
    };

    it('end the message, and a second final one changes nothing', async () => {
      const { providerMessageId } = await sendOne();
      await report(providerMessageId ?? '', 'Success');
      await domain.runOutbox();
      await report(providerMessageId ?? '', 'Failed', 'NotNetworkSubcriber');
      await report(providerMessageId ?? '', 'Success', 'x');
      await domain.runOutbox();
      expect(await only()).to.include({ state: 'delivered', failure: null });
      expect(await inboxStates(domain)).to.deep.equal(['applied', 'repeated', 'repeated']);
    });

    it('say why it was not delivered', async () => {
      const { providerMessageId } = await sendOne();
      await report(providerMessageId ?? '', 'Failed', 'UserInBlackList');
      await domain.runOutbox();
      expect(await only()).to.include({ state: 'failed', failure: 'UserInBlackList' });
    });

    it('leave the message alone while they are not final', async () => {
      const { providerMessageId } = await sendOne();
      for (const status of ['Sent', 'Submitted', 'Buffered', 'AbsentSubscriber', 'Expired']) {
        await report(providerMessageId ?? '', status);
      }
      await domain.runOutbox();
      expect((await only()).state).to.equal('sent');
    });

    it('wait for the answer that names the message', async () => {
      domain.sms.script.push(async () => {
        await report('ATXid_early', 'Success');
        return { kind: 'accepted', messageId: 'ATXid_early', cost: 'KES 0.8000' };
      });
      await queue(newMsisdn());
      await domain.runFor(30_000);
      expect((await only()).state).to.equal('delivered');
    });

    it('of no message of ours are kept and left', async () => {
      await report('ATXid_nobody', 'Success');
      await domain.runFor(3_600_000);
      expect(await inboxStates(domain)).to.deep.equal(['unmatched']);
      expect((await domain.rows('inbox.africastalking.delivery')).map(({ state }) => state)).to.deep.equal(['done']);
    });

    it('end in the first final state in any order, repeated or not', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('Sent', 'Buffered', 'Success', 'Failed', 'Rejected'), {
            minLength: 1,
            maxLength: 6,
          }),
          async (statuses) => {
            await domain.reset();
            const { providerMessageId } = await sendOne();
            for (const [index, status] of statuses.entries()) {
              await report(providerMessageId ?? '', status, `r${index % 3}`);
              await domain.runOutbox();
            }
            const first = statuses.find((status) => ['Success', 'Failed', 'Rejected'].includes(status));
            const expected = first === undefined ? 'sent' : first === 'Success' ? 'delivered' : 'failed';
            expect((await only()).state).to.equal(expected);
          },
        ),
        { numRuns: 15 },
      );
    }).timeout(30_000);
  });

  it('keeps what was sent sealed', async () => {
    await queue(newMsisdn());
    const [raw] = await domain.deps.database.reader.query('SELECT sealed_text FROM message');
    expect(JSON.stringify(raw)).to.not.include('384');
    expect(await domain.deps.database.reader.count(MessageSchema)).to.equal(1);
  });
});

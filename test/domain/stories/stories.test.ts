import { expect } from 'chai';
import { NoteSchema, writeNote } from '../../../src/domain/notes/index.ts';
import { paymentOfSubject, paymentPulse, paymentStory, personStory } from '../../../src/domain/stories/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { type Domain, newMsisdn, openDomain } from '../../support/domain-deps.ts';
import { giveBack, propose, refundNow, vote } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

const actor = { kind: 'staff', id: 'amina', address: '127.0.0.1', scope: 'house' } as const;

describeOnStores('stories', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  const auditSigner = { tag: (bytes: Buffer, length: number) => Buffer.alloc(length, bytes.length % 251) };
  const note = (subject: { kind: 'payment' | 'person'; id: string }, body: string) =>
    writeNote({ ...domain.deps, auditSigner }, actor, { subject, body });

  it('tell all of a payment, newest first', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const { payment, transfer } = await current(domain, story.payment.id);
    await note({ kind: 'payment', id: payment.id }, 'He asks where his receipt is.');
    const told = await paymentStory(domain.deps, payment.id);
    expect(told?.transfers.map(({ id }) => id)).to.deep.equal([transfer.id]);
    const times = told?.entries.map(({ atMs }) => atMs) ?? [];
    expect(times).to.deep.equal([...times].sort((one, other) => other - one));
    const kinds = new Set(told?.entries.map(({ kind }) => kind));
    for (const kind of ['payment', 'transfer', 'callback', 'posting', 'message', 'note'])
      expect(kinds).to.include(kind);
    const states = told?.entries.flatMap((entry) => (entry.kind === 'payment' ? [entry.to] : []));
    expect(states?.[0]).to.equal('posted');
    for (const entry of told?.entries ?? []) {
      if (entry.kind !== 'posting') continue;
      expect(entry.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).to.equal(0n);
    }
  });

  it('tell of a refund as part of the payment, each step live, and lead to it from whatever is about it', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const { id } = story.payment;
    const pulses = [await paymentPulse(domain.deps, id)];
    const refund = await propose(domain.deps, id);
    pulses.push(await paymentPulse(domain.deps, id));
    await vote(domain.deps, refund);
    await domain.runOutbox();
    pulses.push(await paymentPulse(domain.deps, id));
    const { reversalId } = await refundNow(domain, refund);
    const reversal = await domain.transfer({ id: reversalId ?? '' });
    await giveBack(domain, reversal);
    await domain.runOutbox();
    pulses.push(await paymentPulse(domain.deps, id));
    expect(new Set(pulses).size, 'each is another').to.equal(pulses.length);

    const told = await paymentStory(domain.deps, id);
    expect(told?.refunds.map(({ state }) => state)).to.deep.equal(['paid']);
    expect(told?.transfers.map(({ route }) => route)).to.deep.equal(['prompt', 'reversal']);
    const moves = told?.entries.flatMap((entry) => (entry.kind === 'refund' ? [entry.to] : []));
    expect(moves).to.deep.equal(['paid', 'granted', 'agreed']);
    const acts = told?.entries.flatMap((entry) => (entry.kind === 'act' ? [`${entry.actorId} ${entry.act}`] : []));
    expect(acts).to.deep.equal(['lucy refund.vote-grant', 'amina refund.proposed']);
    expect(told?.next.map(({ topic }) => topic)).to.include('transfer.inquire-reversal');
    for (const subject of [id, story.transfer.id, refund.id, reversal.id]) {
      expect(await paymentOfSubject(domain.deps, subject)).to.equal(id);
    }
    expect(await paymentOfSubject(domain.deps, 'nothing')).to.equal(undefined);
  });

  it('plan nothing of what will find nothing to do', async () => {
    const story = await prompt(domain);
    const topics = async () =>
      (await paymentStory(domain.deps, story.payment.id))?.next.map(({ topic }) => topic) ?? [];
    expect(await topics()).to.include('transfer.inquire');
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect(await topics(), 'nothing is left to ask, and the receipt went out').to.deep.equal([]);
    const planned = await domain.deps.database.reader.findBy(OutboxRowSchema, { state: 'ready' });
    expect(planned.map(({ topic }) => topic)).to.include.members(['transfer.inquire', 'payment.notice']);
  });

  it('say what happens next, and when', async () => {
    const { payment } = await prompt(domain);
    const told = await paymentStory(domain.deps, payment.id);
    expect(told?.next.map(({ topic, state }) => ({ topic, state }))).to.deep.include({
      topic: 'transfer.inquire',
      state: 'ready',
    });
    expect(told?.next[0]?.dueAtMs).to.be.greaterThan(domain.clock.now());
  });

  it('have a pulse that changes with whatever happens', async () => {
    const story = await prompt(domain);
    const { id } = story.payment;
    const pulses = [await paymentPulse(domain.deps, id)];
    await payByCallback(domain, story);
    await domain.runOutbox();
    pulses.push(await paymentPulse(domain.deps, id));
    await note({ kind: 'payment', id }, 'called');
    pulses.push(await paymentPulse(domain.deps, id));
    expect(new Set(pulses).size).to.equal(3);
    expect(await paymentPulse(domain.deps, id)).to.equal(pulses[2]);
    expect(await paymentPulse(domain.deps, 'nothing')).to.equal('');
  });

  it('tell nothing of an id that is no payment', async () => {
    expect(await paymentStory(domain.deps, 'nothing')).to.equal(undefined);
  });

  it('tell all of a person, page by page', async () => {
    const dialler = newMsisdn();
    for (let count = 0; count < 25; count += 1) {
      const story = await prompt(domain, { dialler });
      await payByCallback(domain, story);
      await domain.runOutbox();
      await domain.runFor(3_600_000);
    }
    await note({ kind: 'person', id: dialler }, 'a friendly man');
    const seen: string[] = [];
    let beforeMs: number | undefined = domain.clock.now() + 1;
    let pages = 0;
    while (beforeMs !== undefined) {
      const told = await personStory(domain.deps, { msisdn: dialler, beforeMs });
      expect(told.customer?.msisdn).to.equal(dialler);
      seen.push(
        ...told.entries.map((entry) => (entry.kind === 'payment' ? entry.payment.id : `${entry.kind} ${entry.atMs}`)),
      );
      beforeMs = told.nextBeforeMs;
      pages += 1;
    }
    expect(pages).to.be.greaterThan(1);
    expect(seen[0]).to.match(/^note /);
    const paid = seen.filter((one) => !one.includes(' '));
    expect(new Set(paid).size).to.equal(paid.length);
  });

  it('know a stranger for one', async () => {
    const told = await personStory(domain.deps, { msisdn: newMsisdn() as Msisdn, beforeMs: domain.clock.now() });
    expect(told).to.deep.include({ customer: null, links: [], entries: [], nextBeforeMs: undefined });
  });

  it('take no note that is empty or endless', async () => {
    const { payment } = await prompt(domain);
    const subject = { kind: 'payment', id: payment.id } as const;
    expect((await refusalOf(note(subject, ' \n '))).code).to.equal('note.empty');
    expect((await refusalOf(note(subject, 'x'.repeat(2_001)))).code).to.equal('note.too-long');
    expect(await domain.deps.database.reader.countBy(NoteSchema, { subjectId: payment.id })).to.equal(0);
  });
});

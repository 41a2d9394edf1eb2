import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { requestPayment } from '../../../src/domain/payments/index.ts';
import {
  assign,
  countQueue,
  countQueues,
  eachQueueItem,
  KINDS_OF,
  listQueue,
  organisationsOf,
  QUEUES,
  type Queue,
  type QueueFilters,
  type QueuePlace,
  topicsGivenUp,
} from '../../../src/domain/queues/index.ts';
import { BreakSchema, openBreak } from '../../../src/domain/reconciliation/index.ts';
import { answerBreak, proposeBreak, releaseHeld, reviveWork } from '../../../src/domain/support/index.ts';
import { businessDay, dayWindow } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import { OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { type Domain, newMsisdn, openDomain, requestOf } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { confirm, current, payAtPaybill, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

const MINUTE_MS = 60_000;
const NOBODYS_ID = '0190aaaa-0000-7000-8000-0000000000ff';
const actor = { kind: 'staff', id: 'amina', address: '127.0.0.1', scope: 'house' } as const;

describeOnStores('the queues', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());

  const tag = (bytes: Buffer, length: number) =>
    createHmac('sha256', 'tests').update(bytes).digest().subarray(0, length);
  const deps = () => ({ ...domain.deps, auditSigner: { tag } });
  const names = async (queue: Queue) => (await listQueue(domain.deps, queue)).items.map(({ name }) => name);

  it('are empty when nothing waits', async () => {
    expect([...(await countQueues(domain.deps)).values()].every((count) => count === 0)).to.equal(true);
  });

  it('hold what is owed, held, and paid but not booked for too long', async () => {
    const receipt = await payAtPaybill(domain, { account: '1', msisdn: newMsisdn() });
    await domain.runOutbox();
    const homeless = await domain.payment({ operatorReceipt: receipt });
    expect(await names('owed')).to.deep.equal([homeless.reference]);
    const away = Array.from({ length: 100 }, () => ({ kind: 'unknown' as const, description: 'away' }));
    domain.water.postScript.push(...away);
    domain.water.findScript.push(...away);
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect(await names('unbooked'), 'not yet').to.deep.equal([]);
    await domain.runFor(6 * MINUTE_MS);
    expect(await names('unbooked')).to.deep.equal([story.payment.reference]);
    const [item] = (await listQueue(domain.deps, 'unbooked')).items;
    expect(item).to.include({ paymentId: story.payment.id, ownerId: null, amountMinor: 50_000n });
    const counts = await countQueues(domain.deps);
    expect(counts.get('unbooked')).to.equal(1);
    expect(counts.get('held')).to.equal(0);
  });

  it('say who has taken a thing on, and who had it before', async () => {
    await openBreak(domain.deps, { breakType: 'contradiction', subjectId: 'x', detail: 'two words' });
    const [item] = (await listQueue(domain.deps, 'breaks')).items;
    const take = (ownerId: string | null) =>
      assign(deps(), actor, { queue: 'breaks', subjectId: item?.id ?? '', ownerId });
    expect(await take('amina')).to.deep.equal({ previousOwnerId: null });
    expect(await take('daniel'), 'the second learns of the first').to.deep.equal({ previousOwnerId: 'amina' });
    expect((await listQueue(domain.deps, 'breaks')).items[0]?.ownerId).to.equal('daniel');
    await take(null);
    expect((await listQueue(domain.deps, 'breaks')).items[0]?.ownerId).to.equal(null);
    const acts = await domain.deps.database.reader.findBy(AuditEntrySchema, { subjectId: item?.id ?? '' });
    expect(acts).to.have.length(3);
  });

  it('let two people resolve a break, and never one with two logins', async () => {
    await openBreak(domain.deps, { breakType: 'contradiction', subjectId: 'y', detail: 'two words' });
    const [item] = (await listQueue(domain.deps, 'breaks')).items;
    const act = { breakId: item?.id ?? '', reason: 'looked into it' };
    await proposeBreak(deps(), actor, { ...act, personId: 'person-1', resolution: 'explained' });
    const other = { ...actor, id: 'amina-2' };
    const own = answerBreak(deps(), other, { ...act, personId: 'person-1', agrees: true });
    expect((await refusalOf(own)).code).to.equal('break.maker-is-checker');
    await answerBreak(deps(), other, { ...act, personId: 'person-2', agrees: true });
    expect(await names('breaks')).to.deep.equal([]);
    const acts = await domain.deps.database.reader.findBy(AuditEntrySchema, { subjectId: act.breakId });
    expect(acts.map((one) => one.act).sort(), 'a refused act leaves no entry').to.deep.equal([
      'break.confirmed',
      'break.proposed',
    ]);
  });

  it('are read a page at a time to their end, each thing once, and narrowed to what one asks for', async () => {
    const types = ['not-ours', 'differs-at-biller', 'differs-at-operator'] as const;
    const { ids, clock } = domain.deps.runtime;
    const day = businessDay(clock.now() - 86_400_000, 'Africa/Nairobi');
    const yesterday = { name: day, ...dayWindow(day, 'Africa/Nairobi') };
    const blank = { owner: null, resolution: null, proposedBy: null, proposedAtMs: null, proposedReason: null };
    const planted = Array.from({ length: 130 }, (_, index) => ({
      ...{ ...blank, confirmedBy: null, confirmedAtMs: null, confirmedReason: null, side: null, suggestedAction: null },
      ...{ id: ids.next(), subjectId: `s${index}`, detail: String(index), amountMinor: null, currency: null },
      breakType: types[index % 3] as (typeof types)[number],
      state: index % 4 === 0 ? ('proposed' as const) : ('open' as const),
      party: index % 5 === 0 ? 'maji-water' : null,
      day: index % 10 === 0 ? day : null,
      // Many are of one millisecond.
      openedAtMs: clock.now() - (index % 2 === 0 ? 86_400_000 : 0),
    }));
    await domain.deps.database.transaction((tx) => tx.manager.insert(BreakSchema, planted));
    const [mine = '', other = ''] = planted.slice(128).map(({ id }) => id);
    await assign(deps(), actor, { queue: 'breaks', subjectId: mine, ownerId: 'amina' });
    await assign(deps(), actor, { queue: 'breaks', subjectId: other, ownerId: 'daniel' });

    const read = async (filters: QueueFilters = {}) => {
      const seen: string[] = [];
      let after: QueuePlace | undefined;
      do {
        const page = await listQueue(domain.deps, 'breaks', { filters, after });
        expect(page.items.length).to.be.within(1, 25);
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after);
      const exported: string[] = [];
      for await (const items of eachQueueItem(domain.deps, 'breaks', filters))
        exported.push(...items.map(({ id }) => id));
      expect(exported).to.deep.equal(seen);
      expect(await countQueue(domain.deps, 'breaks', { filters })).to.equal(seen.length);
      return seen;
    };
    const inOrder = [...planted].sort((a, b) => a.openedAtMs - b.openedAtMs || (a.id < b.id ? -1 : 1));
    const fitting = (fits: (one: (typeof planted)[number]) => boolean) => inOrder.filter(fits).map(({ id }) => id);
    expect(await read()).to.deep.equal(fitting(() => true));
    expect(await read({ kind: 'not-ours' })).to.deep.equal(fitting(({ breakType }) => breakType === 'not-ours'));
    const ofWater = fitting(({ party, breakType }) => party === 'maji-water' && breakType === 'not-ours');
    expect(await read({ kind: 'not-ours', party: 'maji-water' })).to.deep.equal(ofWater);
    const ofDay = fitting((one) => one.day === day || one.openedAtMs < yesterday.toMs);
    expect(await read({ day: yesterday })).to.deep.equal(ofDay);
    expect(await read({ ownerId: 'amina' })).to.deep.equal([mine]);
    expect(await read({ ownerId: null })).to.deep.equal(fitting(({ id }) => id !== mine && id !== other));
    expect((await listQueue(domain.deps, 'breaks', { filters: { ownerId: 'nobody-such' } })).items).to.deep.equal([]);
    expect((await countQueues(domain.deps)).get('breaks')).to.equal(130);
  });

  it('narrow each kind of thing to what it has', async () => {
    const story = await prompt(domain);
    await domain.deps.database.transaction((tx) =>
      tx.update(TransferSchema, { id: story.transfer.id }, { state: 'unknown' }),
    );
    await payAtPaybill(domain, { account: '1', msisdn: newMsisdn() });
    await domain.runOutbox();
    await domain.clock.advance(20 * MINUTE_MS);
    const found = async (queue: Queue, filters: QueueFilters) =>
      (await listQueue(domain.deps, queue, { filters })).items.length;
    expect(await found('unknown', { kind: 'prompt', party: 'mpesa' })).to.equal(1);
    expect(await found('unknown', { kind: 'payout' })).to.equal(0);
    expect(await found('owed', { kind: 'suspense' })).to.equal(1);
    expect(await found('owed', { kind: 'refund-due' })).to.equal(0);
    for (const queue of QUEUES) {
      const [kind] = KINDS_OF[queue];
      const filters = { ...(kind ? { kind } : {}), party: NOBODYS_ID, ownerId: null };
      expect(await found(queue, filters), queue).to.equal(0);
      expect(await countQueue(domain.deps, queue, { filters }), queue).to.equal(0);
      await organisationsOf(domain.deps, queue);
    }
    expect(await topicsGivenUp(domain.deps)).to.deep.equal([]);
  });

  it('say how much a transfer of unknown fate was, whose, and under which reference', async () => {
    const story = await prompt(domain);
    await domain.runFor(6 * 60 * MINUTE_MS);
    const [item] = (await listQueue(domain.deps, 'breaks')).items;
    const { reference, amountMinor, currency, operator } = story.transfer;
    expect(item).to.include({ name: 'unknown-transfer', reference, amountMinor, currency });
    expect((await listQueue(domain.deps, 'breaks', { filters: { party: operator } })).items).to.have.length(1);
    // Those that were opened before the amount was kept with them.
    await domain.deps.database.transaction((tx) =>
      tx.update(BreakSchema, { id: item?.id ?? '' }, { amountMinor: null, currency: null }),
    );
    const [older] = (await listQueue(domain.deps, 'breaks')).items;
    expect(older).to.include({ reference, amountMinor, currency });
  });

  it('repeat work that was given up, once', async () => {
    const { payment } = await confirm(domain);
    const { reader } = domain.deps.database;
    const row = await reader.findOneByOrFail(OutboxRowSchema, { topic: 'transfer.submit' });
    await domain.deps.database.transaction((tx) =>
      tx.update(OutboxRowSchema, { id: row.id }, { state: 'dead', attempts: 30 }),
    );
    expect(await names('work')).to.deep.equal(['transfer.submit']);
    const act = { rowId: row.id, reason: 'the operator is back' };
    await reviveWork(deps(), actor, act);
    expect((await refusalOf(reviveWork(deps(), actor, act))).code).to.equal('work.none');
    expect(await names('work')).to.deep.equal([]);
    await domain.runFor(MINUTE_MS);
    expect((await current(domain, payment.id)).transfer.state).to.equal('submitted');
  });

  it('release a held payment, once', async () => {
    const dialler = newMsisdn();
    // One account too many for a day.
    for (let count = 0; count <= 10; count += 1) {
      await requestPayment(
        domain.deps,
        requestOf({ dialler, account: String(20_100_000 + count), amount: kes(100 + count) }),
      );
    }
    const held = await domain.payment({ dialler, state: 'held' });
    expect(await names('held')).to.deep.equal([held.reference]);
    const act = { paymentId: held.id, reason: 'he has twelve tenants' };
    await releaseHeld(deps(), actor, act);
    expect((await refusalOf(releaseHeld(deps(), actor, act))).code).to.equal('payment.not-held');
    expect(await names('held')).to.deep.equal([]);
  });
});

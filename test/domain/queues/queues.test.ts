import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { requestPayment } from '../../../src/domain/payments/index.ts';
import { assign, countQueues, listQueue, type Queue } from '../../../src/domain/queues/index.ts';
import { openBreak } from '../../../src/domain/reconciliation/index.ts';
import { answerBreak, proposeBreak, releaseHeld, reviveWork } from '../../../src/domain/support/index.ts';
import { OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { type Domain, newMsisdn, openDomain, requestOf } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { confirm, current, payAtPaybill, payByCallback, prompt, refusalOf } from '../../support/stories.ts';

const MINUTE_MS = 60_000;
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
  const names = async (queue: Queue) => (await listQueue(domain.deps, queue)).map(({ name }) => name);

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
    const [item] = await listQueue(domain.deps, 'unbooked');
    expect(item).to.include({ paymentId: story.payment.id, ownerId: null, amountMinor: 50_000n });
    const counts = await countQueues(domain.deps);
    expect(counts.get('unbooked')).to.equal(1);
    expect(counts.get('held')).to.equal(0);
  });

  it('say who has taken a thing on, and who had it before', async () => {
    await openBreak(domain.deps, { breakType: 'contradiction', subjectId: 'x', detail: 'two words' });
    const [item] = await listQueue(domain.deps, 'breaks');
    const take = (ownerId: string | null) =>
      assign(deps(), actor, { queue: 'breaks', subjectId: item?.id ?? '', ownerId });
    expect(await take('amina')).to.deep.equal({ previousOwnerId: null });
    expect(await take('daniel'), 'the second learns of the first').to.deep.equal({ previousOwnerId: 'amina' });
    expect((await listQueue(domain.deps, 'breaks'))[0]?.ownerId).to.equal('daniel');
    await take(null);
    expect((await listQueue(domain.deps, 'breaks'))[0]?.ownerId).to.equal(null);
    const acts = await domain.deps.database.reader.findBy(AuditEntrySchema, { subjectId: item?.id ?? '' });
    expect(acts).to.have.length(3);
  });

  it('let two people resolve a break, and never one with two logins', async () => {
    await openBreak(domain.deps, { breakType: 'contradiction', subjectId: 'y', detail: 'two words' });
    const [item] = await listQueue(domain.deps, 'breaks');
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

import { expect } from 'chai';
import type { EntitySchema, ObjectLiteral } from 'typeorm';
import { AuditEntrySchema, checkAudit } from '../../../src/domain/audit/index.ts';
import { MessageSchema } from '../../../src/domain/messages/index.ts';
import { NoteSchema } from '../../../src/domain/notes/index.ts';
import { PaymentTokenSchema } from '../../../src/domain/payments/index.ts';
import { BreakSchema } from '../../../src/domain/reconciliation/index.ts';
import {
  enforceRetention,
  RetentionHeldSchema,
  rehearseRetention,
  retentionKinds,
  retentionReport,
} from '../../../src/domain/retention/index.ts';
import { makeIds, systemChance } from '../../../src/kernel/index.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import { type InboxEvent, InboxEventSchema } from '../../../src/platform/inbox/index.ts';
import { bulkInsert } from '../../support/bulk-insert.ts';
import { type Domain, METER, openDomain, staysSound } from '../../support/domain-deps.ts';
import { daysOf, forget, retentionOf } from '../../support/forget.ts';
import { propose } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, payByCallback, prompt } from '../../support/stories.ts';

const DAY_MS = 86_400_000;
const PREPAID = { billerId: 'jua-power', account: METER, holder: 'O*** O***' };
/** A year and a half: past every time but that of payments. */
const LATER_MS = 550 * DAY_MS;
const USUAL = { rawDays: 90, outboxDays: 30, tokenDays: 365, messageDays: 90, noteDays: 400, dialogDays: 90 };

describeOnStores('retention', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const count = <T extends ObjectLiteral>(entity: EntitySchema<T>) => domain.deps.database.reader.count(entity);
  const note = (subjectId: string) =>
    domain.deps.database.transaction((tx) =>
      tx.insert(NoteSchema, {
        ...{ id: domain.deps.runtime.ids.next(), subjectId, authorId: 'amina', body: 'called', atMs: 0 },
      }),
    );

  /** Old rows of the inbox; each as `state` says. */
  async function oldBodies(states: readonly InboxEvent['state'][]): Promise<void> {
    const { clock } = domain;
    const ids = makeIds({ ...clock, now: () => clock.now() - 100 * DAY_MS }, systemChance);
    const rows = states.map((state, at): InboxEvent => {
      const id = ids.next();
      const body = `{"MSISDN":"254711${String(at).padStart(6, '0')}"}`;
      return {
        ...{ id, provider: 'mpesa', kind: 'c2b', bodyHash: id, token: null, body, state, subjectId: null },
        ...{ note: null, receivedAtMs: clock.now() - 100 * DAY_MS },
      };
    });
    await domain.deps.database.transaction((tx) => bulkInsert(tx.manager, InboxEventSchema, rows));
  }

  it('forgets what has ended, and leaves what is still open, whatever its age', async () => {
    const done = await prompt(domain, PREPAID);
    await payByCallback(domain, done);
    await domain.runOutbox();
    const owed = await prompt(domain, PREPAID);
    await payByCallback(domain, owed);
    await domain.runOutbox();
    const refund = await propose(domain.deps, owed.payment.id);
    await note(done.payment.id);
    await note(owed.payment.id);
    await domain.runFor(3 * DAY_MS);
    expect(await count(PaymentTokenSchema)).to.equal(4);
    await domain.clock.advance(LATER_MS);
    const forgotten = await forget(domain.deps, USUAL);

    expect(forgotten.get('tokens')).to.include({ forgotten: 2, held: 2 });
    const [token] = await domain.deps.database.reader.find(PaymentTokenSchema);
    expect(token?.paymentId, 'a refund of it is being decided').to.equal(owed.payment.id);
    const notes = await domain.deps.database.reader.find(NoteSchema);
    expect(notes.map(({ subjectId }) => subjectId)).to.deep.equal([owed.payment.id]);
    expect(await domain.rows('message.send')).to.deep.equal([]);
    expect(new Set((await domain.deps.database.reader.find(MessageSchema)).map((row) => row.sealedText))).to.deep.equal(
      new Set(['']),
    );
    expect((await current(domain, done.payment.id)).payment.payer, 'whose it was is kept for longer').to.equal(
      done.payer,
    );

    // What was held goes once its reason has ended.
    await domain.deps.database.transaction((tx) =>
      tx.manager.query("UPDATE refund SET state = 'declined' WHERE id = ?", [refund.id]),
    );
    const next = await forget(domain.deps, USUAL);
    expect(next.get('tokens')).to.include({ forgotten: 4, held: 0 });
    expect(await count(PaymentTokenSchema)).to.equal(0);
    expect(await count(NoteSchema)).to.equal(0);
    expect(await count(RetentionHeldSchema)).to.equal(0);
  });

  it('takes number and name off payments after their years, and no amount, account or state', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const lost = await prompt(domain);
    await domain.clock.advance(500 * DAY_MS);
    const before = await current(domain, story.payment.id);
    await forget(domain.deps, { paymentDays: 400 });
    const { payment, transfer } = await current(domain, story.payment.id);
    expect(payment).to.deep.equal({ ...before.payment, dialler: null, payer: null, holder: '', sessionKey: null });
    expect(transfer).to.deep.equal({ ...before.transfer, payer: null, maskedPayer: null, payerName: null });
    expect(
      (await domain.messages().catch(() => [])).filter(({ recipient }) => recipient === story.payer),
    ).to.have.length(0);
    expect((await current(domain, lost.payment.id)).payment.payer, 'nobody knows what became of it').to.equal(
      lost.payer,
    );
    await domain.runFor(1_000);
  });

  it('keeps the message that has not gone out, and the callback that a break needs', async () => {
    const story = await prompt(domain);
    await payByCallback(domain, story);
    await domain.runOutbox();
    const { ids, clock } = domain.deps.runtime;
    await domain.deps.database.transaction(async (tx) => {
      await tx.update(MessageSchema, { recipient: story.payer }, { state: 'sending' });
      await tx.insert(BreakSchema, {
        ...{ id: ids.next(), breakType: 'contradiction', subjectId: story.transfer.id, detail: '', state: 'open' },
        ...{ openedAtMs: clock.now(), side: null, party: null, day: null, amountMinor: null, currency: null },
        ...{ suggestedAction: null, owner: null, resolution: null, proposedBy: null, proposedAtMs: null },
        ...{ proposedReason: null, confirmedBy: null, confirmedAtMs: null, confirmedReason: null },
      } as never);
    });
    await domain.clock.advance(LATER_MS);
    const forgotten = await forget(domain.deps, { messageDays: 90, rawDays: 90 });
    expect(forgotten.get('messages')).to.include({ forgotten: 0, held: 1 });
    expect(forgotten.get('raw')).to.include({ forgotten: 0, held: 1 });
    expect((await domain.messages())[0]?.text).to.not.equal('');
  });

  it('takes ten thousand rows in pieces, and finds the one among them that waits for a person', async () => {
    await oldBodies(Array.from({ length: 10_001 }, (_, at) => (at === 9_999 ? 'staff' : 'applied')));
    const before = await rehearseRetention(retentionOf(domain.deps, USUAL));
    expect(before.find(({ kind }) => kind === 'raw')).to.deep.equal({ kind: 'raw', forgotten: 10_000, held: 1 });
    expect(await count(InboxEventSchema), 'a rehearsal changes nothing').to.equal(10_001);
    const forgotten = await forget(domain.deps, USUAL);
    expect(forgotten.get('raw')).to.include({ forgotten: 10_000, held: 1 });
    const [left, ...others] = await domain.deps.database.reader.find(InboxEventSchema);
    expect(left?.state).to.equal('staff');
    expect(others).to.have.length(0);
    const after = await rehearseRetention(retentionOf(domain.deps, USUAL));
    expect(after.find(({ kind }) => kind === 'raw')).to.deep.equal({ kind: 'raw', forgotten: 0, held: 1 });
  });

  it('goes on where a process died, and counts what is gone once', async () => {
    await oldBodies(Array.from({ length: 2_000 }, () => 'applied' as const));
    const { database } = domain.deps;
    let left = 4;
    const dying: Database = {
      ...database,
      transaction: (work) => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('the process died')) : database.transaction(work);
      },
    };
    const died = await Promise.allSettled([forget({ ...domain.deps, database: dying }, USUAL)]);
    expect(died[0]?.status).to.equal('rejected');
    expect(await count(InboxEventSchema)).to.be.within(1, 1_999);
    expect((await forget(domain.deps, USUAL)).get('raw')).to.include({ forgotten: 2_000, held: 0 });
    expect(await count(InboxEventSchema)).to.equal(0);
  });

  it('forgets nothing twice when two do it at once', async () => {
    await oldBodies(Array.from({ length: 2_000 }, (_, at) => (at % 500 === 7 ? 'staff' : 'applied')));
    await Promise.all([forget(domain.deps, USUAL), forget(domain.deps, USUAL)]);
    const [counted] = (await retentionReport(domain.deps.database, 1)).filter(({ kind }) => kind === 'raw');
    expect(counted).to.include({ forgotten: 1_996, held: 4 });
    expect(await count(InboxEventSchema)).to.equal(4);
  });

  it('stops between two pieces when it is told to', async () => {
    await oldBodies(['applied']);
    const [ended] = await Promise.allSettled([
      enforceRetention(retentionOf(domain.deps, USUAL), AbortSignal.abort(new Error('stop'))),
    ]);
    expect(ended?.status).to.equal('rejected');
    expect(await count(InboxEventSchema)).to.equal(1);
  });

  it('is told to the audit log, whose chain holds', async () => {
    await oldBodies(['applied', 'staff']);
    await forget(domain.deps, USUAL);
    const { database, auditSigner } = domain.deps;
    const [entry] = await database.reader.findBy(AuditEntrySchema, { act: 'retention.enforced' });
    expect(JSON.parse(entry?.after ?? '{}')).to.deep.equal({ forgotten: { raw: 1 }, held: { raw: 1 } });
    expect((await checkAudit({ database, auditSigner })).broken).to.equal(undefined);
  });

  it('reads every table by an order that has an index', async () => {
    for (const kind of retentionKinds(daysOf())) {
      const { reader } = domain.deps.database;
      const columns = kind.order === 'made' ? ['id'] : ['last_seen_at', 'id'];
      const { indices, primaryColumns } = reader.connection.entityMetadatas.find(
        ({ tableName }) => tableName === kind.table,
      ) as { indices: { columns: { databaseName: string }[] }[]; primaryColumns: { databaseName: string }[] };
      const led = [primaryColumns, ...indices.map((one) => one.columns)].map((some) =>
        some.map(({ databaseName }) => databaseName).join(),
      );
      expect(led, kind.name).to.include(columns.join());
      await reader.query(`SELECT id FROM ${kind.table} WHERE ${kind.held(0)} LIMIT 1`);
    }
  });
});

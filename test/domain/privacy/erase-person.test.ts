import { expect } from 'chai';
import { listLinks } from '../../../src/domain/accounts/index.ts';
import { findApproval } from '../../../src/domain/approvals/index.ts';
import { AuditEntrySchema, checkAudit } from '../../../src/domain/audit/index.ts';
import { CustomerSchema, findCustomer, setLanguage, setPromptBlock } from '../../../src/domain/customers/index.ts';
import { NoteSchema } from '../../../src/domain/notes/index.ts';
import { checkPayer } from '../../../src/domain/payments/index.ts';
import {
  type Erasure,
  ErasureSchema,
  erasureOf,
  proposeErasure,
  voteOnErasure,
  withdrawErasure,
} from '../../../src/domain/privacy/index.ts';
import { wantsReminders } from '../../../src/domain/reminders/index.ts';
import { gatherHours, rebuildHours } from '../../../src/domain/reports/index.ts';
import { search } from '../../../src/domain/search/index.ts';
import { personStory } from '../../../src/domain/stories/index.ts';
import { type Msisdn, spellingsOf } from '../../../src/kernel/index.ts';
import { trialBalance } from '../../../src/money/ledger/index.ts';
import type { Database } from '../../../src/platform/database/index.ts';
import { InboxEventSchema } from '../../../src/platform/inbox/index.ts';
import { type Domain, newMsisdn, openDomain, staysSound } from '../../support/domain-deps.ts';
import { dumpTexts } from '../../support/dump.ts';
import { actorOf } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { current, payByCallback, prompt, refusalOf } from '../../support/stories.ts';
import { HOLDER, NICKNAME, NOTE, type WholePerson, wholePerson, write } from '../../support/whole-person.ts';

const DAY_MS = 86_400_000;
const NAME = 'JANE WANJIKU';

describeOnStores('a person who is erased', (stores) => {
  let domain: Domain;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  const propose = (msisdn: Msisdn, by = 'amina') =>
    proposeErasure(domain.deps, actorOf(by), { msisdn, reason: 'he asked us to', makerId: by });
  async function vote({ approvalId }: Erasure, verdict: 'grant' | 'reject' = 'grant', by = 'lucy'): Promise<void> {
    const { approval } = await findApproval(domain.deps, { id: approvalId, scope: 'house' });
    const voter = { id: by, roles: ['administrator'], scope: 'house' };
    const { subjectHash } = approval;
    const said = { approvalId, voter, verdict, subjectHash, reason: 'looked at it' };
    await voteOnErasure(domain.deps, actorOf(by), said);
  }
  const now = ({ id }: Erasure) => domain.deps.database.reader.findOneByOrFail(ErasureSchema, { id });
  async function erase(msisdn: Msisdn): Promise<Erasure> {
    const erasure = await propose(msisdn);
    await vote(erasure);
    await domain.runOutbox();
    return now(erasure);
  }

  /** Where something stands that should be nowhere. */
  async function whereIs({ msisdn }: Pick<WholePerson, 'msisdn'>): Promise<string[]> {
    const { pattern } = spellingsOf(msisdn);
    const texts = await dumpTexts(domain.deps.database);
    return texts.filter(
      (text) => text.search(pattern) >= 0 || [HOLDER, NAME, NICKNAME, NOTE].some((word) => text.includes(word)),
    );
  }
  const figures = async () =>
    (await dumpTexts(domain.deps.database))
      .filter((text) => /^hour_\w+\./.test(text) && !/^hour_\w+\.id:/.test(text))
      .sort();
  const gather = () => gatherHours({ ...domain.deps, timeZone: 'Africa/Nairobi' });

  it('is nowhere in the database any more, and the books and the audit log are as they were', async () => {
    const person = await wholePerson(domain);
    await gather();
    const [books, hours] = [await trialBalance(domain.deps.database), await figures()];
    expect((await whereIs(person)).length, 'there was something to erase').to.be.above(20);
    expect(hours.length).to.be.above(10);

    expect(await erase(person.msisdn)).to.include({ state: 'done', sealedNumber: null, pseudonym: null });
    expect(await whereIs(person)).to.deep.equal([]);
    expect(await trialBalance(domain.deps.database)).to.deep.equal(books);
    expect((await checkAudit(domain.deps)).broken).to.equal(undefined);
    await rebuildHours({ ...domain.deps, timeZone: 'Africa/Nairobi' }, domain.clock.now() - 10 * DAY_MS);
    await gather();
    expect(await figures()).to.deep.equal(hours);
    expect((await domain.messages().catch(() => [])).length).to.equal(0);
  });

  it('is one pseudonym where he was, and leaves the data of others alone', async () => {
    const { own, forFriend, byFriend, friend } = await wholePerson(domain);
    await erase(own.payer);
    const [mine, his, theirs] = await Promise.all(
      [own, forFriend, byFriend].map(({ payment }) => current(domain, payment.id)),
    );
    const pseudonym = mine?.payment.payer as string;
    expect(pseudonym).to.match(/^x[0-9a-f]{15}$/);
    expect(mine?.payment).to.include({ dialler: pseudonym, holder: '', sessionKey: null, state: 'posted' });
    expect(mine?.payment.account).to.equal(own.payment.account);
    expect(mine?.payment.amountMinor).to.equal(own.payment.amountMinor);
    expect(mine?.transfer).to.include({ payer: pseudonym, payerName: null, receipt: own.transfer.receipt });
    expect(his?.payment).to.include({ dialler: friend, payer: pseudonym, holder: forFriend.payment.holder });
    expect(theirs?.payment).to.include({ dialler: pseudonym, payer: friend, holder: '' });
    expect(theirs?.transfer.payer).to.equal(friend);
    const bodies = await domain.deps.database.reader.findBy(InboxEventSchema, { subjectId: byFriend.transfer.id });
    expect(
      bodies.some(({ body }) => body.includes(friend.slice(1))),
      'what came of the friend stays',
    ).to.equal(true);
  });

  it('is found by no search, and his page says what became of him', async () => {
    const { msisdn } = await wholePerson(domain);
    const erasure = await erase(msisdn);
    const country = { country: 'KE', currency: 'KES', timeZone: 'Africa/Nairobi', operatorNames: ['mpesa'] };
    const { found } = await search({ ...domain.deps, ...country }, msisdn);
    expect(found.flatMap(({ payments, person }) => [...payments, ...(person ? [person] : [])])).to.deep.equal([]);
    const story = await personStory(domain.deps, { msisdn, beforeMs: domain.clock.now() + 1 });
    expect(story).to.deep.include({ customer: null, links: [], optOuts: [], entries: [] });
    expect(await erasureOf(domain.deps, msisdn)).to.include({ id: erasure.id, state: 'done' });
    expect(await erasureOf(domain.deps, newMsisdn())).to.equal(undefined);
    const acts = await domain.deps.database.reader.find(AuditEntrySchema, {
      where: { subjectId: erasure.id },
      order: { position: 'ASC' },
    });
    expect(acts.map(({ actorId, act }) => `${actorId} ${act}`)).to.deep.equal([
      ...['amina erasure.proposed', 'lucy erasure.vote-grant', 'erasure erasure.begun', 'erasure erasure.done'],
    ]);
  });

  it('is not erased while money of his is open: the payments are named', async () => {
    const story = await prompt(domain);
    const open = await refusalOf(propose(story.payer));
    expect(open).to.deep.include({ code: 'erasure.open', details: { payments: story.payment.reference } });
    await payByCallback(domain, story);
    await domain.runOutbox();
    expect((await refusalOf(propose(story.payer))).code, 'a statement can still say otherwise').to.equal(
      'erasure.open',
    );
    await domain.runFor(3 * DAY_MS + 1);
    const erasure = await propose(story.payer);
    expect((await refusalOf(propose(story.payer, 'lucy'))).code).to.equal('erasure.already');
    const second = await prompt(domain, { dialler: story.payer });
    expect((await refusalOf(vote(erasure))).code, 'he has paid since').to.equal('erasure.open');
    await payByCallback(domain, second);
    await domain.runFor(4 * DAY_MS);
    await vote(erasure);
    expect((await refusalOf(vote(erasure))).code).to.equal('approval.decided');
    await domain.runOutbox();
    expect((await now(erasure)).state).to.equal('done');
  });

  it('waits where he dials between the last vote and its work', async () => {
    const msisdn = newMsisdn();
    await setLanguage(domain.deps, { msisdn, language: 'sw' });
    const erasure = await propose(msisdn);
    await vote(erasure);
    const story = await prompt(domain, { dialler: msisdn });
    await domain.runOutbox();
    expect((await now(erasure)).state).to.equal('granted');
    await payByCallback(domain, story);
    await domain.runOutbox();
    await domain.clock.advance(2 * DAY_MS);
    await domain.runOutbox();
    expect((await now(erasure)).state).to.equal('granted');
    expect((await domain.payment({ id: story.payment.id })).payer).to.equal(msisdn);
    await domain.clock.advance(2 * DAY_MS);
    await domain.runOutbox();
    expect((await now(erasure)).state).to.equal('done');
    expect(await whereIs({ msisdn })).to.deep.equal([]);
  });

  it('is erased by nobody alone, and not after a no or when it was taken back', async () => {
    const msisdn = newMsisdn();
    await setLanguage(domain.deps, { msisdn, language: 'sw' });
    const first = await propose(msisdn);
    expect((await refusalOf(vote(first, 'grant', 'amina'))).code).to.equal('approval.own');
    await vote(first, 'reject');
    await domain.runOutbox();
    expect(await now(first)).to.include({ state: 'declined', sealedNumber: null, pendingKey: null });
    const second = await propose(msisdn);
    const { approvalId } = second;
    await withdrawErasure(domain.deps, actorOf('amina'), { approvalId, makerId: 'amina', reason: 'not him' });
    expect((await now(second)).state).to.equal('withdrawn');
    await domain.runFor(DAY_MS);
    expect((await findCustomer(domain.deps, { msisdn }))?.language).to.equal('sw');
    expect(await whereIs({ msisdn })).to.have.length(1);
  });

  it('begins anew when he dials again, and what he did not want is remembered', async () => {
    const { msisdn } = await wholePerson(domain);
    await setPromptBlock(domain.deps, { msisdn, language: 'sw', blocked: true });
    await erase(msisdn);
    expect(await findCustomer(domain.deps, { msisdn })).to.equal(undefined);
    const again = await prompt(domain, { dialler: msisdn });
    await payByCallback(domain, again);
    await domain.runOutbox();
    expect((await current(domain, again.payment.id)).payment).to.include({ payer: msisdn, state: 'posted' });
    expect(domain.sms.to(msisdn).at(-1)).to.include(again.payment.reference);
    const customer = await findCustomer(domain.deps, { msisdn });
    expect(customer).to.include({ hasPin: false, language: 'en', promptsBlocked: true });
    expect(await listLinks(domain.deps, { msisdn })).to.deep.equal([]);
    expect(await wantsReminders(domain.deps, { msisdn }), 'he had sent STOP').to.equal(false);
    const asked = checkPayer(domain.deps, { dialler: newMsisdn(), payerText: msisdn });
    expect((await refusalOf(asked)).code).to.equal('payer.blocked');
    await write(domain, msisdn, 'START');
    expect(await wantsReminders(domain.deps, { msisdn })).to.equal(true);
    await domain.runFor(DAY_MS);
    expect((await domain.payment({ id: again.payment.id })).payer, 'nobody erases him a second time').to.equal(msisdn);
  });

  it('is erased to the end when the process dies, wherever it does', async function () {
    this.timeout(240_000);
    for (const commits of [0, 1, 6, 13]) {
      await domain.reset();
      const person = await wholePerson(domain);
      const erasure = await propose(person.msisdn);
      await vote(erasure);
      await domain.handlers.get('approval.granted.erasure')?.handle({ subjectId: erasure.id }, {} as never);
      const { database } = domain.deps;
      let left = commits;
      const dying: Database = {
        ...database,
        transaction: (work) => {
          left -= 1;
          return left < 0 ? Promise.reject(new Error('the process died')) : database.transaction(work);
        },
      };
      Object.assign(domain.deps, { database: dying });
      const carry = domain.handlers.get('erasure.carry-out');
      const [died] = await Promise.allSettled([carry?.handle({ erasureId: erasure.id }, {} as never)]);
      Object.assign(domain.deps, { database });
      expect(died?.status, `${commits}`).to.equal('rejected');
      await domain.runOutbox();
      expect((await now(erasure)).state, `${commits}`).to.equal('done');
      expect(await whereIs(person), `${commits}`).to.deep.equal([]);
      const { reader } = database;
      expect(await reader.countBy(AuditEntrySchema, { subjectId: erasure.id }), `${commits}`).to.equal(4);
    }
  });

  it('is erased once when two workers are at it, and twice is one proposal', async () => {
    const person = await wholePerson(domain);
    const proposed = await Promise.allSettled([propose(person.msisdn, 'amina'), propose(person.msisdn, 'lucy')]);
    expect(proposed.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    const erasure = proposed.find((one) => one.status === 'fulfilled')?.value as Erasure;
    await vote(erasure, 'grant', 'grace');
    await domain.handlers.get('approval.granted.erasure')?.handle({ subjectId: erasure.id }, {} as never);
    const carry = domain.handlers.get('erasure.carry-out');
    const both = [0, 1].map(() => carry?.handle({ erasureId: erasure.id }, {} as never));
    await Promise.all(both);
    await domain.runOutbox();
    expect(await whereIs(person)).to.deep.equal([]);
    const pseudonyms = await domain.deps.database.reader.query(
      "SELECT DISTINCT payer FROM payment WHERE payer LIKE 'x%'",
    );
    expect(pseudonyms).to.have.length(1);
  });

  it('is taken out of what nobody assigned to him, but not while somebody has to look at it', async () => {
    const { msisdn } = await wholePerson(domain);
    const { ids, clock } = domain.deps.runtime;
    const row = (state: 'unmatched' | 'new', body: string) => ({
      ...{ id: ids.next(), provider: 'mpesa', kind: 'c2b', bodyHash: ids.next(), token: null, body, state },
      ...{ subjectId: null, note: null, receivedAtMs: clock.now() },
    });
    const local = `0${msisdn.slice(4)}`;
    const another = `9${msisdn.slice(1)}7`;
    await domain.deps.database.transaction(async (tx) => {
      await tx.insert(InboxEventSchema, row('unmatched', `{"from":"${local}"}`));
      await tx.insert(InboxEventSchema, row('unmatched', `{"meter":"${another}"}`));
      await tx.insert(InboxEventSchema, row('new', `{"MSISDN":${msisdn.slice(1)}}`));
      await tx.insert(NoteSchema, {
        ...{ id: ids.next(), subjectId: ids.next(), authorId: 'amina', body: `call ${msisdn} too`, atMs: clock.now() },
      });
    });
    const erasure = await erase(msisdn);
    expect(erasure.state).to.equal('running');
    await domain.deps.database.transaction((tx) =>
      tx.update(InboxEventSchema, { state: 'new' }, { state: 'repeated' }),
    );
    await domain.runFor(DAY_MS);
    expect((await now(erasure)).state).to.equal('done');
    expect(await whereIs({ msisdn })).to.deep.equal([]);
    const bodies = (await domain.deps.database.reader.find(InboxEventSchema)).map(({ body }) => body);
    expect(bodies, 'a longer number is another one').to.include(`{"meter":"${another}"}`);
    const [note] = await domain.deps.database.reader.find(NoteSchema);
    expect(note?.body).to.match(/^call x[0-9a-f]{15} too$/);
    expect(await domain.deps.database.reader.countBy(CustomerSchema, { msisdn })).to.equal(0);
  });
});

import { expect } from 'chai';
import { AuditEntrySchema } from '../../../src/domain/audit/index.ts';
import { CustomerSchema } from '../../../src/domain/customers/index.ts';
import { exportPerson, SECTIONS } from '../../../src/domain/privacy/index.ts';
import { lookAtNumber } from '../../../src/domain/support/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { maskMsisdn } from '../../../src/kernel/index.ts';
import { type Domain, METER, newMsisdn, openDomain, staysSound, WATER_ACCOUNT } from '../../support/domain-deps.ts';
import { actorOf } from '../../support/refund-stories.ts';
import { describeOnStores } from '../../support/stores.ts';
import { prompt } from '../../support/stories.ts';
import { HOLDER, NICKNAME, NOTE, wholePerson } from '../../support/whole-person.ts';

type Rows = Record<string, unknown>[];

describeOnStores('the file of a person', (stores) => {
  let domain: Domain;
  before(async () => {
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  staysSound(() => domain);

  async function fileOf(msisdn: Msisdn): Promise<{ text: string; file: Record<string, Rows> & { number: string } }> {
    let text = '';
    const pieces = await exportPerson(domain.deps, actorOf('admin'), { msisdn, reason: 'he asked for it' });
    for await (const piece of pieces) text += piece;
    return { text, file: JSON.parse(text) };
  }

  it('has something of every section, with texts and tokens in the open, and no secret', async () => {
    const { msisdn, friend, own, forFriend, byFriend } = await wholePerson(domain);
    await lookAtNumber(domain.deps as never, actorOf('amina'), msisdn);
    const { text, file } = await fileOf(msisdn);
    for (const { name } of SECTIONS) expect(file[name], name).to.not.deep.equal([]);
    expect(file.number).to.equal(msisdn);
    const payment = (id: string) => file.payments?.find((one) => one.id === id) as Record<string, unknown>;
    expect(payment(own.payment.id)).to.include({ amountMinor: '50000', account: METER, holder: HOLDER, payer: msisdn });
    expect(payment(own.payment.id).tokens).to.deep.include({ kind: 'STANDARD', digits: '9876-5432-1098-7654-3210' });
    expect(payment(own.payment.id).createdAt).to.match(/^2026-.*Z$/);
    // He paid what the friend dialled: whose account that is, is the friend's.
    expect(payment(forFriend.payment.id)).to.not.have.any.keys('account', 'holder');
    expect(payment(forFriend.payment.id)).to.include({ dialler: maskMsisdn(friend), payer: msisdn });
    expect(payment(byFriend.payment.id)).to.include({ dialler: msisdn, payer: maskMsisdn(friend) });
    expect(text).to.not.include(friend).and.not.include(friend.slice(1));
    expect(file.linkedAccounts).to.have.length(1);
    expect(file.linkedAccounts?.[0]).to.include({ account: WATER_ACCOUNT, nickname: NICKNAME, holder: HOLDER });
    expect(file.messages?.some((one) => String(one.text).includes('9876'))).to.equal(true);
    expect(file.notesOfStaff?.[0]).to.include({ body: NOTE });
    expect(file.callbacks?.some((one) => JSON.stringify(one.body).includes('STOP'))).to.equal(true);
    expect(file.actsOfStaff?.map(({ act }) => act)).to.include.members(['number.seen', 'person.exported']);
    expect(file.customer?.[0]).to.include({ language: 'sw', hasPin: true });
    const { pinHash } = await domain.deps.database.reader.findOneByOrFail(CustomerSchema, { msisdn });
    for (const kept of [pinHash as string, own.transfer.callbackToken]) expect(text).to.not.include(kept);
  });

  it('has nothing in it for a number that nobody knows, and is recorded all the same, by a hash', async () => {
    const msisdn = newMsisdn();
    const { file } = await fileOf(msisdn);
    for (const { name } of SECTIONS) {
      expect(file[name], name).to.have.length(name === 'actsOfStaff' ? 1 : 0);
    }
    const [entry] = await domain.deps.database.reader.findBy(AuditEntrySchema, { act: 'person.exported' });
    expect(entry).to.include({ actorId: 'admin', reason: 'he asked for it', subjectKind: 'person' });
    expect(JSON.stringify(entry)).to.not.include(msisdn.slice(4));
  });

  it('has all of several hundred payments, each once', async () => {
    const msisdn = newMsisdn();
    const { payment } = await prompt(domain, { dialler: msisdn });
    const { database, runtime } = domain.deps;
    await database.transaction(async (tx) => {
      for (let at = 0; at < 250; at += 1) {
        const id = runtime.ids.next();
        await tx.manager.insert('payment', {
          ...payment,
          ...{ id, reference: `M${at}`, requestKey: id, transferId: null, createdAtMs: payment.createdAtMs + (at % 3) },
        });
      }
    });
    const { file } = await fileOf(msisdn);
    expect(new Set(file.payments?.map(({ id }) => id)).size).to.equal(251);
    expect(file.payments).to.have.length(251);
  });
});

import { expect } from 'chai';
import { EVENTS } from '../../../src/channels/api/event-shapes.ts';
import {
  answerInWords,
  answerQuestion,
  countAnswers,
  PayoutAnswerSchema,
} from '../../../src/domain/payout-answers/index.ts';
import {
  listClaims,
  type PayoutBatch,
  type PayoutRow,
  PayoutRowSchema,
} from '../../../src/domain/payout-batches/index.ts';
import { listQueue } from '../../../src/domain/queues/index.ts';
import { WebhookEndpointSchema, WebhookEventSchema } from '../../../src/domain/webhooks/index.ts';
import type { Msisdn } from '../../../src/kernel/index.ts';
import { approved, type Employer, employer, fund, payAll, people, ready, rowsOf } from '../../support/batch-stories.ts';
import { type Domain, newMsisdn, openDomain } from '../../support/domain-deps.ts';
import { describeOnStores } from '../../support/stores.ts';

const DAY_MS = 86_400_000;

describeOnStores('answers of who was paid', (stores) => {
  let domain: Domain;
  let own: Employer;
  before(async () => {
    domain = await openDomain(stores());
  });
  beforeEach(async () => {
    await domain.reset();
    own = await employer(domain, { recipientNews: 'asked', language: 'sw' });
    await fund(domain, own, 100_000);
  });
  afterEach(() => domain.expectSound());
  after(() => domain.close());

  /** Everybody is paid but those who are told why not. */
  async function pay(rows = people(3), said = new Map<string, string>()): Promise<PayoutBatch> {
    const batch = await ready(domain, own, rows);
    await approved(domain, own, batch);
    await payAll(domain, batch.id, said);
    await domain.runFor(60_000);
    return batch;
  }
  const first = async ({ id }: PayoutBatch) => (await rowsOf(domain, id))[0] as PayoutRow;
  const referenceOf = async (row: PayoutRow) =>
    (await domain.transfers()).find(({ id }) => id === row.transferId)?.reference ?? '';

  let ids = 0;
  async function write(from: Msisdn, text: string, id = `a${++ids}`): Promise<string | undefined> {
    const before = domain.sms.to(from).length;
    const body = JSON.stringify({ id, from, to: '20384', text, date: `2026-11-20 12:00:${ids}` });
    await domain.deps.inbox.keep({ provider: 'africastalking', kind: 'incoming', body });
    await domain.runOutbox();
    return domain.sms.to(from)[before];
  }
  const answers = (rowId: string) =>
    domain.deps.database.reader.find(PayoutAnswerSchema, { where: { rowId }, order: { id: 'ASC' } });
  const claimsOf = async (batch: PayoutBatch) =>
    (await listClaims(domain.deps, { batchId: batch.id, which: 'all', limit: 10 })).claims;

  it('come by SMS in any language, are kept each, and a no is for people to look at', async () => {
    const batch = await pay();
    const row = await first(batch);
    const reference = await referenceOf(row);
    expect(domain.sms.to(row.msisdn).at(-1)).to.match(
      /Zimefika\? Tuma NDIYO au HAPANA kwa 20384, au piga \*384\*123\*7#$/,
    );

    expect(await write(row.msisdn, '2'), 'in the language of the question')
      .to.include('hazijafika')
      .and.include(reference);
    expect(await first(batch)).to.deep.include({ answer: 'no' });
    const [claim] = await claimsOf(batch);
    expect(claim).to.include({ state: 'proposed', openedBy: 'recipient', rowId: row.id });
    const [waiting] = (await listQueue(domain.deps, 'claims')).items;
    expect(waiting).to.include({ id: claim?.id, detail: 'proposed', amountMinor: row.amountMinor });

    await domain.clock.advance(1_000);
    expect(await write(row.msisdn, `Oui!! ${reference.toLowerCase()}`, 'again')).to.include(reference);
    await write(row.msisdn, `Oui!! ${reference.toLowerCase()}`, 'again');
    expect(await first(batch)).to.deep.include({ answer: 'yes', state: 'paid' });
    const kept = await answers(row.id);
    expect(kept.map(({ answer, channel, replacedAtMs }) => [answer, channel, replacedAtMs === null])).to.deep.equal([
      ['no', 'sms', false],
      ['yes', 'sms', true],
    ]);
    expect(await countAnswers(domain.deps, batch.id)).to.deep.equal({ yes: 1, no: 0 });
    expect(
      (await claimsOf(batch)).map(({ state }) => state),
      'a person ends it',
    ).to.deep.equal(['proposed']);
  });

  it('are asked for again where the words mean nothing, both, or one of several payouts', async () => {
    const rows = people(1);
    const [one, two] = [await pay(rows), await pay(rows.map((row) => ({ ...row, amountMinor: 200_000n })))];
    const { msisdn } = await first(one);
    const references = [await referenceOf(await first(one)), await referenceOf(await first(two))];
    const which = await write(msisdn, 'NDIYO');
    for (const reference of references) expect(which).to.include(reference);
    expect(await write(msisdn, 'what is this?')).to.match(/Andika NDIYO M\w{9} au HAPANA M\w{9}/);
    expect(await write(msisdn, 'what is this?'), 'and once an hour').to.equal(undefined);
    await domain.clock.advance(3_601_000);
    expect(await write(msisdn, 'yes no')).to.include('Hatukuelewa');
    expect([(await first(one)).answer, (await first(two)).answer]).to.deep.equal([null, null]);
    await write(msisdn, `hapana ${references[1]}`, 'named');
    expect(await write(msisdn, 'ndio'), 'one is open still').to.include(references[0]);
    expect([(await first(one)).answer, (await first(two)).answer]).to.deep.equal(['yes', 'no']);
    // The process died before the message was marked: the same words mean what they meant.
    const turnKey = (await answers((await first(one)).id))[0]?.turnKey ?? '';
    const again = await answerInWords(domain.deps, { msisdn, answer: 'yes', channel: 'sms', turnKey });
    expect(again).to.deep.include({ kind: 'noted', answer: 'yes' });
  });

  it('are taken from the number that was paid alone, about what was paid and asked, and for thirty days', async () => {
    const rows = people(2);
    const batch = await pay(rows, new Map([[rows[1]?.msisdn ?? '', '2040']]));
    const row = await first(batch);
    const failed = (await rowsOf(domain, batch.id))[1] as PayoutRow;
    const refusal = async ({ msisdn, id: rowId }: Pick<PayoutRow, 'msisdn' | 'id'>) => {
      const given = { msisdn, rowId, answer: 'no', channel: 'ussd', turnKey: `t${++ids}` } as const;
      return answerQuestion(domain.deps, given).then(
        () => 'noted',
        ({ code }) => code,
      );
    };
    expect([failed.state, failed.askedAtMs]).to.deep.equal(['failed', null]);
    expect(await refusal(failed)).to.equal('answer.unknown');
    const stranger = newMsisdn();
    expect(await refusal({ msisdn: stranger, id: row.id })).to.equal('answer.unknown');
    expect(await write(stranger, `NO ${await referenceOf(row)}`)).to.include('This number is not asked about money');
    expect(await write(failed.msisdn, 'NO')).to.include('Nobody asks this number about money');
    expect(await write(stranger, '1'), 'a mere digit').to.include('Write PAY account amount');
    await domain.deps.database.transaction((tx) => tx.update(PayoutRowSchema, { id: row.id }, { state: 'reversed' }));
    expect(await refusal(row), 'the money went back').to.equal('answer.unknown');
    await domain.deps.database.transaction((tx) => tx.update(PayoutRowSchema, { id: row.id }, { state: 'paid' }));
    expect(await refusal(row)).to.equal('noted');
    await domain.clock.advance(30 * DAY_MS);
    expect(await refusal(row)).to.equal('answer.unknown');
    expect(await claimsOf(batch)).to.have.length(1);
  });

  it('are kept once when two come at once, and so often and no more', async () => {
    const batch = await pay(people(1));
    const { id: rowId, msisdn } = await first(batch);
    const say = (answer: 'yes' | 'no', turnKey: string) =>
      answerQuestion(domain.deps, { msisdn, rowId, answer, channel: 'ussd', turnKey });
    await Promise.all([say('no', 'same'), say('no', 'same'), say('no', 'other'), say('no', 'other')]);
    expect(await answers(rowId)).to.have.length(2);
    expect((await answers(rowId)).filter(({ replacedAtMs }) => replacedAtMs === null)).to.have.length(1);
    expect(await claimsOf(batch)).to.have.length(1);
    for (let turn = 0; turn < 18; turn += 1) await say('yes', `turn ${turn}`);
    expect(await say('no', 'one more').catch(({ code }) => code)).to.equal('answer.too-many');
    expect((await first(batch)).answer).to.equal('yes');
  });

  it('are told to the organisation’s system: the first word, and each that says otherwise', async () => {
    const { database, runtime } = domain.deps;
    const at = runtime.clock.now();
    const endpoint = (ownerId: string, eventTypes: string) => ({
      ...{
        id: runtime.ids.next(),
        ownerKind: 'organisation' as const,
        ownerId,
        url: `https://a.example/${eventTypes}`,
      },
      ...{ eventTypes, state: 'enabled' as const, reason: 'added', createdAtMs: at, changedAtMs: at },
    });
    await database.transaction((tx) =>
      tx.insert(WebhookEndpointSchema, endpoint(own.organisation.id, 'payout.answered')),
    );
    const batch = await pay(people(1));
    const { id: rowId, msisdn, rowNo } = await first(batch);
    const say = (answer: 'yes' | 'no', turnKey: string) =>
      answerQuestion(domain.deps, { msisdn, rowId, answer, channel: 'ussd', turnKey });
    await Promise.all([say('no', 'one'), say('no', 'one')]);
    await say('no', 'the same in other words');
    await say('yes', 'it came after all');
    await say('no', 'one');
    const where = { eventType: 'payout.answered' };
    const told = await database.reader.find(WebhookEventSchema, { where, order: { id: 'ASC' } });
    const [claim] = await claimsOf(batch);
    const [no, yes, ...more] = told.map(({ body }) => JSON.parse(body).data);
    const about = { batch: batch.number, rowId, row: rowNo };
    expect(no).to.include({ ...about, answer: 'no', previous: null, answers: 1, claimId: claim?.id });
    expect(yes).to.include({ ...about, answer: 'yes', previous: 'no', answers: 3, claimId: null });
    expect(more).to.deep.equal([]);
    for (const { body, ownerId } of told) {
      expect(ownerId).to.equal(own.organisation.id);
      expect(body, 'no whole number').not.to.contain(msisdn.slice(1));
      const given = JSON.parse(body);
      expect(EVENTS['payout.answered'].shape.parse(given)).to.deep.equal(given);
    }
  });
});

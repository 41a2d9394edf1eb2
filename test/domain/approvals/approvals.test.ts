import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { schema } from '../../../ormconfig.ts';
import {
  type Approval,
  type ApprovalDeps,
  ApprovalSchema,
  ApprovalVoteSchema,
  castVote,
  mayVote,
  type Policy,
  type Submission,
  submitApproval,
  withdrawApproval,
} from '../../../src/domain/approvals/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeOutbox, OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const ONE: Policy = { name: 'one', steps: [{ roles: ['finance'], votes: 1 }] };
const TWO_STEPS: Policy = {
  name: 'two steps',
  steps: [
    { roles: ['finance', 'approver'], votes: 2 },
    { roles: ['administrator'], votes: 1 },
  ],
};

describeOnStores('approvals', (stores) => {
  let database: Database;
  let deps: ApprovalDeps;
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
    deps = { runtime: systemRuntime, database, outbox: makeOutbox(systemRuntime, database) };
  });
  after(() => database?.close());

  const { ids } = systemRuntime;
  const submit = (change: Partial<Submission> = {}) =>
    database.transaction((tx) =>
      submitApproval(deps, tx, {
        ...{ kind: 'refund', subjectId: ids.next(), subjectHash: hashOf('refund'), scope: 'house', amount: kes(500) },
        ...{ policy: ONE, makerId: 'maker', reason: 'paid twice' },
        ...change,
      }),
    );
  const vote = (approval: Approval, id: string, roles: string[], verdict: 'grant' | 'reject' = 'grant') =>
    castVote(deps, {
      ...{ approvalId: approval.id, verdict, subjectHash: hashOf('refund'), reason: 'looked at it' },
      voter: { id, roles, scope: 'house' },
    });
  const eventsOf = async ({ id }: Approval) =>
    (await database.reader.findBy(OutboxRowSchema, {}))
      .filter((row) => row.payload.includes(id))
      .map((row) => row.topic);

  it('is granted by another person with the role, and says so once', async () => {
    const approval = await submit();
    expect(approval).to.include({ state: 'pending', step: 0 });
    expect(await vote(approval, 'fatma', ['support', 'finance'])).to.include({ state: 'granted' });
    expect(await eventsOf(approval)).to.deep.equal(['approval.granted.refund']);
    expect((await refusalOf(vote(approval, 'juma', ['finance']))).code).to.equal('approval.decided');
  });

  it('is never granted by its maker, nor by who edited it', async () => {
    const approval = await submit({ editorIds: ['editor'] });
    for (const id of ['maker', 'editor']) {
      const everything = ['finance', 'administrator', 'approver'];
      expect((await refusalOf(vote(approval, id, everything))).code).to.equal('approval.own');
    }
    expect(await database.reader.countBy(ApprovalVoteSchema, { approvalId: approval.id })).to.equal(0);
  });

  it('takes one vote a person across all steps', async () => {
    const approval = await submit({ policy: TWO_STEPS });
    expect(await vote(approval, 'fatma', ['finance', 'administrator'])).to.include({ state: 'pending', step: 0 });
    expect((await refusalOf(vote(approval, 'fatma', ['finance', 'administrator']))).code).to.equal('approval.voted');
    expect(await vote(approval, 'juma', ['approver'])).to.include({ state: 'pending', step: 1 });
    expect((await refusalOf(vote(approval, 'fatma', ['administrator']))).code).to.equal('approval.voted');
    expect((await refusalOf(vote(approval, 'peter', ['finance']))).code).to.equal('approval.role');
    expect(await vote(approval, 'grace', ['administrator'])).to.include({ state: 'granted' });
  });

  it('ends with one rejection', async () => {
    const approval = await submit({ policy: TWO_STEPS });
    await vote(approval, 'fatma', ['finance']);
    expect(await vote(approval, 'juma', ['finance'], 'reject')).to.include({ state: 'rejected' });
    expect(await eventsOf(approval)).to.deep.equal(['approval.rejected.refund']);
  });

  it('refuses the vote of who saw something else', async () => {
    const approval = await submit({ subjectHash: hashOf('changed since') });
    expect((await refusalOf(vote(approval, 'fatma', ['finance']))).code).to.equal('approval.changed');
  });

  it('starts again when the thing is submitted anew', async () => {
    const first = await submit({ policy: TWO_STEPS });
    await vote(first, 'fatma', ['finance']);
    const second = await submit({ policy: TWO_STEPS, subjectId: first.subjectId });
    expect((await refusalOf(vote(first, 'juma', ['finance']))).code).to.equal('approval.decided');
    expect(await vote(second, 'fatma', ['finance'])).to.include({ state: 'pending', step: 0 });
    expect(await database.reader.findOneBy(ApprovalSchema, { id: first.id })).to.include({ state: 'outdated' });
  });

  it('keeps the policy of its submission', async () => {
    const approval = await submit({ policy: TWO_STEPS });
    const kept = await database.reader.findOneByOrFail(ApprovalSchema, { id: approval.id });
    expect(JSON.parse(kept.policy)).to.deep.equal(TWO_STEPS);
  });

  it('takes no policy that nobody has to look at', async () => {
    for (const steps of [[], [{ roles: [], votes: 1 }], [{ roles: ['finance'], votes: 0 }]]) {
      const [result] = await Promise.allSettled([submit({ policy: { name: 'empty', steps } })]);
      expect(result?.status).to.equal('rejected');
    }
  });

  it('is hidden from people of another scope', async () => {
    const approval = await submit({ scope: 'organisation-1' });
    expect((await refusalOf(vote(approval, 'fatma', ['finance']))).code).to.equal('approval.not-found');
  });

  it('is withdrawn by its maker alone', async () => {
    const approval = await submit();
    const withdraw = (makerId: string) =>
      database.transaction((tx) => withdrawApproval(deps, tx, { approvalId: approval.id, makerId }));
    expect((await refusalOf(withdraw('fatma'))).code).to.equal('approval.not-own');
    expect(await withdraw('maker')).to.include({ state: 'withdrawn' });
    expect((await refusalOf(vote(approval, 'fatma', ['finance']))).code).to.equal('approval.decided');
  });

  it('lets one of two last votes at the same moment decide', async () => {
    const approval = await submit();
    const both = await Promise.allSettled([vote(approval, 'fatma', ['finance']), vote(approval, 'juma', ['finance'])]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    expect(await eventsOf(approval)).to.deep.equal(['approval.granted.refund']);
  });

  it('needs as many different people as its policy has votes, whoever tries what in which order', async () => {
    const people = ['maker', 'a', 'b', 'c', 'd'];
    const roles = ['finance', 'approver', 'administrator'];
    const attempt = fc.record({ who: fc.constantFrom(...people), as: fc.subarray(roles, { minLength: 1 }) });
    const steps = fc.array(
      fc.record({ roles: fc.subarray(roles, { minLength: 1 }), votes: fc.integer({ min: 1, max: 2 }) }),
      { minLength: 1, maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.array(attempt, { maxLength: 10 }), async (steps, attempts) => {
        const approval = await submit({ policy: { name: 'drawn', steps } });
        for (const { who, as } of attempts) {
          const voter = { id: who, roles: as, scope: 'house' };
          const now = await database.reader.findOneByOrFail(ApprovalSchema, { id: approval.id });
          const votes = await database.reader.findBy(ApprovalVoteSchema, { approvalId: approval.id });
          const offered = mayVote(
            now,
            voter,
            votes.map(({ voterId }) => voterId),
          );
          const [result] = await Promise.allSettled([vote(approval, who, as)]);
          expect(result?.status === 'fulfilled', 'a page offers what the vote takes').to.equal(offered);
        }
        const { state } = await database.reader.findOneByOrFail(ApprovalSchema, { id: approval.id });
        const voters = await database.reader.findBy(ApprovalVoteSchema, { approvalId: approval.id });
        const needed = steps.reduce((sum, { votes }) => sum + votes, 0);
        expect(voters.map(({ voterId }) => voterId)).not.to.include('maker');
        expect(new Set(voters.map(({ voterId }) => voterId)).size).to.equal(voters.length);
        expect(state === 'granted').to.equal(voters.length === needed);
      }),
      { numRuns: 12 },
    );
  });
});

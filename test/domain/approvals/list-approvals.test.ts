import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import {
  type Approval,
  type ApprovalDeps,
  castVote,
  findApproval,
  listPending,
  outdateApproval,
  type Policy,
  type Submission,
  submitApproval,
} from '../../../src/domain/approvals/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { makeOutbox } from '../../../src/platform/outbox/index.ts';
import { kes } from '../../support/fake-providers.ts';
import { describeOnStores } from '../../support/stores.ts';
import { refusalOf } from '../../support/stories.ts';

const TWO: Policy = {
  name: 'two',
  steps: [
    { roles: ['finance'], votes: 1 },
    { roles: ['administrator'], votes: 1 },
  ],
};
const HASH = 'a'.repeat(64);

describeOnStores('what waits for approval', (stores) => {
  let database: Database;
  let deps: ApprovalDeps;
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
    deps = { runtime: systemRuntime, database, outbox: makeOutbox(systemRuntime, database) };
  });
  after(() => database?.close());

  const { ids } = systemRuntime;
  const submit = (change: Partial<Submission> = {}): Promise<Approval> =>
    database.transaction((tx) =>
      submitApproval(deps, tx, {
        ...{ kind: 'refund', subjectId: ids.next(), subjectHash: HASH, scope: 'house', amount: kes(500) },
        ...{ policy: TWO, makerId: 'maker', reason: 'paid twice', ...change },
      }),
    );
  const voter = (id: string, roles: string[], scope = 'house') => ({ id, roles, scope });
  const grant = (approval: Approval, one: ReturnType<typeof voter>) =>
    castVote(deps, { approvalId: approval.id, voter: one, verdict: 'grant', subjectHash: HASH, reason: 'looked' });
  const listed = async (one: ReturnType<typeof voter>, afterId?: string) =>
    listPending(deps, { voter: one, ...(afterId === undefined ? {} : { afterId }) });
  const isMine = async ({ id }: Approval, one: ReturnType<typeof voter>) =>
    (await listed(one)).approvals.find((approval) => approval.id === id)?.isMine;

  it('is nothing at first, and nothing of another scope', async () => {
    const nobody = voter('juma', ['finance'], `scope-${ids.next().slice(0, 20)}`);
    expect(await listed(nobody)).to.deep.equal({ approvals: [], next: undefined });
    const approval = await submit();
    expect((await listed(nobody)).approvals).to.deep.equal([]);
    const foreign = findApproval(deps, { id: approval.id, scope: nobody.scope });
    expect((await refusalOf(foreign)).code).to.equal('approval.not-found');
  });

  it('is told to everyone, and marked for whoever may vote now', async () => {
    const approval = await submit();
    const [finance, administrator] = [voter('fatma', ['finance']), voter('lucy', ['administrator'])];
    expect(await isMine(approval, finance)).to.equal(true);
    expect(await isMine(approval, administrator), 'a later step').to.equal(false);
    expect(await isMine(approval, voter('maker', ['finance', 'administrator'])), 'his own').to.equal(false);
    await grant(approval, finance);
    expect(await isMine(approval, voter('fatma', ['finance', 'administrator'])), 'voted').to.equal(false);
    expect(await isMine(approval, administrator)).to.equal(true);
    expect((await findApproval(deps, { id: approval.id, scope: 'house' })).votes).to.have.length(1);
    await grant(approval, administrator);
    expect(await isMine(approval, administrator)).to.equal(undefined);
  });

  it('is outdated, and nobody votes any more, when the thing is not to be done; a decided one stays', async () => {
    const [pending, decided] = [await submit(), await submit()];
    await grant(decided, voter('fatma', ['finance']));
    await grant(decided, voter('lucy', ['administrator']));
    for (const { id } of [pending, decided]) await database.transaction((tx) => outdateApproval(deps, tx, id));
    expect((await refusalOf(grant(pending, voter('fatma', ['finance'])))).code).to.equal('approval.decided');
    const kept = await findApproval(deps, { id: decided.id, scope: 'house' });
    expect(kept.approval.state).to.equal('granted');
  });

  it('comes by pages, the oldest first, each once', async function () {
    this.timeout(30_000);
    const scope = `scope-${ids.next().slice(0, 20)}`;
    const made: string[] = [];
    for (let count = 0; count < 205; count += 1) made.push((await submit({ scope })).id);
    const one = voter('fatma', ['finance'], scope);
    const found: string[] = [];
    let afterId: string | undefined;
    do {
      const page = await listed(one, afterId);
      expect(page.approvals.length).to.be.at.most(100);
      found.push(...page.approvals.map(({ id }) => id));
      afterId = page.next;
    } while (afterId !== undefined);
    expect(found).to.deep.equal(made);
  });
});

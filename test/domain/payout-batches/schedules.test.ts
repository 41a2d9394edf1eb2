import { expect } from 'chai';
import { findApproval } from '../../../src/domain/approvals/index.ts';
import { OrganisationSchema } from '../../../src/domain/organisations/index.ts';
import {
  addRows,
  askStanding,
  type BatchEvent,
  batchHistory,
  changeSchedule,
  checkBatch,
  createSchedule,
  endStanding,
  getSchedule,
  makersOfBatch,
  moveSchedule,
  type NewSchedule,
  nextDue,
  type PayoutBatch,
  type PayoutSchedule,
  reopenBatch,
  runDueSchedules,
  runsOfSchedule,
  scheduleEvent,
  scheduleHistory,
  voteOnStanding,
} from '../../../src/domain/payout-batches/index.ts';
import { StaffMemberSchema } from '../../../src/domain/staff/index.ts';
import type { WorkingTime } from '../../../src/domain/working-time/index.ts';
import {
  approved,
  batchOf,
  type Employer,
  employer,
  fund,
  payAll,
  people,
  ready,
  rowsOf,
  staff,
} from '../../support/batch-stories.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { describeOnStores, embeddedStores } from '../../support/stores.ts';

const DAY_MS = 86_400_000;
const NAIROBI = 'Africa/Nairobi';
const KENYA: WorkingTime = {
  ...{ weekdays: new Set([1, 2, 3, 4, 5]), fromMinute: 480, toMinute: 1_020 },
  holidays: new Map([
    ['2027-03-29', 'Easter Monday'],
    ['2027-04-30', 'a day off'],
  ]),
};

describe('when a schedule is due', () => {
  const due = (rule: Parameters<typeof nextDue>[0], after: string, zone = NAIROBI) => {
    const ms = nextDue(rule, Date.parse(after), { timeZone: zone, working: KENYA });
    return ms === null ? null : new Date(ms).toISOString();
  };

  it('is by the clock on the wall, and the last day of a month that has no such day', () => {
    const monthly = { every: 'month', day: 31, at: '09:00' } as const;
    expect(due(monthly, '2027-01-31T05:59:59Z')).to.equal('2027-01-31T06:00:00.000Z');
    expect(due(monthly, '2027-01-31T06:00:00Z')).to.equal('2027-02-28T06:00:00.000Z');
    expect(due(monthly, '2028-02-01T00:00:00Z')).to.equal('2028-02-29T06:00:00.000Z');
    // In Nairobi the month, and the year, have begun already.
    expect(due({ every: 'month', day: 1, at: '00:30' }, '2026-12-31T21:15:00Z')).to.equal('2026-12-31T21:30:00.000Z');
  });

  it('is on the working day before, where that is asked for: also over holidays, weekends and the end of a month', () => {
    // Sunday the 31st of January 2027; the 29th of March is a Monday off; the 1st of May a Saturday and the 30th of April a Friday off.
    const monthly = (day: number) => ({ every: 'month', day, at: '09:00', dayOff: 'before' }) as const;
    expect(due(monthly(31), '2027-01-05T00:00:00Z')).to.equal('2027-01-29T06:00:00.000Z');
    expect(due(monthly(31), '2027-01-29T06:00:00Z'), 'not a second time').to.equal('2027-02-26T06:00:00.000Z');
    expect(due(monthly(29), '2027-03-01T00:00:00Z')).to.equal('2027-03-26T06:00:00.000Z');
    expect(due(monthly(1), '2027-04-10T00:00:00Z')).to.equal('2027-04-29T06:00:00.000Z');
    expect(due(monthly(1), '2027-04-29T06:00:00Z'), 'the month after').to.equal('2027-06-01T06:00:00.000Z');
    expect(due({ every: 'month', day: 31, at: '09:00' }, '2027-01-05T00:00:00Z')).to.equal('2027-01-31T06:00:00.000Z');
    const weekly = { every: 'week', weekday: 1, at: '09:00', dayOff: 'before' } as const;
    expect(due(weekly, '2027-03-23T00:00:00Z')).to.equal('2027-03-26T06:00:00.000Z');
    expect(due(weekly, '2027-03-26T06:00:00Z')).to.equal('2027-04-05T06:00:00.000Z');
  });

  it('is once, or each week, also over a change of the clocks', () => {
    expect(due({ every: 'once', day: '2026-12-24', at: '10:00' }, '2026-12-24T06:59:00Z')).to.equal(
      '2026-12-24T07:00:00.000Z',
    );
    expect(due({ every: 'once', day: '2026-12-24', at: '10:00' }, '2026-12-24T07:00:00Z')).to.equal(null);
    const weekly = { every: 'week', weekday: 0, at: '02:30' } as const;
    expect(due(weekly, '2027-03-22T00:00:00Z', 'Europe/Paris')).to.equal('2027-03-28T01:30:00.000Z');
    expect(due(weekly, '2027-03-28T02:00:00Z', 'Europe/Paris')).to.equal('2027-04-04T00:30:00.000Z');
  });
});

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  throw new Error('it was not refused');
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function storyOf(domain: () => Domain) {
  let own: Employer;
  let source: PayoutBatch;
  const deps = () => domain().deps;
  const day = (ahead: number) => dayOf(deps().runtime.clock.now() + ahead * DAY_MS);
  const organisationId = () => own.organisation.id;
  const grace = () => staff(own.people.initiator, organisationId());
  const terms = (change: Partial<NewSchedule> = {}): NewSchedule => ({
    ...{ name: 'Salaries', rule: { every: 'month', day: 25, at: '09:00' }, sourceBatchId: source.id },
    ...{ amounts: 'last', hours: 'at-once', ...change },
  });
  const story = {
    async begin(rows = 3, isPaid = true) {
      own = await employer(domain());
      if (isPaid) await fund(domain(), own, 100_000);
      // As the operator calls whoever it pays.
      const named = people(rows).map((row) => ({ ...row, name: 'Jane Wanjiku' }));
      source = await ready(domain(), own, named);
      await approved(domain(), own, source, rows < 100 ? ['approver'] : ['approver', 'administrator']);
      await domain().runOutbox();
      if (isPaid) await payAll(domain(), source.id);
      // The pay of these days would be a repeat of it.
      await domain().runFor(8 * DAY_MS);
    },
    own: () => own,
    source: () => source,
    grace,
    terms,
    make: (change?: Partial<NewSchedule>) =>
      createSchedule(deps(), grace(), own.organisation, { id: own.people.initiator }, terms(change)),
    again: ({ id }: PayoutSchedule) => getSchedule(deps(), id, organisationId()),
    runs: ({ id }: PayoutSchedule) => runsOfSchedule(deps(), id),
    async run(schedule: PayoutSchedule) {
      const { nextAtMs } = await story.again(schedule);
      await domain().runFor((nextAtMs ?? 0) - deps().runtime.clock.now());
      await runDueSchedules(deps());
      await domain().runOutbox();
      const [newest] = await story.runs(schedule);
      return newest;
    },
    async standing(schedule: PayoutSchedule, change: object = {}) {
      const limits = { mostMinor: 1_000_000n, mostRows: 10, lastDay: day(200), ...change };
      const approval = await askStanding(...([deps(), grace(), { id: own.people.initiator }] as const), {
        ...limits,
        scheduleId: schedule.id,
        organisationId: organisationId(),
        reason: 'the same people each month',
      });
      return approval.id;
    },
    async vote(approvalId: string, who: keyof Employer['people'], role = 'approver') {
      const { approval } = await findApproval(deps(), { id: approvalId, scope: organisationId() });
      const voter = { id: own.people[who], roles: [role], scope: organisationId() };
      await voteOnStanding(deps(), staff(voter.id, voter.scope), {
        ...{ approvalId, voter, verdict: 'grant', subjectHash: approval.subjectHash, reason: 'looked at' },
      });
      await domain().runOutbox();
    },
    async given(schedule: PayoutSchedule, change: object = {}) {
      const approval = await story.standing(schedule, change);
      await story.vote(approval, 'approver');
      if ('mostRows' in change && change.mostRows === 5_000)
        await story.vote(approval, 'administrator', 'administrator');
    },
    end: (schedule: PayoutSchedule) =>
      moveSchedule(deps(), grace(), {
        ...{ scheduleId: schedule.id, organisationId: organisationId(), to: 'ended', reason: 'enough' },
      }),
  };
  return story;
}

const reasons = (events: readonly BatchEvent[]) => events.map(({ reason }) => reason);

describe('schedules of batches', () => {
  let domain: Domain;
  const story = storyOf(() => domain);
  before(async () => {
    domain = await openDomain(await embeddedStores());
  });
  beforeEach(async () => {
    await domain.reset();
    await story.begin();
  });
  afterEach(() => domain.expectSound());
  after(() => domain.close());

  const which = (schedule: PayoutSchedule) => ({ scheduleId: schedule.id, organisationId: schedule.organisationId });

  it('make a batch of the same people at their time, which others approve and which pays them again', async () => {
    const schedule = await story.make();
    const run = await story.run(schedule);
    expect(run).to.include({ outcome: 'people', why: 'standing-none' });
    const batch = await batchOf(domain, run?.batchId ?? '');
    expect(batch).to.include({ state: 'submitted', rows: 3, totalMinor: story.source().totalMinor });
    expect(batch.previousId).to.equal(story.source().id);
    const numbers = async (id: string) =>
      (await rowsOf(domain, id)).map(({ msisdn, amountMinor }) => [msisdn, amountMinor]);
    expect(await numbers(batch.id)).to.deep.equal(await numbers(story.source().id));
    const after = await story.again(schedule);
    expect((after.nextAtMs ?? 0) - (schedule.nextAtMs ?? 0)).to.be.within(28 * DAY_MS, 31 * DAY_MS);
  });

  it('know what their last run was changed to, or pay always what one batch did', async () => {
    const last = await story.make();
    const fixed = await story.make({ amounts: 'fixed', name: 'Rent' });
    // Both are due at the same time.
    const first = await story.run(last);
    const batch = await batchOf(domain, first?.batchId ?? '');
    const { organisationId } = batch;
    const maker = { id: story.own().people.initiator };
    await reopenBatch(domain.deps, story.grace(), maker, { batchId: batch.id, organisationId, reason: 'a newcomer' });
    await addRows(domain.deps, story.grace(), maker, {
      batchId: batch.id,
      organisationId,
      rows: people(1, 9_000).map((row) => ({ ...row, name: null })),
    });
    await checkBatch(domain.deps, story.grace(), { batchId: batch.id, organisationId });
    await domain.runOutbox();
    await approved(domain, story.own(), batch);
    await payAll(domain, batch.id);
    expect((await batchOf(domain, (await story.run(last))?.batchId ?? '')).rows).to.equal(4);
    expect((await story.runs(fixed)).map((run) => run.batch?.rows)).to.deep.equal([3, 3]);
    // Nobody agreed to that run: the next is made of the one before.
    const third = await story.run(last);
    expect((await batchOf(domain, third?.batchId ?? '')).previousId).to.equal(batch.id);
  });

  it('are made of a batch that was agreed to, in time, and by name', async () => {
    const draft = await ready(domain, story.own(), people(1));
    const stranger = await employer(domain);
    expect(await refusal(story.make({ sourceBatchId: draft.id }))).to.equal('schedule.source');
    expect(await refusal(story.make({ name: ' ' }))).to.equal('schedule.name');
    expect(await refusal(story.make({ rule: { every: 'month', day: 32, at: '09:00' } }))).to.equal('schedule.rule');
    expect(await refusal(story.make({ rule: { every: 'once', day: '2026-01-01', at: '09:00' } }))).to.equal(
      'schedule.over',
    );
    const theirs = createSchedule(
      ...([domain.deps, story.grace(), stranger.organisation, { id: 'x' }, story.terms()] as const),
    );
    expect(await refusal(theirs)).to.equal('schedule.source');
  });

  it('pause, go on without what they missed meanwhile, change and end, and remember who did it', async () => {
    const schedule = await story.make();
    const move = (to: 'active' | 'paused' | 'ended') =>
      moveSchedule(domain.deps, story.grace(), { ...which(schedule), to, reason: 'so it is' });
    await move('paused');
    await domain.runFor(70 * DAY_MS);
    expect(await runDueSchedules(domain.deps)).to.equal(0);
    expect(await refusal(move('paused'))).to.equal('schedule.state');
    const resumed = await move('active');
    expect(resumed.nextAtMs).to.be.greaterThan(domain.deps.runtime.clock.now());
    expect(await story.runs(schedule)).to.have.length(0);
    const changed = await changeSchedule(
      domain.deps,
      story.grace(),
      { id: story.own().people.second },
      {
        ...{ ...which(schedule), ...story.terms({ name: 'Wages' }), reason: 'a better name' },
      },
    );
    expect(JSON.parse(changed.makers ?? '')).to.deep.equal([story.own().people.initiator, story.own().people.second]);
    await move('ended');
    expect(await refusal(move('active'))).to.equal('schedule.state');
    const history = await scheduleHistory(domain.deps, schedule.id);
    expect(history.map(({ toState }) => toState)).to.deep.equal(['active', 'paused', 'active', 'active', 'ended']);
  });

  it('make a time that was missed while nobody ran once, and end after their only one', async () => {
    const schedule = await story.make();
    const once = await story.make({ name: 'Bonus', rule: { every: 'week', weekday: 2, at: '08:00' } });
    await domain.runFor(65 * DAY_MS);
    await runDueSchedules(domain.deps);
    await domain.runOutbox();
    await runDueSchedules(domain.deps);
    expect(await story.runs(schedule)).to.have.length(1);
    expect(await story.runs(once)).to.have.length(1);
    const day = new Date(domain.deps.runtime.clock.now() + 3 * DAY_MS).toISOString().slice(0, 10);
    const bonus = await story.make({ name: 'Bonus', rule: { every: 'once', day, at: '08:00' } });
    await story.run(bonus);
    expect(await story.again(bonus)).to.include({ state: 'ended', nextAtMs: null });
  });

  it('tell people what could not be made, and go on the next time', async () => {
    const schedule = await story.make();
    const { id } = story.own().organisation;
    const state = (to: 'active' | 'suspended') =>
      domain.deps.database.transaction((tx) => tx.update(OrganisationSchema, { id }, { state: to }));
    await state('suspended');
    expect(await story.run(schedule)).to.include({
      outcome: 'not-made',
      why: 'organisation.not-active',
      batchId: null,
    });
    expect(await domain.rows(scheduleEvent.needsPeople)).to.have.length(1);
    await state('active');
    expect(await story.run(schedule)).to.include({ outcome: 'people' });
  });

  it('leave to a person who is paid the same by another batch of these days', async () => {
    const schedule = await story.make();
    await domain.runFor((schedule.nextAtMs ?? 0) - DAY_MS - domain.deps.runtime.clock.now());
    const rows = (await rowsOf(domain, story.source().id)).map(({ msisdn, amountMinor, name, reference }) => ({
      ...{ msisdn, amountMinor, name, reference },
    }));
    const again = await ready(domain, story.own(), rows.slice(0, 1));
    await approved(domain, story.own(), again);
    await payAll(domain, again.id);
    const run = await story.run(schedule);
    expect(run).to.include({ outcome: 'people', why: 'warnings' });
    expect((await batchOf(domain, run?.batchId ?? '')).state).to.equal('ready');
  });

  describe('with a standing approval', () => {
    it('are paid without a further word, and say so, while all of it holds', async () => {
      const schedule = await story.make();
      await story.given(schedule);
      for (let month = 0; month < 2; month += 1) {
        const run = await story.run(schedule);
        expect(run).to.include({ outcome: 'standing', why: null });
        const batch = run?.batch as PayoutBatch;
        expect(reasons(await batchHistory(domain.deps, batch.id))).to.include('a standing approval covers it');
        await payAll(domain, batch.id);
        expect((await batchOf(domain, batch.id)).state).to.equal('closed');
      }
      expect(domain.payouts.payouts).to.have.length(9);
    });

    it('is given by nobody who made the schedule, changed it, or made the batch that it pays again', async () => {
      const schedule = await story.make();
      const { people: ids } = story.own();
      const terms = { ...which(schedule), ...story.terms(), reason: 'hours' };
      await changeSchedule(domain.deps, story.grace(), { id: ids.second, keyId: 'k1' }, terms);
      const approval = await story.standing(schedule);
      expect(await refusal(story.vote(approval, 'initiator'))).to.equal('approval.own');
      expect(await refusal(story.vote(approval, 'second'))).to.equal('approval.own');
      expect(await refusal(story.vote(approval, 'administrator', 'administrator'))).to.equal('approval.role');
      await story.vote(approval, 'approver');
      expect((await story.again(schedule)).standingApprovers).to.contain(ids.approver);
      const run = await story.run(schedule);
      expect(run?.outcome).to.equal('standing');
      expect(makersOfBatch(run?.batch as PayoutBatch)).to.include.members([ids.initiator, ids.second, 'key:k1']);
    });

    it('covers nothing that is beyond it, which waits for people and tells them why', async () => {
      // By the clock on the wall there, three hours ahead.
      const today = () => dayOf(domain.deps.runtime.clock.now() + 3 * 3_600_000);
      const beyond = [
        [{ mostMinor: 300_000n }, 'total'],
        [{ mostRows: 2 }, 'rows'],
        [{ lastDay: '' }, 'over'],
      ] as const;
      for (const [limits, why] of beyond) {
        const schedule = await story.make({ name: `Salaries ${why}` });
        await story.given(schedule, why === 'over' ? { lastDay: today() } : limits);
        const run = await story.run(schedule);
        expect(run).to.include({ outcome: 'people', why: `standing-${why}` });
        expect(run?.batch?.state).to.equal('submitted');
        await story.end(schedule);
      }
      expect(await refusal(story.standing(await story.make(), { lastDay: '2099-01-01' }))).to.equal('standing.limits');
      expect(await refusal(story.standing(await story.make(), { mostMinor: 0n }))).to.equal('standing.limits');
    });

    it('covers nobody new, nobody under another name, and no other amount where that is fixed', async () => {
      const change: [string, Partial<NewSchedule>, string | undefined][] = [
        ["UPDATE payout_row SET name = 'Wanjiku Jane' WHERE batch_id = ? AND row_no = 1", {}, 'standing-recipients'],
        ["UPDATE payout_row SET msisdn = '+254799000111' WHERE batch_id = ? AND row_no = 1", {}, 'standing-recipients'],
        ['UPDATE payout_row SET amount_minor = amount_minor + 100 WHERE batch_id = ?', {}, undefined],
        [
          'UPDATE payout_row SET amount_minor = amount_minor + 100 WHERE batch_id = ?',
          { amounts: 'fixed' },
          'standing-recipients',
        ],
      ];
      for (const [sql, terms, why] of change) {
        const schedule = await story.make(terms);
        await story.given(schedule);
        await domain.deps.database.transaction((tx) => tx.manager.query(sql, [story.source().id]));
        const run = await story.run(schedule);
        expect(run).to.include({ why: why ?? null, outcome: why ? 'people' : 'standing' });
        if (!why) await payAll(domain, run?.batchId ?? '');
        await story.end(schedule);
      }
    });

    it('ends with a change of the schedule, by a word, with its givers, and counts not before it is given', async () => {
      const changed = await story.make();
      await story.given(changed);
      const { initiator: id, approver: personId } = story.own().people;
      const terms = { ...which(changed), ...story.terms({ hours: 'working-hours' }), reason: 'hours' };
      await changeSchedule(domain.deps, story.grace(), { id }, terms);
      expect(await story.run(changed)).to.include({ why: 'standing-none' });
      await story.end(changed);
      const ended = await story.make();
      await story.given(ended);
      await endStanding(domain.deps, story.grace(), { ...which(ended), reason: 'enough' });
      expect(await story.run(ended)).to.include({ why: 'standing-none' });
      await story.end(ended);
      const asked = await story.make();
      await story.standing(asked);
      expect(await story.run(asked)).to.include({ why: 'standing-undecided' });
      await story.end(asked);
      const left = await story.make();
      await story.given(left);
      await domain.deps.database.transaction((tx) => tx.update(StaffMemberSchema, { personId }, { state: 'disabled' }));
      expect(await story.run(left)).to.include({ why: 'standing-people-changed' });
    });
  });
});

describeOnStores('runs of a schedule', (stores) => {
  let domain: Domain;
  const story = storyOf(() => domain);
  before(async () => {
    domain = await openDomain(stores());
    await story.begin(1_200, false);
  });
  after(() => domain.close());

  it('are one batch a day, also by several at once, and by one that dies between any two commits', async () => {
    const schedule = await story.make();
    await story.given(schedule, { mostMinor: 900_000_000n, mostRows: 5_000 });
    await domain.runFor((schedule.nextAtMs ?? 0) - domain.deps.runtime.clock.now());
    for (let commits = 1; commits <= 2; commits += 1) {
      const { database } = domain.deps;
      let left = commits;
      const dying = {
        ...database,
        reader: database.reader,
        transaction: (work: Parameters<typeof database.transaction>[0]) => {
          left -= 1;
          return left < 0 ? Promise.reject(new Error('it died')) : database.transaction(work);
        },
      } as typeof database;
      await runDueSchedules({ ...domain.deps, database: dying });
      expect((await story.runs(schedule)).map(({ outcome }) => outcome)).to.deep.equal(['making']);
    }
    await Promise.all([1, 2, 3].map(() => runDueSchedules(domain.deps)));
    await Promise.all([domain.runOutbox(), domain.runOutbox()]);
    const runs = await story.runs(schedule);
    expect(runs).to.have.length(1);
    expect(runs[0]).to.include({ outcome: 'standing' });
    const batch = await batchOf(domain, runs[0]?.batchId ?? '');
    expect(batch).to.include({ rows: 1_200, totalMinor: story.source().totalMinor });
    expect((await rowsOf(domain, batch.id)).map(({ rowNo }) => rowNo)).to.deep.equal(
      Array.from({ length: 1_200 }, (_, index) => index + 1),
    );
    await domain.expectSound();
  });
});

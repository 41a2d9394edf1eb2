import { expect } from 'chai';
import { PayoutBatchSchema, PayoutScheduleSchema } from '../../src/domain/payout-batches/index.ts';
import type { StaffBrowser } from '../support/console-client.ts';
import { browserOf, memberOf } from '../support/organisation-people.ts';
import { type PlantedBatches, plantBatches } from '../support/planted-batches.ts';
import { startService, type TestService } from '../support/service.ts';
import { embeddedStores } from '../support/stores.ts';

describe('batches in the console', () => {
  let town: TestService;
  let payouts: PlantedBatches;
  before(async function () {
    this.timeout(60_000);
    town = await startService(await embeddedStores());
    payouts = await plantBatches(town.books.database);
  });
  after(() => town?.stop());

  const person = async (scope: string, roles: string): Promise<StaffBrowser> =>
    browserOf(town, await memberOf(town, { scope, roles, name: `${roles} of it` }));
  const act = async (who: StaffBrowser, page: string, name: string, fields: Record<string, string> = {}) => {
    await who.get(page);
    return who.post(`${page}/${name}`, { reason: 'as agreed by phone', ...fields });
  };

  it('say on their page and in the list when they are not what was agreed to', async () => {
    const own = payouts.organisation.id;
    const [path, id] = [payouts.ready, payouts.ready.split('/').at(-1) ?? ''];
    const paused = { state: 'approved', pauseReason: 'content', pauseDetail: 'not-as-approved' } as const;
    await town.books.database.transaction((tx) =>
      tx.update(PayoutBatchSchema, { id }, { ...paused, pausedAtMs: Date.now() }),
    );
    for (const who of [await person(own, 'initiator'), await person('house', 'finance')]) {
      const { html } = await who.get(path);
      expect(html).to.include('What is there is not what was agreed to. Nothing of it is paid.');
      expect(html).to.include('have it agreed to anew');
      expect((await who.get(path.slice(0, path.lastIndexOf('/')))).html).to.include('held');
    }
  });

  it('say how long it takes while they are being paid, and not while they are held', async () => {
    const [path, id] = [payouts.paying, payouts.paying.split('/').at(-1) ?? ''];
    const initiator = await person(payouts.organisation.id, 'initiator');
    const pause = (pauseReason: 'by-person' | null) =>
      town.books.database.transaction((tx) =>
        tx.update(PayoutBatchSchema, { id }, { pauseReason, pausedAtMs: pauseReason && Date.now() }),
      );
    expect((await initiator.get(path)).html).to.match(/people a second\..*(left|seconds|minute)/);
    await pause('by-person');
    expect((await initiator.get(path)).html).to.match(/people a second\.\s*<\/p>/);
    await pause(null);
  });

  it('have schedules: made of a past batch by one, and granted beforehand by another, within limits', async () => {
    const own = payouts.organisation.id;
    const [initiator, approver, auditor] = [
      await person(own, 'initiator'),
      await person(own, 'approver'),
      await person('house', 'auditor'),
    ];
    const stranger = await person('another-organisation', 'initiator');
    const form = await initiator.get(payouts.schedules);
    const source = /<option value="([0-9a-f-]{36})"[^>]*>[^<]*Salaries of October/.exec(form.html)?.[1] ?? '';
    expect(source, 'a past batch to choose').not.to.equal('');
    const terms = { name: 'Monthly pay', batch: source, amounts: 'last', hours: 'working-hours', every: 'month' };
    const when = { 'month-day': '31', weekday: '1', day: '', at: '09:00' };
    const without = await initiator.post(payouts.schedules, { ...terms, ...when, 'month-day': '' });
    expect(without.status).to.equal(422);
    expect(without.html).to.include('Say when').and.include('Monthly pay');
    expect((await approver.post(payouts.schedules, { ...terms, ...when })).status).to.equal(403);

    const made = await initiator.post(payouts.schedules, { ...terms, ...when });
    const path = made.location.split('?')[0] ?? '';
    expect(path, made.html).to.match(new RegExp(`^${payouts.schedules}/[0-9a-f-]{36}$`));
    expect((await initiator.follow(made)).html)
      .to.include('Each month on day 31 at 09:00')
      .and.include('8 people');
    expect((await stranger.get(path)).status).to.equal(404);
    expect((await act(auditor, path, 'pause')).status).to.equal(403);

    const limits = { most: '50000', rows: '10', 'last-day': '2020-01-01' };
    expect((await act(initiator, path, 'standing', limits)).html).to.include('a last day within a year');
    const lastDay = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    const asked = await act(initiator, path, 'standing', { ...limits, 'last-day': lastDay });
    expect(asked.status, asked.html).to.equal(303);
    const approval = /\/console\/approvals\/[0-9a-f-]{36}/.exec((await approver.get(path)).html)?.[0] ?? '';
    expect((await initiator.get(approval)).html)
      .to.include('Monthly pay')
      .and.not.include('name="seen"');
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec((await approver.get(approval)).html)?.[1] ?? '';
    await act(approver, approval, 'vote', { verdict: 'grant', seen });
    const { database } = town.books;
    const id = path.split('/').at(-1) ?? '';
    const current = () => database.reader.findOneByOrFail(PayoutScheduleSchema, { id });
    for (let wait = 0; wait < 200 && (await current()).standingApprovers === null; wait += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await approver.get(path)).html).to.match(/At most [^<]*50,000[^<]*10 people/);

    await act(approver, path, 'pause');
    expect((await act(approver, path, 'resume')).status, 'not who only approves').to.equal(403);
    await act(initiator, path, 'resume');
    await act(initiator, path, 'change', { ...terms, ...when, 'day-off': 'before' });
    expect((await initiator.get(path)).html).to.include('Each month on day 31 at 09:00, or on the working day before');
    await act(initiator, path, 'change', { ...terms, ...when, every: 'week', name: 'Weekly pay' });
    expect((await current()).standingApprovalId, 'its terms are others now').to.equal(null);
    await act(initiator, path, 'end');
    expect((await act(initiator, path, 'pause')).html)
      .to.include('Somebody was faster')
      .and.include('Each Monday');
    expect((await auditor.get(payouts.schedules)).html)
      .to.include('Weekly pay')
      .and.include('ended');
  });
});

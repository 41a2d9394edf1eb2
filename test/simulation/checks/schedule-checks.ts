import { PAYOUT_STANDING } from '../../../src/domain/payout-batches/index.ts';
import type { Check } from './check.ts';
import { groupBy } from './group-by.ts';

const oneRunADay: Check = {
  name: 'one-run-a-day',
  promise: 'a schedule makes one batch at most for a day, however often the process dies or the schedule is moved',
  look({ batches }) {
    const runs = batches.filter(({ scheduleId }) => scheduleId !== null);
    // Its name ends with the day.
    const days = groupBy(runs, ({ scheduleId, name }) => `${scheduleId} of ${name.slice(-10)}`);
    return [...days]
      .filter(([, made]) => made.length > 1)
      .map(([day, made]) => ({
        text: `schedule ${day} has made ${made.map(({ number }) => number).join(', ')}`,
        about: made.flatMap(({ id, number, scheduleId }) => [id, number, scheduleId]),
      }));
  },
};

const withinStanding: Check = {
  name: 'within-standing',
  promise: 'a run goes out by a standing approval only of its own schedule, and within what was agreed to',
  look({ approvals, batches, rows, rowEvents }) {
    const standing = new Map(approvals.filter(({ kind }) => kind === PAYOUT_STANDING).map((one) => [one.id, one]));
    const takenOut = new Set(rowEvents.filter(({ toState }) => toState === 'excluded').map(({ rowId }) => rowId));
    return batches.flatMap(({ id, number, approvalId, scheduleId }) => {
      const approval = standing.get(approvalId ?? '');
      if (!approval) return [];
      const about = [id, number, scheduleId, approval.id];
      const total = rows
        .filter((row) => row.batchId === id && (row.state !== 'excluded' || takenOut.has(row.id)))
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
      if (approval.subjectId !== scheduleId) return [{ text: `batch ${number} has the approval of another`, about }];
      const isWithin = total <= (approval.amountMinor ?? 0n);
      return isWithin ? [] : [{ text: `batch ${number} pays ${total} of ${approval.amountMinor} agreed to`, about }];
    });
  },
};

export const scheduleChecks: readonly Check[] = [oneRunADay, withinStanding];

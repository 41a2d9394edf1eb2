import {
  PayoutClaimSchema,
  PayoutRowSchema,
  PayoutScheduleSchema,
  RowEventSchema,
  ScheduleRunSchema,
} from '../../../src/domain/payout-batches/index.ts';
import { type PlantedBug, spoilTransactions } from './planted-bug.ts';

/** What touches batches that are made again by themselves, and payouts that went to the wrong person. */
export const RECURRING_BUGS: readonly PlantedBug[] = [
  {
    name: 'run-again-after-restart',
    fault: 'a process that starts again begins schedules at their last day, and takes its runs for its own alone',
    showsIn: ({ employer }) => employer?.schedule !== undefined,
    plant(service, life) {
      const { database } = service.deps;
      const mine = new Set<string>();
      void database.transaction(async (tx) => {
        for (const { scheduleId, dueAtMs } of await tx.manager.find(ScheduleRunSchema)) {
          await tx.update(PayoutScheduleSchema, { id: scheduleId, state: 'active' }, { nextAtMs: dueAtMs });
        }
      });
      spoilTransactions(service, (tx) => ({
        async findOne(entity, where) {
          const row = await tx.findOne(entity, where);
          return (entity as unknown) === ScheduleRunSchema && row && !mine.has(row.id) ? null : row;
        },
        insert(entity, row) {
          if ((entity as unknown) !== ScheduleRunSchema) return tx.insert(entity, row);
          mine.add(row.id);
          const { dueDay } = row as unknown as { dueDay: string };
          return tx.insert(entity, { ...row, dueDay: `${life.number}${dueDay.slice(1)}`.slice(0, 10) });
        },
      }));
    },
  },
  {
    name: 'standing-limit-unread',
    fault: 'a run goes out by its standing approval however much it pays',
    showsIn: ({ employer }) => employer?.schedule === 'beyond',
    plant(service) {
      spoilTransactions(service, (tx) => ({
        async lockOne(entity, where) {
          const row = await tx.lockOne(entity, where);
          const isSchedule = (entity as unknown) === PayoutScheduleSchema;
          return row && isSchedule ? { ...row, standingMostMinor: 10_000_000_000n } : row;
        },
      }));
    },
  },
  {
    name: 'promise-is-money',
    fault: 'a row whose claim the operator grants may be paid anew before its money is back',
    showsIn: ({ employer }) => employer?.claims === true,
    plant(service) {
      spoilTransactions(service, (tx) => ({
        async update(entity, where, patch) {
          const changed = await tx.update(entity, where, patch);
          const isGrant = (patch as { state?: unknown }).state === 'granted';
          if ((entity as unknown) !== PayoutClaimSchema || !isGrant) return changed;
          const claim = await tx.findOne(PayoutClaimSchema, where as unknown as { id: string });
          if (!claim) return changed;
          const { runtime } = service.deps;
          await tx.update(PayoutRowSchema, { id: claim.rowId }, { state: 'reversed' });
          await tx.insert(RowEventSchema, {
            ...{ id: runtime.ids.next(), rowId: claim.rowId, fromState: 'paid', toState: 'reversed' },
            ...{ actor: 'operator', reason: 'granted', atMs: runtime.clock.now() },
          });
          return changed;
        },
      }));
    },
  },
];

import { In, IsNull, LessThanOrEqual } from 'typeorm';
import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../database/index.ts';
import type { JobLeases } from './job-leases.ts';
import { JobRunSchema } from './job-run.ts';

/** A slot that failed this often is given up; its job's next slot is another matter. */
const MOST_ATTEMPTS = 5;

/** Leases as rows of `job_run`: the unique key over name and slot decides who was first. */
export function sqlLeases({ clock, ids }: Pick<Runtime, 'clock' | 'ids'>, database: Database): JobLeases {
  return {
    claim({ name, slotMs }, owner, leaseMs) {
      return database.transaction(async (tx) => {
        const now = clock.now();
        const lease = { owner, leaseUntilMs: now + leaseMs };
        // Looked at first: an insert that meets the key and then locks the row deadlocks with another that does the same.
        const before = await tx.lockOne(JobRunSchema, { name, slotMs });
        if (!before) {
          const row = { id: ids.next(), name, slotMs, ...lease, attempts: 1, startedAtMs: now };
          return tx.insertOnce(JobRunSchema, { ...row, finishedAtMs: null, outcome: null });
        }
        if (before.finishedAtMs !== null || before.leaseUntilMs > now) return false;
        await tx.update(JobRunSchema, { id: before.id }, { ...lease, attempts: before.attempts + 1, startedAtMs: now });
        return true;
      });
    },

    renew({ name, slotMs }, owner, leaseMs) {
      return database.transaction(async (tx) => {
        const ours = await tx.lockOne(JobRunSchema, { name, slotMs, owner });
        if (!ours || ours.finishedAtMs !== null) return false;
        await tx.update(JobRunSchema, { id: ours.id }, { leaseUntilMs: clock.now() + leaseMs });
        return true;
      });
    },

    async finish({ name, slotMs }, owner) {
      const patch = { finishedAtMs: clock.now(), outcome: 'done' };
      await database.transaction((tx) => tx.update(JobRunSchema, { name, slotMs, owner }, patch));
    },

    fail({ name, slotMs }, owner, retryAtMs) {
      return database.transaction(async (tx) => {
        const ours = await tx.lockOne(JobRunSchema, { name, slotMs, owner });
        if (!ours) return true;
        const again = ours.attempts < MOST_ATTEMPTS;
        const patch = again ? { leaseUntilMs: retryAtMs } : { finishedAtMs: clock.now(), outcome: 'failed' };
        await tx.update(JobRunSchema, { id: ours.id }, patch);
        return again;
      });
    },

    async abandoned(names, limit) {
      const rows = await database.reader.find(JobRunSchema, {
        where: { name: In([...names]), finishedAtMs: IsNull(), leaseUntilMs: LessThanOrEqual(clock.now()) },
        order: { slotMs: 'ASC' },
        take: limit,
      });
      return rows.map(({ name, slotMs }) => ({ name, slotMs }));
    },

    async latest(name) {
      return (await database.reader.maximum(JobRunSchema, 'slotMs', { name })) ?? undefined;
    },

    async release({ name, slotMs }, owner) {
      await database.transaction((tx) => tx.manager.delete(JobRunSchema, { name, slotMs, owner }));
    },

    async purge(finishedBeforeMs) {
      const rows: { id: string }[] = await database.reader.query(PURGEABLE, [finishedBeforeMs]);
      if (rows.length === 0) return;
      const ids = rows.map(({ id }) => id);
      await database.transaction((tx) => tx.manager.delete(JobRunSchema, ids));
    },
  };
}

/** The newest slot of each job stays: from it on a service that was away looks for what it missed. */
const PURGEABLE = `
  SELECT r.id FROM job_run r
  WHERE r.finished_at < ? AND EXISTS (SELECT 1 FROM job_run n WHERE n.name = r.name AND n.slot_at > r.slot_at)
  LIMIT 2000`;

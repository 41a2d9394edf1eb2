import { existsSync } from 'node:fs';
import { askForBalances } from '../domain/float-gauge/index.ts';
import { lookAtWaiting, runDueSchedules } from '../domain/payout-batches/index.ts';
import { cleanStaleLists } from '../domain/payout-lists/index.ts';
import { readStatementFolder } from '../domain/reconciliation/index.ts';
import { handReminders, planReminders } from '../domain/reminders/index.ts';
import { gatherHours } from '../domain/reports/index.ts';
import { enforceRetention } from '../domain/retention/index.ts';
import { pullMovements } from '../money/transfers/index.ts';
import { defineJob, type Job } from '../platform/scheduler/index.ts';
import { nightJob } from './night.ts';
import { retentionDeps } from './retention.ts';
import type { Service } from './service.ts';
import { statementParties } from './statements.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A pull looks back over several of its own periods, so that one that failed is made up for. */
const PULL_PERIODS = 4;

/** What runs by the clock. */
export function allJobs(service: Service): Job[] {
  const { deps, config, log } = service;
  const { clock } = deps.runtime;
  const { operator } = deps.paymentSettings;
  const everyMinutes = Math.max(1, Math.round(config.timing.pullEveryMs / 60_000));
  return [
    defineJob({
      name: 'pull-movements',
      cron: everyMinutes < 60 ? `*/${everyMinutes} * * * *` : '0 * * * *',
      ifAbandoned: 'skip',
      async run() {
        const now = clock.now();
        const seen = await pullMovements(deps, operator, now - PULL_PERIODS * config.timing.pullEveryMs, now);
        if (seen === undefined) log.warn({ operator }, 'the operator gave no usable list');
      },
    }),
    // What was confirmed while nobody listened: the operator's list reaches back two days.
    defineJob({
      name: 'pull-two-days',
      cron: '20 1 * * *',
      async run() {
        const now = clock.now();
        await pullMovements(deps, operator, now - 2 * DAY_MS + HOUR_MS, now);
      },
    }),
    ...folderJobs(service),
    nightJob(service),
    reportJob(service),
    ...reminderJobs(service),
    retentionJob(service),
    staleListsJob(service),
    balancesJob(service),
    waitingBatchesJob(service),
    schedulesJob(service),
  ];
}

/** Where the folder is, and nowhere else: a worker that does not have it must not take the lease from one that does. */
function folderJobs(service: Service): Job[] {
  const { deps, config } = service;
  if (!existsSync(config.statements.directory)) return [];
  return [
    defineJob({
      name: 'statement-folder',
      cron: '* * * * *',
      ifAbandoned: 'skip',
      async run({ signal }) {
        await readStatementFolder(deps, config.statements, await statementParties(service), signal);
      },
    }),
  ];
}

/** Who opens the dashboard brings the last hours up to date himself: this keeps that little. */
function reportJob({ deps, config }: Service): Job {
  return defineJob({
    name: 'gather-reports',
    cron: '*/20 * * * *',
    ifAbandoned: 'skip',
    async run({ signal }) {
      await gatherHours({ ...deps, timeZone: config.business.timeZone }, { signal });
    },
  });
}

/** Every hour of the day: a day that was planned is not planned again, and a biller that was away is asked again. */
const PLAN_REMINDERS = '5 5-21 * * *';

function reminderJobs({ deps, config, log }: Service): Job[] {
  if (!config.reminders.on) return [];
  return [
    defineJob({
      name: 'plan-reminders',
      cron: PLAN_REMINDERS,
      async run({ signal }) {
        const { planned, unread } = await planReminders(deps, { signal });
        if (planned > 0) log.info({ planned }, 'reminders were planned');
        for (const { billerId, why } of unread) log.warn({ biller: billerId, why }, 'its bills could not be read');
      },
    }),
    defineJob({
      name: 'hand-reminders',
      cron: '* * * * *',
      ifAbandoned: 'skip',
      async run() {
        await handReminders(deps);
      },
    }),
  ];
}

/** What a process left that died while it read a list of payees. */
function staleListsJob({ deps }: Service): Job {
  return defineJob({
    name: 'clean-stale-lists',
    cron: '*/10 * * * *',
    ifAbandoned: 'skip',
    async run() {
      await cleanStaleLists(deps);
    },
  });
}

/** Of accounts that pay people, ours and those of organisations: a float that runs low is known although nobody looks. */
function balancesJob({ deps }: Service): Job {
  return defineJob({
    name: 'ask-balances',
    cron: '*/15 * * * *',
    ifAbandoned: 'skip',
    async run() {
      await askForBalances(deps);
    },
  });
}

/** Batches whose time has come, or whose organisation can pay since. */
function waitingBatchesJob({ deps }: Service): Job {
  return defineJob({
    name: 'fund-batches',
    cron: '* * * * *',
    ifAbandoned: 'skip',
    async run() {
      await lookAtWaiting(deps);
    },
  });
}

/** Batches that are made again by themselves, at their day and hour. */
function schedulesJob({ deps }: Service): Job {
  return defineJob({
    name: 'run-schedules',
    cron: '* * * * *',
    ifAbandoned: 'skip',
    async run() {
      await runDueSchedules(deps);
    },
  });
}

/** Forgets what is past its time. A night that was missed is made up for by the next. */
function retentionJob(service: Service): Job {
  return defineJob({
    name: 'retention',
    cron: '40 2 * * *',
    async run({ signal }) {
      for (const { kind, forgotten, held } of await enforceRetention(retentionDeps(service), signal)) {
        service.log.info({ kind, forgotten, held }, 'what was past its time');
      }
    },
  });
}

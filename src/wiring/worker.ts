import { existsSync } from 'node:fs';
import { applyIncoming, smsInboxKind } from '../channels/sms/index.ts';
import { lapseLinks, SEND_BILL, sendBill } from '../domain/accounts/index.ts';
import { lapsePins } from '../domain/customers/index.ts';
import { purgeDialogs } from '../domain/dialogs/index.ts';
import { purgeExports } from '../domain/exports/index.ts';
import { purgeMails, SEND_MAIL, sendMail } from '../domain/mails/index.ts';
import { applyDeliveryReport, applyOptOut, SEND_MESSAGE, sendMessage } from '../domain/messages/index.ts';
import { onTransferReversed, paymentHandlers, purgeTokens } from '../domain/payments/index.ts';
import { openBreak, purgeStatements, readStatementFolder } from '../domain/reconciliation/index.ts';
import { onMoneyBack, refundHandlers } from '../domain/refunds/index.ts';
import {
  handReminders,
  planReminders,
  SEND_REMINDER,
  sendReminder,
  setRemindersIn,
} from '../domain/reminders/index.ts';
import { gatherHours } from '../domain/reports/index.ts';
import {
  type SettlementNews,
  type SettlementReady,
  settlementTopic,
  writePayoutFiles,
  writeSettlementFiles,
} from '../domain/settlement/index.ts';
import { makeWebhookSender, onSettlementReady, purgeWebhooks, type WebhookSender } from '../domain/webhooks/index.ts';
import { businessDay } from '../kernel/index.ts';
import { pullMovements, transferEvent, transferHandlers } from '../money/transfers/index.ts';
import { inboxTopic } from '../platform/inbox/index.ts';
import { type Handler, makeWorker, type Worker } from '../platform/outbox/index.ts';
import {
  cronTimetable,
  defineJob,
  type Job,
  makeScheduler,
  type Scheduler,
  sqlLeases,
  type Timetable,
} from '../platform/scheduler/index.ts';
import { nightJob } from './night.ts';
import type { Service } from './service.ts';
import { bindSms } from './sms.ts';
import { statementParties } from './statements.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;
/** A receipt, and a mail, must arrive: for two days, ever more seldom, then a person looks. */
const SMS = { maxAttempts: 60, firstDelayMs: 2_000, longestDelayMs: 3_600_000 } as const;

/** Every topic of the outbox with the work that is done for it. */
export function allHandlers({ deps, config }: Service): Map<string, Handler> {
  const handlers = new Map([...transferHandlers(deps), ...paymentHandlers(deps), ...refundHandlers(deps)]);
  const add = <P>(
    topic: string,
    policy: Omit<Handler, 'handle'>,
    work: (payload: P, id: string) => ReturnType<Handler['handle']>,
  ) => {
    handlers.set(topic, { ...policy, handle: (payload, row) => work(payload as P, row.id) });
  };
  type InboxWork = { eventId: string };
  const smsDeps = bindSms({ deps, config });
  const optOutDeps: Parameters<typeof applyOptOut>[0] = {
    ...deps,
    async onOptOut(tx, { from, sender }) {
      const ours = deps.senderNames.reminders;
      // Without a name of our own all messages come from the provider's: then any block is meant for reminders too.
      if (ours !== undefined && ours.toLowerCase() !== sender.toLowerCase()) return;
      const language = deps.defaultLanguage;
      await setRemindersIn(deps, tx, { msisdn: from, language, wanted: false, source: 'operator' });
    },
  };
  const { name } = deps.sms;
  add(SEND_MESSAGE, SMS, (payload: { messageId: string }) => sendMessage(deps, payload));
  add(inboxTopic(name, smsInboxKind.delivery), OWN, (payload: InboxWork) => applyDeliveryReport(deps, payload));
  add(inboxTopic(name, smsInboxKind.incoming), OWN, (payload: InboxWork) => applyIncoming(smsDeps, payload));
  add(inboxTopic(name, smsInboxKind.optOut), OWN, (payload: InboxWork) => applyOptOut(optOutDeps, payload));
  add(SEND_REMINDER, OWN, (payload: { reminderId: string }) => sendReminder(deps, payload));
  add(SEND_BILL, OWN, (payload: Parameters<typeof sendBill>[1], id) => sendBill(deps, payload, id));
  add(transferEvent.breakFound, OWN, (payload: Parameters<typeof openBreak>[1]) => openBreak(deps, payload));
  add(transferEvent.reversed, OWN, async (news: { transferId: string }) => {
    // The payment first: its refund is over when its money is.
    await onTransferReversed(deps, news);
    await onMoneyBack(deps, news);
  });
  add(SEND_MAIL, SMS, (payload: { mailId: string }) => sendMail(deps, payload));
  add(settlementTopic.files, OWN, async (news: SettlementNews) => void (await writeSettlementFiles(deps, news)));
  add(settlementTopic.payoutFiles, OWN, async (news: SettlementNews) => void (await writePayoutFiles(deps, news)));
  add(settlementTopic.ready, OWN, (ready: SettlementReady) => onSettlementReady(deps, { ...ready }));
  return handlers;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHUNK = 500;
/** The page of a download is of no use afterwards; the audit log keeps that it was taken. */
const EXPORTS_KEPT_MS = 30 * DAY_MS;
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
    defineJob({
      name: 'retention',
      cron: '40 2 * * *',
      run: async ({ signal }) => forgetOld(service, signal),
    }),
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
        await readStatementFolder(deps, config.statements, statementParties(service), signal);
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

/** Forgets what is past its time, in pieces, so that no lock is held for long. */
async function forgetOld({ deps, config, log }: Service, signal: AbortSignal): Promise<void> {
  const { rawDays, outboxDays, tokenDays, dialogDays, webhookDays, mailDays, statementDays, idleDays } =
    config.retention;
  const now = deps.runtime.clock.now();
  const statementsFromMs = now - statementDays * DAY_MS;
  const statements = { atMs: statementsFromMs, day: businessDay(statementsFromMs, config.business.timeZone) };
  const kinds: [string, (limit: number) => Promise<number>][] = [
    ['inbox', (limit) => deps.inbox.purge(now - rawDays * DAY_MS, limit)],
    ['outbox', (limit) => deps.outbox.purge(now - outboxDays * DAY_MS, limit)],
    ['tokens', (limit) => purgeTokens(deps, now - tokenDays * DAY_MS, limit)],
    ['dialogs', (limit) => purgeDialogs(deps, now - dialogDays * DAY_MS, limit)],
    ['webhooks', (limit) => purgeWebhooks(deps, now - webhookDays * DAY_MS, limit)],
    ['mails', (limit) => purgeMails(deps, now - mailDays * DAY_MS, limit)],
    ['statements', (limit) => purgeStatements(deps, statements, limit)],
    ['exports', (limit) => purgeExports(deps, now - EXPORTS_KEPT_MS, limit)],
    ['links', (limit) => lapseLinks(deps, now - idleDays * DAY_MS, limit)],
    ['pins', (limit) => lapsePins(deps, now - idleDays * DAY_MS, limit)],
  ];
  for (const [kind, forget] of kinds) {
    let total = 0;
    for (let count = CHUNK; count === CHUNK; total += count) {
      signal.throwIfAborted();
      count = await forget(CHUNK);
    }
    if (total > 0) log.info({ kind, total }, 'forgot what was past its time');
  }
}

/** The worker of this process. The timetable tells when jobs are due: by the real clock, unless one is given. */
export function buildWorker(
  service: Service,
  timetable: Timetable = cronTimetable,
): { worker: Worker; scheduler: Scheduler } {
  const { runtime, deps, config, log, metrics } = service;
  const { concurrency, outboxPollMs, outboxLeaseMs } = config.worker;
  const worker = makeWorker(
    runtime,
    deps.outbox,
    allHandlers(service),
    { concurrency, pollMs: outboxPollMs, leaseMs: outboxLeaseMs },
    {
      ended(topic, outcome, error) {
        metrics.outboxStep(topic, outcome === 'again' ? 'postponed' : outcome);
        if (outcome === 'dead') log.error({ topic, err: error }, 'work was given up: a person must look');
        else if (outcome === 'failed') log.warn({ topic, err: error }, 'work failed and will be tried again');
      },
      faulted: (error) => log.error({ err: error }, 'the outbox is out of reach'),
    },
  );
  const scheduler = makeScheduler(
    {
      runtime,
      leases: sqlLeases(runtime, deps.database),
      timetable,
      timeZone: config.business.timeZone,
      log,
      metrics,
    },
    allJobs(service),
  );
  return { worker, scheduler };
}

/** Sends what billers are told, in lanes of its own beside the outbox. */
export function buildWebhookSender({ deps, log, metrics }: Service): WebhookSender {
  return makeWebhookSender(deps, {
    attempted: (outcome, durationMs) => metrics.providerCall('webhooks', 'send', outcome, durationMs),
    faulted: (error) => log.error({ err: error }, 'webhooks are out of reach of the store'),
  });
}

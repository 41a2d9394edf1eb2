import { applyIncoming, smsInboxKind } from '../channels/sms/index.ts';
import { SEND_BILL, sendBill } from '../domain/accounts/index.ts';
import { SEND_MAIL, sendMail } from '../domain/mails/index.ts';
import { applyDeliveryReport, applyOptOut, SEND_MESSAGE, sendMessage } from '../domain/messages/index.ts';
import { onTransferReversed, paymentHandlers } from '../domain/payments/index.ts';
import { answerDial } from '../domain/payout-answers/index.ts';
import {
  type BatchNews,
  batchHandlers,
  batchNews,
  onPayoutReturned,
  type PayoutBatchDeps,
  type PayoutNews,
} from '../domain/payout-batches/index.ts';
import { payoutNewsHandlers } from '../domain/payout-news/index.ts';
import { erasureHandlers } from '../domain/privacy/index.ts';
import { openBreak } from '../domain/reconciliation/index.ts';
import {
  onMoneyBack,
  onRefundPaid,
  onRefundPayoutFailed,
  onRefundPayoutOpen,
  onRefundReturned,
  type RefundDeps,
  refundHandlers,
} from '../domain/refunds/index.ts';
import { SEND_REMINDER, sendReminder, setRemindersIn } from '../domain/reminders/index.ts';
import {
  type SettlementNews,
  type SettlementReady,
  settlementTopic,
  writePayoutFiles,
  writeSettlementFiles,
} from '../domain/settlement/index.ts';
import {
  makeWebhookSender,
  onResendAsked,
  onSettlementReady,
  RESEND_SINCE,
  type WebhookSender,
} from '../domain/webhooks/index.ts';
import { invariant } from '../kernel/index.ts';
import { floatHandlers } from '../money/floats/index.ts';
import { transferEvent, transferHandlers } from '../money/transfers/index.ts';
import { inboxTopic } from '../platform/inbox/index.ts';
import { type Handler, makeWorker, type Worker } from '../platform/outbox/index.ts';
import {
  cronTimetable,
  makeScheduler,
  type Scheduler,
  sqlLeases,
  type Timetable,
} from '../platform/scheduler/index.ts';
import { allJobs } from './jobs.ts';
import type { Service } from './service.ts';
import { bindSms } from './sms.ts';

const OWN = { maxAttempts: 30, firstDelayMs: 1_000, longestDelayMs: 300_000 } as const;
/** A receipt, and a mail, must arrive: for two days, ever more seldom, then a person looks. */
const SMS = { maxAttempts: 60, firstDelayMs: 2_000, longestDelayMs: 3_600_000 } as const;

/** Every topic of the outbox with the work that is done for it. */
export function allHandlers({ deps, config }: Service): Map<string, Handler> {
  const handlers = new Map([
    ...transferHandlers(deps),
    ...floatHandlers(deps),
    ...paymentHandlers(deps),
    ...refundHandlers(deps),
    ...erasureHandlers(deps),
    ...batchHandlers(deps),
    ...payoutNewsHandlers({
      ...{ ...deps, publicUrl: config.web.publicUrl },
      answering: { number: deps.reminderSettings.stopNumber, dial: answerDial(deps.serviceCode) },
    }),
  ]);
  bindPayouts(handlers, deps);
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
  add(transferEvent.reversed, OWN, async (news: { transferId: string; route?: string }) => {
    if (news.route === 'payout') {
      if (!(await onPayoutReturned(deps, news))) await onRefundReturned(deps, news);
      return;
    }
    // The payment first: its refund is over when its money is.
    await onTransferReversed(deps, news);
    await onMoneyBack(deps, news);
  });
  add(SEND_MAIL, SMS, (payload: { mailId: string }) => sendMail(deps, payload));
  add(settlementTopic.files, OWN, async (news: SettlementNews) => void (await writeSettlementFiles(deps, news)));
  add(settlementTopic.payoutFiles, OWN, async (news: SettlementNews) => void (await writePayoutFiles(deps, news)));
  add(settlementTopic.ready, OWN, (ready: SettlementReady) => onSettlementReady(deps, { ...ready }));
  add(RESEND_SINCE, OWN, (asked: Parameters<typeof onResendAsked>[1]) => onResendAsked(deps, asked));
  return handlers;
}

/** What becomes of a payout is news for whoever asked for it, and not for payments. */
const PAYOUT_NEWS: readonly [string, keyof BatchNews, (deps: RefundDeps, news: PayoutNews) => Promise<boolean>][] = [
  [transferEvent.succeeded, 'paid', onRefundPaid],
  [transferEvent.failed, 'failed', onRefundPayoutFailed],
  [transferEvent.unknown, 'unknown', onRefundPayoutOpen],
  [transferEvent.receiptFound, 'receipt', onRefundPayoutOpen],
];

function bindPayouts(handlers: Map<string, Handler>, deps: PayoutBatchDeps & RefundDeps): void {
  const ofBatches = batchNews(deps);
  for (const [topic, name, ofRefund] of PAYOUT_NEWS) {
    const other = handlers.get(topic);
    invariant(other, `news of ${topic} is for payments too`);
    handlers.set(topic, {
      ...other,
      async handle(payload, row) {
        if (payload.route !== 'payout') return other.handle(payload, row);
        const news = payload as unknown as PayoutNews;
        const isOurs = (await ofBatches[name](news)) || (await ofRefund(deps, news));
        if (!isOurs)
          deps.log.warn({ topic, transferId: payload.transferId }, 'news of a payout that nobody here asked for');
      },
    });
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

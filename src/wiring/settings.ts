import type { PaymentSettings } from '../domain/payments/index.ts';
import type { PayoutSettings } from '../domain/payout-batches/index.ts';
import type { ReminderSettings } from '../domain/reminders/index.ts';
import type { SettlementSettings } from '../domain/settlement/index.ts';
import type { WebhookSettings } from '../domain/webhooks/index.ts';
import type { TransferSettings } from '../money/transfers/index.ts';
import type { Config } from '../platform/config/index.ts';
import { makeFileSigner } from '../platform/signing/index.ts';

/** A prompt that could not go out for this long is not sent any more: nobody waits for it. */
const PROMPT_MAX_AGE_MS = 5 * 60_000;

export function transferSettings({ timing, daraja }: Config): TransferSettings {
  return {
    payoutPace: { perSecond: daraja.payoutsPerSecond, burst: daraja.payoutsPerSecond },
    promptDelayMs: timing.promptDelayMs,
    promptMaxAgeMs: PROMPT_MAX_AGE_MS,
    inquiryDelaysMs: timing.inquiryDelaysMs,
  };
}

export function paymentSettings({ business, limits, rules, timing }: Config): PaymentSettings {
  return {
    operator: 'mpesa',
    country: business.country,
    timeZone: business.timeZone,
    serviceCode: business.serviceCode,
    supportPhone: business.supportPhone,
    ...limits,
    ...rules,
    holdMs: timing.holdMs,
    noticeDelayMs: timing.noticeDelayMs,
    delays: timing.delays,
  };
}

/** Rows of a batch at the operator at once: what it takes in so many seconds. The results of that many may be on their way. */
const WINDOW_SECONDS = 10;
const LEAST_WINDOW = 50;
/** Rows of one commit: few enough that no lock is held for long. */
const HANDED_OVER_TOGETHER = 200;

export function payoutSettings({ business, daraja }: Config): PayoutSettings {
  return {
    timeZone: business.timeZone,
    window: Math.max(LEAST_WINDOW, daraja.payoutsPerSecond * WINDOW_SECONDS),
    chunk: HANDED_OVER_TOGETHER,
  };
}

export function webhookSettings({ webhooks, worker }: Config): WebhookSettings {
  const { timeoutMs, rotationMs, perEndpoint, atOnce } = webhooks;
  return { timeoutMs, rotationMs, perEndpoint, atOnce, pollMs: worker.outboxPollMs };
}

export function settlementSettings({ business, settlements }: Config): SettlementSettings {
  return {
    timeZone: business.timeZone,
    directory: settlements.directory,
    ourName: business.name,
    signer: makeFileSigner(settlements.key),
  };
}

export function reminderSettings({ business, reminders }: Config): ReminderSettings {
  return {
    stages: reminders.days,
    hours: reminders.hours,
    perSecond: reminders.perSecond,
    stopNumber: reminders.stopNumber ?? '',
    hasLinks: reminders.links,
    segmentPrice: reminders.partPrice,
    country: business.country,
    timeZone: business.timeZone,
  };
}

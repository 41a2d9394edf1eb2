import { join } from 'node:path';
import { LARGEST_AMOUNT_MINOR, type Money, parseMoney } from '../../kernel/index.ts';
import { loadCallbacks } from './callbacks.ts';
import type { Config } from './config.ts';
import { loadAfricasTalking, loadBillers, loadDaraja } from './credentials.ts';
import { billerEnvironment, billerVariables, type Environment, environment } from './environment.ts';
import { ConfigError, DEMO_DATA_KEY, missing, needsOf, simulatorsOn } from './needs.ts';
import { loadMail, loadWebhooks } from './outward.ts';

/**
 * Reads and proves the settings. Throws `ConfigError`, one line that names the variable. An empty variable counts as
 * not set.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, billerIds: readonly string[]): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  const billers = billerEnvironment(billerIds).safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${String(issue?.path[0])} ${issue?.message}`);
  }
  if (!billers.success) {
    const [issue] = billers.error.issues;
    throw new ConfigError(`${String(issue?.path[0])} ${issue?.message}`);
  }
  return deepFreeze(build(parsed.data, billers.data, billerIds));
}

function build(
  env: Environment,
  billers: Readonly<Record<string, string | undefined>>,
  billerIds: readonly string[],
): Config {
  const simulators = simulatorsOn(env, keysOf(billers, billerIds));
  const needs = needsOf(env, simulators);
  const simulatorUrl = env.SIMULATOR_URL ?? `http://127.0.0.1:${env.SIMULATOR_PORT}`;
  refuseLonelyProcesses(env);
  return {
    role: env.ROLE,
    production: env.NODE_ENV === 'production',
    simulators,
    logLevel: env.LOG_LEVEL,
    web: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`,
      trustedProxies: env.TRUSTED_PROXIES ?? [],
      stopWithinMs: env.STOP_WITHIN_MS,
    },
    simulator: { port: env.SIMULATOR_PORT, url: simulatorUrl, smtpPort: env.SIMULATOR_SMTP_PORT || undefined },
    stores: { databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, dataDir: env.DATA_DIR },
    callbacks: loadCallbacks(env, needs, simulators),
    dataKey: dataKeyOf(env, simulators),
    business: {
      name: env.BUSINESS_NAME,
      country: env.COUNTRY,
      currency: env.CURRENCY,
      timeZone: env.TIME_ZONE,
      nightAt: env.NIGHT_AT,
      defaultLanguage: env.DEFAULT_LANGUAGE,
      serviceCode: env.SERVICE_CODE,
      supportPhone: env.SUPPORT_PHONE,
    },
    ussd: {
      hopTimeoutMs: env.HOP_TIMEOUT_MS,
      lookupTimeoutMs: env.LOOKUP_TIMEOUT_MS,
      sessionTtlMs: env.SESSION_TTL_S * 1_000,
      dialTtlMs: env.DIAL_TTL_S * 1_000,
    },
    limits: {
      operatorMin: amountOf(env, 'LIMIT_OPERATOR_MIN'),
      operatorMax: amountOf(env, 'LIMIT_OPERATOR_MAX'),
      operatorDaily: amountOf(env, 'LIMIT_OPERATOR_DAILY'),
      customerDaily: amountOf(env, 'LIMIT_CUSTOMER_DAILY'),
    },
    checkout: {
      lookupsPerHour: env.PAY_PAGE_LOOKUPS_PER_HOUR,
      promptsPerHour: env.PAY_PAGE_PROMPTS_PER_HOUR,
    },
    api: { requestsPerMinute: env.API_REQUESTS_PER_MINUTE },
    rules: {
      accountsPerDay: env.RULE_ACCOUNTS_PER_DAY,
      accountsAction: env.RULE_ACCOUNTS_ACTION,
      paymentsPer10Minutes: env.RULE_PAYMENTS_PER_10_MINUTES,
      paymentsAction: env.RULE_PAYMENTS_ACTION,
      thirdPartyPromptsPerDay: env.RULE_THIRD_PARTY_PROMPTS_PER_DAY,
      notFoundPerDay: env.RULE_NOT_FOUND_PER_DAY,
      notFoundPerAddressPerDay: env.RULE_NOT_FOUND_PER_ADDRESS_PER_DAY,
      notFoundPerBillerPerHour: env.RULE_NOT_FOUND_PER_BILLER_PER_HOUR,
      notFoundWhenTight: env.RULE_NOT_FOUND_WHEN_TIGHT,
      repeatWindowMs: env.REPEAT_WINDOW_SECONDS * 1_000,
    },
    timing: {
      holdMs: env.HOLD_MINUTES * 60_000,
      promptDelayMs: env.PROMPT_DELAY_MS,
      noticeDelayMs: env.NOTICE_DELAY_MS,
      inquiryDelaysMs: env.INQUIRY_DELAYS_S.map((seconds) => seconds * 1_000),
      pullEveryMs: env.PULL_EVERY_MINUTES * 60_000,
      delays: {
        payerMs: env.DELAY_PAYER_MINUTES * 60_000,
        staffMs: env.DELAY_STAFF_MINUTES * 60_000,
        refundMs: env.DELAY_REFUND_MINUTES * 60_000,
      },
    },
    statements: {
      directory: env.STATEMENTS_DIR ?? `${env.DATA_DIR}/statements`,
      settleMs: env.STATEMENTS_SETTLE_S * 1_000,
    },
    reminders: loadReminders(env),
    worker: {
      concurrency: env.WORKER_CONCURRENCY,
      outboxPollMs: env.OUTBOX_POLL_MS,
      outboxLeaseMs: env.OUTBOX_LEASE_S * 1_000,
      smsRepliesPerDay: env.SMS_REPLIES_PER_DAY,
      port: env.WORKER_PORT,
    },
    settlements: {
      directory: env.SETTLEMENTS_DIR ?? join(env.DATA_DIR, 'settlements'),
      key: env.SETTLEMENTS_KEY ?? dataKeyOf(env, simulators),
    },
    retention: {
      rawDays: env.RETENTION_RAW_DAYS,
      outboxDays: env.RETENTION_OUTBOX_DAYS,
      tokenDays: env.RETENTION_TOKEN_DAYS,
      dialogDays: env.RETENTION_DIALOG_DAYS,
      messageDays: env.RETENTION_MESSAGE_DAYS,
      noteDays: env.RETENTION_NOTE_DAYS,
      reminderDays: env.RETENTION_REMINDER_DAYS,
      elsewhereDays: env.RETENTION_ELSEWHERE_DAYS,
      webhookDays: env.RETENTION_WEBHOOK_DAYS,
      mailDays: env.RETENTION_MAIL_DAYS,
      statementDays: env.RETENTION_STATEMENT_DAYS,
      exportDays: env.RETENTION_EXPORT_DAYS,
      payoutListDays: env.RETENTION_PAYOUT_LIST_DAYS,
      staffSessionDays: env.RETENTION_STAFF_SESSION_DAYS,
      paymentDays: env.RETENTION_PAYMENT_DAYS,
      idleDays: env.IDLE_DAYS,
    },
    webhooks: loadWebhooks(env, simulators),
    mail: loadMail(env, simulators, simulatorUrl),
    africasTalking: loadAfricasTalking(env, needs, simulators, simulatorUrl),
    daraja: loadDaraja(env, needs, simulators, simulatorUrl),
    billers: loadBillers(billers, billerIds, env.ROLE, simulators ? simulatorUrl : undefined),
  };
}

function keysOf(billers: Readonly<Record<string, string | undefined>>, billerIds: readonly string[]): string[] {
  return billerIds.map((id) => billerVariables(id).key).filter((name) => billers[name] !== undefined);
}

/** A web process and a worker that share no store would each live in a world of its own. */
function refuseLonelyProcesses(env: Environment): void {
  if (env.ROLE !== 'web' && env.ROLE !== 'worker') return;
  for (const name of ['DATABASE_URL', 'REDIS_URL'] as const) {
    if (env[name] === undefined) {
      throw new ConfigError(`${name} is required when ROLE is ${env.ROLE}: several processes share their stores`);
    }
  }
}

/** A reminder that could not be stopped is not sent. */
function loadReminders(env: Environment): Config['reminders'] {
  const on = env.REMINDERS === 'on';
  if (on && env.REMINDER_STOP_NUMBER === undefined) {
    throw new ConfigError(
      'REMINDER_STOP_NUMBER is required when REMINDERS is on: every reminder names where STOP goes',
    );
  }
  return {
    on,
    days: env.REMINDER_DAYS,
    hours: env.REMINDER_HOURS,
    stopNumber: env.REMINDER_STOP_NUMBER,
    links: env.REMINDER_LINKS === 'on',
    perSecond: env.REMINDERS_PER_SECOND,
    partPrice: amountOf(env, 'SMS_PART_PRICE'),
  };
}

function dataKeyOf(env: Environment, simulators: boolean): Buffer {
  if (env.DATA_KEY) return env.DATA_KEY;
  if (!simulators) throw missing('DATA_KEY');
  return Buffer.from(DEMO_DATA_KEY, 'utf8');
}

type AmountName =
  | 'LIMIT_OPERATOR_MIN'
  | 'LIMIT_OPERATOR_MAX'
  | 'LIMIT_OPERATOR_DAILY'
  | 'LIMIT_CUSTOMER_DAILY'
  | 'SMS_PART_PRICE';

function amountOf(env: Environment, name: AmountName): Money {
  let amount: Money | undefined;
  try {
    amount = parseMoney(env[name], env.CURRENCY);
  } catch {
    throw new ConfigError('CURRENCY is not one that Malipo knows the minor unit of');
  }
  if (!amount || amount.amountMinor > LARGEST_AMOUNT_MINOR) {
    throw new ConfigError(`${name} must be an amount of ${env.CURRENCY}`);
  }
  return amount;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    // The bytes of a buffer cannot be frozen.
    if (typeof inner === 'object' && inner !== null && !Buffer.isBuffer(inner)) deepFreeze(inner);
  }
  return Object.freeze(value);
}

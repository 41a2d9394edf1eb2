import { z } from 'zod';
import { isTimeZone } from '../../kernel/index.ts';
import { LOG_LEVELS } from '../log/index.ts';
import * as field from './fields.ts';

const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
const ruleAction = () => oneOf('hold', 'refuse').prefault('hold');
const http = ['http:', 'https:'] as const;
const MAILBOX = /^([^<>"@\r\n]{1,100} <[^\s<>@]{1,64}@[^\s<>@]{1,189}>|[^\s<>@]{1,64}@[^\s<>@]{1,189})$/;

/** Every variable that the service reads, and nothing else reads the environment. `.env.example` explains them. */
export const environment = z.object({
  NODE_ENV: field.optionalText(),
  ROLE: oneOf('all', 'web', 'worker', 'simulator').prefault('all'),
  HOST: field.text(/^[\w.:-]{1,253}$/, 'a host name or an address').prefault('127.0.0.1'),
  PORT: field.wholeNumber(0, 65_535).prefault('8080'),
  PUBLIC_URL: field.address(http).optional(),
  TRUSTED_PROXIES: field.networks(),
  STOP_WITHIN_MS: field.wholeNumber(0, 120_000).prefault('10000'),
  LOG_LEVEL: oneOf(...LOG_LEVELS).prefault('info'),

  SIMULATORS: oneOf('on', 'off').optional(),
  SIMULATOR_PORT: field.wholeNumber(0, 65_535).prefault('8081'),
  SIMULATOR_URL: field.address(http).optional(),
  SIMULATOR_SMTP_PORT: field.wholeNumber(0, 65_535).prefault('2525'),

  DATABASE_URL: field.address(['mysql:', 'mariadb:']).optional(),
  REDIS_URL: field.addresses(['redis:', 'rediss:']).optional(),
  DATA_DIR: field.text(/^[^\0]{1,500}$/, 'a directory').prefault('var'),
  DATA_KEY: field.key32(),
  STATEMENTS_DIR: field.text(/^[^\0]{1,500}$/, 'a directory').optional(),
  STATEMENTS_SETTLE_S: field.wholeNumber(0, 3_600).prefault('30'),

  CALLBACK_KEY: field.callbackKey(),
  CALLBACK_KEY_PREVIOUS: field.callbackKey(),
  AFRICASTALKING_CALLBACK_KEY: field.callbackKey(),
  AFRICASTALKING_CALLBACK_KEY_PREVIOUS: field.callbackKey(),
  DARAJA_CALLBACK_KEY: field.callbackKey(),
  DARAJA_CALLBACK_KEY_PREVIOUS: field.callbackKey(),
  CALLBACK_NETWORKS: field.networks(),
  AFRICASTALKING_CALLBACK_NETWORKS: field.networks(),
  DARAJA_CALLBACK_NETWORKS: field.networks(),

  BUSINESS_NAME: field.text(/^[\p{L}\p{N}][^\p{C}]{0,59}$/u, 'a name of at most 60 characters').prefault('Malipo'),
  COUNTRY: field.text(/^[A-Z]{2}$/, 'a country of two letters such as KE').prefault('KE'),
  CURRENCY: field.text(/^[A-Z]{3}$/, 'a currency of three letters such as KES').prefault('KES'),
  TIME_ZONE: z.string().refine(isTimeZone, 'must be a time zone such as Africa/Nairobi').prefault('Africa/Nairobi'),
  NIGHT_AT: field.text(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 03:30').prefault('03:30'),
  DEFAULT_LANGUAGE: field.text(/^[a-z]{2}$/, 'a language of two letters such as en').prefault('en'),
  SERVICE_CODE: field.text(/^\*\d{1,6}(\*\d{1,6}){0,3}#$/, 'a short code such as *384*123#').prefault('*384*123#'),
  SUPPORT_PHONE: field.text(/^\+?[0-9 ]{3,20}$/, 'a phone number').optional(),

  AFRICASTALKING_USERNAME: field.optionalText(),
  AFRICASTALKING_API_KEY: field.optionalText(),
  AFRICASTALKING_SENDER_RECEIPTS: field.optionalText(),
  AFRICASTALKING_SENDER_REMINDERS: field.optionalText(),
  AFRICASTALKING_SMS_URL: field.address(http).optional(),

  DARAJA_URL: field.address(http).optional(),
  DARAJA_CONSUMER_KEY: field.optionalText(),
  DARAJA_CONSUMER_SECRET: field.optionalText(),
  DARAJA_SHORT_CODE: field.text(/^\d{5,7}$/, 'a short code of 5 to 7 digits').optional(),
  DARAJA_PASSKEY: field.optionalText(),
  DARAJA_INITIATOR: field.optionalText(),
  DARAJA_SECURITY_CREDENTIAL: field.optionalText(),
  DARAJA_B2C_SHORT_CODE: field.text(/^\d{5,7}$/, 'a short code of 5 to 7 digits').optional(),
  DARAJA_B2C_INITIATOR: field.optionalText(),
  DARAJA_B2C_SECURITY_CREDENTIAL: field.optionalText(),
  DARAJA_B2C_PER_SECOND: field.wholeNumber(1, 10_000).prefault('20'),

  WEBHOOK_ALLOW_NETWORKS: field.networks(),
  WEBHOOK_TIMEOUT_MS: field.wholeNumber(100, 60_000).prefault('15000'),
  WEBHOOK_ROTATION_HOURS: field.wholeNumber(0, 8_760).prefault('24'),
  WEBHOOK_PER_ENDPOINT: field.wholeNumber(1, 100).prefault('4'),
  WEBHOOK_CONCURRENCY: field.wholeNumber(1, 1_000).prefault('64'),

  SMTP_URL: field.address(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: field.text(MAILBOX, 'an address such as pay@example.org or Malipo <pay@example.org>').optional(),

  LIMIT_OPERATOR_MIN: field.amount().prefault('1'),
  LIMIT_OPERATOR_MAX: field.amount().prefault('250000'),
  LIMIT_OPERATOR_DAILY: field.amount().prefault('500000'),
  LIMIT_CUSTOMER_DAILY: field.amount().prefault('150000'),

  RULE_ACCOUNTS_PER_DAY: field.wholeNumber(1, 10_000).prefault('10'),
  RULE_ACCOUNTS_ACTION: ruleAction(),
  RULE_PAYMENTS_PER_10_MINUTES: field.wholeNumber(1, 10_000).prefault('10'),
  RULE_PAYMENTS_ACTION: ruleAction(),
  RULE_THIRD_PARTY_PROMPTS_PER_DAY: field.wholeNumber(0, 1_000).prefault('3'),
  RULE_NOT_FOUND_PER_DAY: field.wholeNumber(1, 100_000).prefault('20'),
  RULE_NOT_FOUND_PER_ADDRESS_PER_DAY: field.wholeNumber(1, 1_000_000).prefault('100'),
  RULE_NOT_FOUND_PER_BILLER_PER_HOUR: field.wholeNumber(1, 10_000_000).prefault('500'),
  RULE_NOT_FOUND_WHEN_TIGHT: field.wholeNumber(1, 100_000).prefault('3'),
  REPEAT_WINDOW_SECONDS: field.wholeNumber(0, 3_600).prefault('120'),
  PAY_PAGE_LOOKUPS_PER_HOUR: field.wholeNumber(1, 1_000_000).prefault('300'),
  PAY_PAGE_PROMPTS_PER_HOUR: field.wholeNumber(1, 1_000_000).prefault('120'),
  API_REQUESTS_PER_MINUTE: field.wholeNumber(1, 1_000_000).prefault('600'),

  HOLD_MINUTES: field.wholeNumber(1, 10_080).prefault('30'),
  PROMPT_DELAY_MS: field.wholeNumber(0, 60_000).prefault('3000'),
  NOTICE_DELAY_MS: field.wholeNumber(0, 3_600_000).prefault('45000'),
  INQUIRY_DELAYS_S: field.wholeNumbers(1, 172_800).prefault('75,180,600,1800,7200'),
  DELAY_PAYER_MINUTES: field.wholeNumber(1, 10_080).prefault('10'),
  DELAY_STAFF_MINUTES: field.wholeNumber(1, 10_080).prefault('120'),
  DELAY_REFUND_MINUTES: field.wholeNumber(1, 100_000).prefault('2880'),
  PULL_EVERY_MINUTES: field.wholeNumber(1, 1_440).prefault('10'),

  REMINDERS: oneOf('on', 'off').prefault('off'),
  REMINDER_DAYS: field.dayOffsets(60).prefault('-3,0,3'),
  REMINDER_HOURS: field.hours().prefault('09:00-19:00'),
  REMINDER_STOP_NUMBER: field.text(/^\+?\d{3,15}$/, 'a short code or phone number that can receive').optional(),
  REMINDER_LINKS: oneOf('on', 'off').prefault('on'),
  REMINDERS_PER_SECOND: field.wholeNumber(1, 1_000).prefault('5'),
  SMS_REPLIES_PER_DAY: field.wholeNumber(1, 1_000).prefault('20'),
  SMS_PART_PRICE: field.amount().prefault('0.80'),

  HOP_TIMEOUT_MS: field.wholeNumber(100, 30_000).prefault('5000'),
  LOOKUP_TIMEOUT_MS: field.wholeNumber(100, 30_000).prefault('3000'),
  SESSION_TTL_S: field.wholeNumber(30, 86_400).prefault('600'),
  DIAL_TTL_S: field.wholeNumber(30, 86_400).prefault('600'),

  WORKER_CONCURRENCY: field.wholeNumber(1, 1_000).prefault('16'),
  WORKER_PORT: field.wholeNumber(0, 65_535).optional(),
  OUTBOX_POLL_MS: field.wholeNumber(10, 60_000).prefault('500'),
  OUTBOX_LEASE_S: field.wholeNumber(1, 3_600).prefault('120'),

  SETTLEMENTS_DIR: field.text(/^[^\0]{1,500}$/, 'a directory').optional(),
  SETTLEMENTS_KEY: field.key32(),

  RETENTION_RAW_DAYS: field.wholeNumber(1, 36_500).prefault('90'),
  RETENTION_OUTBOX_DAYS: field.wholeNumber(1, 36_500).prefault('30'),
  RETENTION_TOKEN_DAYS: field.wholeNumber(1, 36_500).prefault('365'),
  RETENTION_DIALOG_DAYS: field.wholeNumber(1, 36_500).prefault('90'),
  RETENTION_MESSAGE_DAYS: field.wholeNumber(7, 36_500).prefault('90'),
  RETENTION_NOTE_DAYS: field.wholeNumber(1, 36_500).prefault('730'),
  RETENTION_REMINDER_DAYS: field.wholeNumber(30, 36_500).prefault('90'),
  RETENTION_ELSEWHERE_DAYS: field.wholeNumber(1, 36_500).prefault('400'),
  RETENTION_WEBHOOK_DAYS: field.wholeNumber(7, 36_500).prefault('90'),
  RETENTION_MAIL_DAYS: field.wholeNumber(1, 36_500).prefault('365'),
  RETENTION_STATEMENT_DAYS: field.wholeNumber(60, 36_500).prefault('400'),
  RETENTION_EXPORT_DAYS: field.wholeNumber(1, 36_500).prefault('30'),
  RETENTION_PAYOUT_LIST_DAYS: field.wholeNumber(1, 36_500).prefault('90'),
  RETENTION_STAFF_SESSION_DAYS: field.wholeNumber(1, 36_500).prefault('90'),
  RETENTION_PAYMENT_DAYS: field.wholeNumber(400, 36_500).prefault('2557'),
  IDLE_DAYS: field.wholeNumber(1, 36_500).prefault('180'),
});

export type Environment = z.output<typeof environment>;

/** The variables of one biller: `jua-power` has JUA_POWER_URL, JUA_POWER_KEY and JUA_POWER_REPORT_KEY. */
export function billerVariables(billerId: string): { url: string; key: string; reportKey: string } {
  const prefix = billerId.toUpperCase().replaceAll('-', '_');
  return { url: `${prefix}_URL`, key: `${prefix}_KEY`, reportKey: `${prefix}_REPORT_KEY` };
}

/** The variables of the billers that menus/billers.yaml names. */
export function billerEnvironment(billerIds: readonly string[]) {
  const fields: Record<string, z.ZodType<string | undefined>> = {};
  for (const id of billerIds) {
    const { url, key, reportKey } = billerVariables(id);
    fields[url] = field.address(http).optional();
    fields[key] = field.optionalText();
    fields[reportKey] = field.text(/^[\x21-\x7e]{16,200}$/, '16 to 200 characters without spaces').optional();
  }
  return z.object(fields);
}

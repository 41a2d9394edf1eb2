import type { Money } from '../../kernel/index.ts';
import type { LogLevel } from '../log/index.ts';

export type Role = 'all' | 'web' | 'worker' | 'simulator';
/** What a rule against suspicious use does with a payment: keep it for staff, or say no. */
export type RuleAction = 'hold' | 'refuse';

/** The service's settings, read once at start and never changed. Made by `loadConfig` from the environment. */
export interface Config {
  readonly role: Role;
  readonly production: boolean;
  /** Fake operators and billers instead of real ones; then no real credential is set. */
  readonly simulators: boolean;
  readonly logLevel: LogLevel;
  readonly web: WebConfig;
  readonly simulator: SimulatorConfig;
  readonly stores: StoresConfig;
  readonly callbacks: CallbacksConfig;
  /** 32 bytes: encryption at rest and keyed hashes are derived from it. */
  readonly dataKey: Buffer;
  readonly business: BusinessConfig;
  readonly ussd: UssdConfig;
  readonly limits: LimitsConfig;
  readonly rules: RulesConfig;
  readonly checkout: CheckoutConfig;
  readonly api: ApiConfig;
  readonly timing: TimingConfig;
  readonly statements: StatementsConfig;
  readonly reminders: RemindersConfig;
  readonly worker: WorkerConfig;
  readonly settlements: SettlementsConfig;
  readonly retention: RetentionConfig;
  readonly webhooks: WebhooksConfig;
  readonly mail: MailConfig;
  readonly africasTalking: AfricasTalkingConfig;
  readonly daraja: DarajaConfig;
  /** By biller id, as menus/billers.yaml names them. */
  readonly billers: Readonly<Record<string, BillerConfig>>;
}

export interface WebConfig {
  readonly host: string;
  readonly port: number;
  /** Where operators reach this gateway, without a slash at the end. */
  readonly publicUrl: string;
  /** CIDRs whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** How long a stop waits for what is in hand. */
  readonly stopWithinMs: number;
}

export interface SimulatorConfig {
  readonly port: number;
  readonly url: string;
  /** Of its mail server; undefined: it has none. */
  readonly smtpPort: number | undefined;
}

export interface StoresConfig {
  /** `mysql://` or `mariadb://`; undefined: the embedded store in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** One address, or several of a cluster joined by commas; undefined: memory. */
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
}

export interface CallbacksConfig {
  /** Current key, then the previous one while it is still accepted. */
  readonly africasTalkingKeys: readonly [string, ...string[]];
  readonly darajaKeys: readonly [string, ...string[]];
  /** CIDRs from which each may call; empty: any. */
  readonly africasTalkingNetworks: readonly string[];
  readonly darajaNetworks: readonly string[];
}

export interface BusinessConfig {
  /** Who runs the service, as settlements name it. */
  readonly name: string;
  /** ISO 3166, for numbers written without a country code. */
  readonly country: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name; days and times that people see are in it. */
  readonly timeZone: string;
  /** Local time at which the night of the day before is run: `03:30`. */
  readonly nightAt: string;
  readonly defaultLanguage: string;
  /** As dialled: `*384*123#`. */
  readonly serviceCode: string;
  /** A number that customers may call. */
  readonly supportPhone: string | undefined;
}

export interface UssdConfig {
  readonly hopTimeoutMs: number;
  readonly lookupTimeoutMs: number;
  readonly sessionTtlMs: number;
  readonly dialTtlMs: number;
}

export interface LimitsConfig {
  /** What the operator moves at least and at most at once, and at most a day, for one payer. */
  readonly operatorMin: Money;
  readonly operatorMax: Money;
  readonly operatorDaily: Money;
  /** What one payer may pay through us in a day. */
  readonly customerDaily: Money;
}

/** The page to pay: what one address may ask in an hour. */
export interface CheckoutConfig {
  readonly lookupsPerHour: number;
  readonly promptsPerHour: number;
}

/** The interface for organisations. */
export interface ApiConfig {
  /** By one key. */
  readonly requestsPerMinute: number;
}

export interface RulesConfig {
  readonly accountsPerDay: number;
  readonly accountsAction: RuleAction;
  readonly paymentsPer10Minutes: number;
  readonly paymentsAction: RuleAction;
  readonly thirdPartyPromptsPerDay: number;
  /** Accounts looked up and not found: by one number in a day, of one biller in an hour, and by one number past that. */
  readonly notFoundPerDay: number;
  readonly notFoundPerAddressPerDay: number;
  readonly notFoundPerBillerPerHour: number;
  readonly notFoundWhenTight: number;
  /** Within it the same payer and amount makes no second prompt. */
  readonly repeatWindowMs: number;
}

export interface TimingConfig {
  readonly holdMs: number;
  /** From the end of the session to the prompt. */
  readonly promptDelayMs: number;
  /** Paid but not yet posted for this long: the customer is told that it is on its way. */
  readonly noticeDelayMs: number;
  /** When an unknown outcome is asked about, counted from the request. Ascending. */
  readonly inquiryDelaysMs: readonly number[];
  readonly pullEveryMs: number;
  /** Paid, or perhaps paid, and still not booked for this long: the payer is told, staff is, a refund is proposed. */
  readonly delays: { readonly payerMs: number; readonly staffMs: number; readonly refundMs: number };
}

export interface StatementsConfig {
  /** Holds a folder for every operator and biller into which statements are dropped. */
  readonly directory: string;
  /** A file that was written to within this time is left alone. */
  readonly settleMs: number;
}

export interface RemindersConfig {
  readonly on: boolean;
  /** Days from the due date, ascending. */
  readonly days: readonly number[];
  /** Minutes since midnight where the customer is. */
  readonly hours: { readonly fromMinute: number; readonly toMinute: number };
  /** Receives STOP. Set when they are on. */
  readonly stopNumber: string | undefined;
  /** Whether they name a short address of the page to pay. */
  readonly links: boolean;
  readonly perSecond: number;
  /** What one part of a message costs. */
  readonly partPrice: Money;
}

export interface WorkerConfig {
  readonly concurrency: number;
  readonly outboxPollMs: number;
  readonly outboxLeaseMs: number;
  /** Answers by SMS to one number in a day. */
  readonly smsRepliesPerDay: number;
  /** Where a worker answers for its health and metrics; undefined: nowhere. */
  readonly port: number | undefined;
}

export interface SettlementsConfig {
  readonly directory: string;
  /** 32 bytes that the pair of keys is derived from which signs the files. */
  readonly key: Buffer;
}

export interface RetentionConfig {
  readonly rawDays: number;
  readonly outboxDays: number;
  readonly tokenDays: number;
  readonly dialogDays: number;
  /** Texts of messages; that they were sent is kept with payments. */
  readonly messageDays: number;
  readonly noteDays: number;
  readonly reminderDays: number;
  /** Payments that billers took elsewhere. */
  readonly elsewhereDays: number;
  /** Webhook events, their deliveries and answers. */
  readonly webhookDays: number;
  readonly mailDays: number;
  readonly statementDays: number;
  /** What was asked for as a file. */
  readonly exportDays: number;
  readonly payoutListDays: number;
  /** Logins of staff, since they ended. */
  readonly staffSessionDays: number;
  /** Whose payments were: numbers and names in payments and transfers. Amounts and the ledger stay. */
  readonly paymentDays: number;
  /** Links and PINs of a number that was idle for this long lapse: networks give numbers to new owners. */
  readonly idleDays: number;
}

export interface WebhooksConfig {
  /** Networks whose addresses may be called though they are not public, also without TLS. */
  readonly allowNetworks: readonly string[];
  readonly timeoutMs: number;
  /** How long a replaced secret signs beside its successor. */
  readonly rotationMs: number;
  /** Requests at once, to one endpoint and to all, in one process. */
  readonly perEndpoint: number;
  readonly atOnce: number;
}

export interface MailConfig {
  /** `smtp:` or `smtps:`; undefined: no mail is sent. */
  readonly url: string | undefined;
  readonly from: string;
}

/** Credentials that the role does not need may be empty. */
export interface AfricasTalkingConfig {
  readonly username: string;
  readonly apiKey: string;
  readonly senderReceipts: string | undefined;
  readonly senderReminders: string | undefined;
  /** Instead of the real address. */
  readonly smsUrl: string | undefined;
}

/** Credentials that the role does not need may be empty. */
export interface DarajaConfig {
  readonly url: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly shortCode: string;
  readonly passkey: string;
  readonly initiator: string;
  readonly securityCredential: string;
  /** The account that pays people; undefined: nobody is paid. */
  readonly payouts: DarajaPayoutConfig | undefined;
  /** How many payouts the operator takes of us, over all workers. */
  readonly payoutsPerSecond: number;
}

export interface DarajaPayoutConfig {
  readonly shortCode: string;
  readonly initiator: string;
  readonly securityCredential: string;
}

export interface BillerConfig {
  readonly url: string;
  readonly key: string;
  /** With which it tells us what was paid elsewhere; undefined: it cannot. */
  readonly reportKey: string | undefined;
}

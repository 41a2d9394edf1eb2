import { schema } from '../../ormconfig.ts';
import type { BillLaterDeps } from '../domain/accounts/index.ts';
import { type ApprovalBands, loadApprovalBands } from '../domain/approvals/index.ts';
import type { AuditDeps } from '../domain/audit/index.ts';
import { type BillerCatalogue, loadBillers } from '../domain/billers/index.ts';
import { argon2Pins, type PinDeps, type PinHasher } from '../domain/customers/index.ts';
import { type FundingDeps, loadPayoutRules } from '../domain/funding/index.ts';
import type { MailDeps } from '../domain/mails/index.ts';
import { findPayoutAccount } from '../domain/organisations/index.ts';
import { makePayLinks, type PayLinks } from '../domain/pay-links/index.ts';
import type { PaymentDeps } from '../domain/payments/index.ts';
import { batchTaker, type PayoutBatchDeps } from '../domain/payout-batches/index.ts';
import { loadListWords } from '../domain/payout-lists/index.ts';
import { loadReconRules, type ReconDeps } from '../domain/reconciliation/index.ts';
import type { ReminderDeps } from '../domain/reminders/index.ts';
import { type FileWriter, type SettlementDeps, signedFileWriter } from '../domain/settlement/index.ts';
import { STAFF_ROLES } from '../domain/staff/index.ts';
import type { WebhookDeps } from '../domain/webhooks/index.ts';
import type { Runtime } from '../kernel/index.ts';
import type { Config } from '../platform/config/index.ts';
import { type Database, openDatabase } from '../platform/database/index.ts';
import {
  dnsResolver,
  guardedHttpPort,
  type HttpPort,
  makeHttpPort,
  makeNetworks,
  type ResolveHost,
} from '../platform/http/index.ts';
import { makeInbox } from '../platform/inbox/index.ts';
import type { Log } from '../platform/log/index.ts';
import { type Metrics, makeMetrics } from '../platform/metrics/index.ts';
import { makeOutbox } from '../platform/outbox/index.ts';
import { memoryPace, redisPace } from '../platform/pace/index.ts';
import { connectRedis } from '../platform/redis/index.ts';
import { makeSealing, makeSigner } from '../platform/sealing/index.ts';
import { memorySessions, redisSessions, type SessionStore } from '../platform/sessions/index.ts';
import { memoryTokens, redisTokens } from '../platform/shared-token/index.ts';
import { memoryTallies, redisTallies } from '../platform/tallies/index.ts';
import type { Texts } from '../platform/texts/index.ts';
import type { SmsProvider } from '../providers/sms/index.ts';
import {
  APPROVALS_FILE,
  BILLERS_FILE,
  loadAllTexts,
  PAYOUT_LISTS_FILE,
  PAYOUTS_FILE,
  RECONCILIATION_FILE,
} from './menus.ts';
import { makeProviders } from './providers.ts';
import { reachStore } from './reach-store.ts';
import {
  paymentSettings,
  payoutSettings,
  reminderSettings,
  settlementSettings,
  transferSettings,
  webhookSettings,
} from './settings.ts';

type ServiceDeps = PaymentDeps &
  PayoutBatchDeps &
  PinDeps &
  BillLaterDeps &
  ReminderDeps &
  SettlementDeps &
  WebhookDeps &
  MailDeps &
  ReconDeps &
  AuditDeps & { payLinks: PayLinks; approvalBands: ApprovalBands } & FundingDeps;

/** What both halves of the service, web and worker, are built on. */
export interface Service {
  runtime: Runtime;
  config: Config;
  log: Log;
  metrics: Metrics;
  sessions: SessionStore;
  /** Dependencies of every domain function. */
  deps: ServiceDeps;
  close(): Promise<void>;
}

/**
 * What touches the world outside, real time or files. Whoever gives one decides what it is, and closes it; all others are
 * made from the configuration.
 */
export interface ServicePorts {
  database?: Database;
  sessions?: SessionStore;
  http?: HttpPort;
  sms?: SmsProvider;
  pins?: PinHasher;
  metrics?: Metrics;
  /** Where names of hosts lead that others have chosen. */
  resolveHost?: ResolveHost;
  texts?: Texts;
  billers?: BillerCatalogue;
  /** Around what writes the files of settlements. */
  writeFiles?(own: FileWriter): FileWriter;
}

/** Opens the stores and brings their schema up to date, loads texts and billers, makes the providers' clients. */
export async function openService(
  runtime: Runtime,
  config: Config,
  log: Log,
  ports: ServicePorts = {},
): Promise<Service> {
  const { databaseUrl, redisUrl } = config.stores;
  const open = () => openDatabase(runtime, config.stores, schema);
  const openOwn = () => (databaseUrl ? reachStore(runtime, log, 'DATABASE_URL', open) : openEmbedded(config, open));
  const ownDatabase = ports.database ? undefined : await openOwn();
  const database = ports.database ?? (ownDatabase as Database);
  await database.migrate();
  const redis = redisUrl ? await reachStore(runtime, log, 'REDIS_URL', () => connectRedis(redisUrl, log)) : undefined;
  const sessions = ports.sessions ?? (redis ? redisSessions(redis, config.ussd) : memorySessions(runtime, config.ussd));
  const tokens = redis ? redisTokens(runtime, redis) : memoryTokens(runtime);
  const metrics = ports.metrics ?? makeMetrics({ process: true });
  const ownHttp = ports.http ? undefined : makeHttpPort(runtime);
  const http = ports.http ?? (ownHttp as HttpPort);
  const outbox = makeOutbox(runtime, database);
  const inbox = makeInbox(runtime, database, outbox);
  const { defaultLanguage, timeZone, serviceCode, currency } = config.business;
  const settlements = settlementSettings(config);
  const writeFiles = signedFileWriter(runtime.chance, settlements.signer);
  const billers = ports.billers ?? loadBillers(BILLERS_FILE);
  const texts = ports.texts ?? loadAllTexts({ defaultLanguage, timeZone });
  const sealing = makeSealing(config.dataKey, runtime.chance);
  const deps = {
    runtime,
    database,
    outbox,
    inbox,
    log,
    billers,
    ...makeProviders({ runtime, config, log, metrics, http, tokens, billers }),
    ...(ports.sms ? { sms: ports.sms } : {}),
    sealing,
    findPayoutAccount: (id: string) => findPayoutAccount({ database, sealing }, id),
    paidTaker: batchTaker({ runtime }),
    texts,
    tallies: redis ? redisTallies(runtime, redis) : memoryTallies(runtime),
    pace: redis ? redisPace(runtime, redis) : memoryPace(runtime),
    lookupRules: config.rules,
    payLinks: makePayLinks({
      clock: runtime.clock,
      billers,
      signer: makeSigner(config.dataKey, 'pay links'),
      publicUrl: config.web.publicUrl,
    }),
    auditSigner: makeSigner(config.dataKey, 'audit log'),
    approvalBands: loadApprovalBands(APPROVALS_FILE, { roles: STAFF_ROLES, currency }),
    listWords: loadListWords(PAYOUT_LISTS_FILE, texts.languages),
    payoutSettings: payoutSettings(config),
    payoutRules: loadPayoutRules(PAYOUTS_FILE, { currency, country: config.business.country }),
    fundingSettings: { timeZone, ourName: config.business.name },
    pins: ports.pins ?? argon2Pins,
    senderNames: senderNames(config),
    defaultLanguage,
    serviceCode,
    transferSettings: transferSettings(config),
    reconSettings: { ...loadReconRules(RECONCILIATION_FILE), timeZone },
    paymentSettings: paymentSettings(config),
    webhookHttp: guardedHttpPort({
      clock: runtime.clock,
      http,
      resolve: ports.resolveHost ?? dnsResolver(),
      allowed: makeNetworks(config.webhooks.allowNetworks),
    }),
    webhookSettings: webhookSettings(config),
    settlementSettings: settlements,
    writeFiles: ports.writeFiles?.(writeFiles) ?? writeFiles,
    reminderSettings: reminderSettings(config),
  };
  return {
    runtime,
    config,
    log,
    metrics,
    sessions,
    deps,
    async close() {
      deps.mail?.close();
      ownHttp?.close();
      if (!ports.sessions) await sessions.close();
      redis?.disconnect();
      await ownDatabase?.close();
    },
  };
}

async function openEmbedded<T>({ stores }: Config, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error';
    throw new Error(`DATA_DIR ${stores.dataDir} cannot be used: ${reason}`, { cause: error });
  }
}

function senderNames({ africasTalking }: Config): PaymentDeps['senderNames'] {
  const { senderReceipts, senderReminders } = africasTalking;
  return {
    ...(senderReceipts ? { receipts: senderReceipts } : {}),
    ...(senderReminders ? { reminders: senderReminders } : {}),
  };
}

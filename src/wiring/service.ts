import { schema } from '../../ormconfig.ts';
import type { BillLaterDeps } from '../domain/accounts/index.ts';
import { loadBillers } from '../domain/billers/index.ts';
import { argon2Pins, type PinDeps } from '../domain/customers/index.ts';
import type { PaymentDeps } from '../domain/payments/index.ts';
import type { Runtime } from '../kernel/index.ts';
import type { Config } from '../platform/config/index.ts';
import { openDatabase } from '../platform/database/index.ts';
import { makeHttpPort } from '../platform/http/index.ts';
import { makeInbox } from '../platform/inbox/index.ts';
import type { Log } from '../platform/log/index.ts';
import { type Metrics, makeMetrics } from '../platform/metrics/index.ts';
import { makeOutbox } from '../platform/outbox/index.ts';
import { connectRedis } from '../platform/redis/index.ts';
import { makeSealing } from '../platform/sealing/index.ts';
import { memorySessions, redisSessions, type SessionStore } from '../platform/sessions/index.ts';
import { memoryTokens, redisTokens } from '../platform/shared-token/index.ts';
import { loadTexts } from '../platform/texts/index.ts';
import { BILLERS_FILE, TEXTS_DIRECTORY } from './menus.ts';
import { makeProviders } from './providers.ts';
import { paymentSettings, transferSettings } from './settings.ts';

/** What both halves of the service, web and worker, are built on. */
export interface Service {
  runtime: Runtime;
  config: Config;
  log: Log;
  metrics: Metrics;
  sessions: SessionStore;
  /** Dependencies of every domain function. */
  deps: PaymentDeps & PinDeps & BillLaterDeps;
  close(): Promise<void>;
}

/** Opens the stores and brings their schema up to date, loads texts and billers, makes the providers' clients. */
export async function openService(runtime: Runtime, config: Config, log: Log): Promise<Service> {
  const database = await openDatabase(runtime, config.stores, schema);
  await database.migrate();
  const redis = config.stores.redisUrl ? await connectRedis(config.stores.redisUrl, log) : undefined;
  const sessions = redis ? redisSessions(redis, config.ussd) : memorySessions(runtime, config.ussd);
  const tokens = redis ? redisTokens(runtime, redis) : memoryTokens(runtime);
  const metrics = makeMetrics({ process: true });
  const http = makeHttpPort(runtime);
  const outbox = makeOutbox(runtime, database);
  const inbox = makeInbox(runtime, database, outbox);
  const { defaultLanguage, timeZone, serviceCode } = config.business;
  const billers = loadBillers(BILLERS_FILE);
  const deps = {
    runtime,
    database,
    outbox,
    inbox,
    log,
    billers,
    ...makeProviders({ runtime, config, log, metrics, http, tokens, billers }),
    sealing: makeSealing(config.dataKey, runtime.chance),
    texts: loadTexts(TEXTS_DIRECTORY, { defaultLanguage, timeZone }),
    pins: argon2Pins,
    senderNames: senderNames(config),
    defaultLanguage,
    serviceCode,
    transferSettings: transferSettings(config),
    paymentSettings: paymentSettings(config),
  };
  return {
    runtime,
    config,
    log,
    metrics,
    sessions,
    deps,
    async close() {
      http.close();
      await sessions.close();
      redis?.disconnect();
      await database.close();
    },
  };
}

function senderNames({ africasTalking }: Config): PaymentDeps['senderNames'] {
  const { senderReceipts, senderReminders } = africasTalking;
  return {
    ...(senderReceipts ? { receipts: senderReceipts } : {}),
    ...(senderReminders ? { reminders: senderReminders } : {}),
  };
}

import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { GuardedHttpPort } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';

export interface WebhookDeps {
  runtime: Runtime;
  database: Database;
  sealing: Sealing;
  log: Log;
  webhookHttp: GuardedHttpPort;
  webhookSettings: WebhookSettings;
}

export interface WebhookSettings {
  /** How long an endpoint may take to answer. */
  timeoutMs: number;
  /** How long a replaced secret signs beside its successor, unless the rotation says otherwise. */
  rotationMs: number;
  /** Requests under way at once in one process, to one endpoint and to all. */
  perEndpoint: number;
  atOnce: number;
  /** How often new work is looked for. */
  pollMs: number;
}

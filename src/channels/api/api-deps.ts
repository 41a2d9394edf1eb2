import type { AuditDeps } from '../../domain/audit/index.ts';
import type { FundingDeps } from '../../domain/funding/index.ts';
import type { AnswerOnceDeps, ApiKey, Organisation } from '../../domain/organisations/index.ts';
import type { PayoutBatchDeps, ProgressReader } from '../../domain/payout-batches/index.ts';
import type { PayableOperator } from '../../domain/payout-lists/index.ts';
import type { WebhookDeps } from '../../domain/webhooks/index.ts';
import type { Downloads, Networks } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Tallies } from '../../platform/tallies/index.ts';
import type { Texts } from '../../platform/texts/index.ts';

/** What the use cases behind the interface need. */
export type ApiDomain = AnswerOnceDeps &
  WebhookDeps &
  AuditDeps &
  FundingDeps &
  PayoutBatchDeps & {
    tallies: Tallies;
    texts: Texts;
    /** By whom we can pay. */
    payers: readonly PayableOperator[];
    /** As people call it. */
    operatorName(operator: string): string;
    readProgress: ProgressReader;
  };

export interface OrganisationApiDeps {
  domain: ApiDomain;
  log: Log;
  /** Without a slash at the end. */
  publicUrl: string;
  trustedProxies: Networks;
  downloads: Downloads;
  /** By one key. */
  requestsPerMinute: number;
  /** Whose key it is; undefined for one that is not known, or over. */
  findKey(key: string): Promise<{ key: ApiKey; organisation: Organisation } | undefined>;
  /** Counts answers that an error made. */
  observeError(status: number): void;
}

import type { Biller } from '../../domain/billers/index.ts';
import type { FundingDeps } from '../../domain/funding/index.ts';
import type { OrganisationDeps } from '../../domain/organisations/index.ts';
import type { PaymentDeps } from '../../domain/payments/index.ts';
import type { PayoutBatchDeps } from '../../domain/payout-batches/index.ts';
import type { PayableOperator } from '../../domain/payout-lists/index.ts';
import type { RefundActDeps } from '../../domain/refunds/index.ts';
import type { SearchDeps } from '../../domain/search/index.ts';
import type { SettlementDeps } from '../../domain/settlement/index.ts';
import type { StaffDeps } from '../../domain/staff/index.ts';
import type { WebhookDeps } from '../../domain/webhooks/index.ts';
import type { Networks } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Signer } from '../../platform/sealing/index.ts';
import type { Texts } from '../../platform/texts/index.ts';

/** A person of the demo, as the login page shows him. */
export interface DemoLogin {
  role: string;
  /** The organisation that he is of; left out, one of ours. */
  of?: string;
  email: string;
  password: string;
  /** The code of his authenticator app at this moment. */
  code(): Promise<string>;
}

export interface ConsoleDeps {
  log: Log;
  texts: Texts;
  /** Signs the tokens of forms; for nothing else. */
  signer: Signer;
  publicUrl: string;
  trustedProxies: Networks;
  timeZone: string;
  billers: readonly Biller[];
  /** By id, with the name that people know. */
  operators: readonly { id: string; name: string }[];
  /** By whom people can be paid. */
  payers: readonly PayableOperator[];
  /** Files that are given to us, until they are read. */
  uploads: { directory: string; mostBytes: number };
  /** What the domain's functions are called with. */
  domain: StaffDeps &
    SearchDeps &
    PaymentDeps &
    RefundActDeps &
    WebhookDeps &
    SettlementDeps &
    OrganisationDeps &
    FundingDeps &
    PayoutBatchDeps;
  /** Only with the simulators on. */
  demo: readonly DemoLogin[];
}

import type { Biller } from '../../domain/billers/index.ts';
import type { PaymentDeps } from '../../domain/payments/index.ts';
import type { RefundActDeps } from '../../domain/refunds/index.ts';
import type { SearchDeps } from '../../domain/search/index.ts';
import type { StaffDeps } from '../../domain/staff/index.ts';
import type { WebhookDeps } from '../../domain/webhooks/index.ts';
import type { Networks } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Signer } from '../../platform/sealing/index.ts';
import type { Texts } from '../../platform/texts/index.ts';

/** A person of the demo, as the login page shows him. */
export interface DemoLogin {
  role: string;
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
  /** What the domain's functions are called with. */
  domain: StaffDeps & SearchDeps & PaymentDeps & RefundActDeps & WebhookDeps;
  /** Only with the simulators on. */
  demo: readonly DemoLogin[];
}

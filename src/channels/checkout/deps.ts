import type { Runtime } from '../../kernel/index.ts';
import type { Networks } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Signer } from '../../platform/sealing/index.ts';
import type { Tallies } from '../../platform/tallies/index.ts';
import type { Texts } from '../../platform/texts/index.ts';
import type { CheckoutBiller, CheckoutDomain } from './checkout-domain.ts';
import type { CheckoutLimits } from './limits.ts';

export interface CheckoutDeps {
  runtime: Runtime;
  log: Log;
  texts: Texts;
  tallies: Tallies;
  domain: CheckoutDomain;
  billers: readonly CheckoutBiller[];
  /** As people know it: `M-PESA`. */
  operator: string;
  currency: string;
  supportPhone: string | undefined;
  publicUrl: string;
  trustedProxies: Networks;
  limits: CheckoutLimits;
  lookupTimeoutMs: number;
  /** Of a key for this purpose alone. */
  signer: Signer;
  /** Keyed hash: a payment is found by the token of its page, which is not in the store. */
  fingerprint(token: string): string;
}

import type { PaymentDeps } from '../payments/index.ts';

export interface ReconDeps extends PaymentDeps {
  reconSettings: ReconSettings;
}

/** From menus/reconciliation.yaml and the environment. */
export interface ReconSettings {
  /** The business's own, in which the night has its day; a biller may have another. */
  timeZone: string;
  /** What is unmatched waits so many days as late before it is a break. */
  waitDays: number;
  /** Amounts that differ by no more are the same. */
  toleranceMinor: bigint;
  /** In the order in which they are tried, after receipt and reference. */
  rules: readonly MatchRule[];
}

/** How a line that names neither receipt nor reference is found. A pair counts only if neither side has another candidate. */
export interface MatchRule {
  name: string;
  side: 'operator' | 'biller';
  /** The two times lie no further apart. */
  withinMs: number;
}

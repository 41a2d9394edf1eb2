import type { FailureCause, PayoutCause } from '../../providers/operators/index.ts';

const OURS: Readonly<Record<PayoutCause, boolean>> = {
  'not-registered': false,
  'recipient-limit': false,
  'amount-limit': false,
  'number-refused': false,
  'float-short': true,
  'credential-refused': true,
  'credential-locked': true,
  'not-permitted': true,
  'request-refused': true,
};

/**
 * Of a payout that failed: whether we are the reason, and not who was to be paid. Then the next one would fail of the same, and a wrong
 * credential that is tried again and again is locked: whoever pays many people stops at the first.
 */
export function causeIsOurs(cause: FailureCause | PayoutCause | null): boolean {
  return cause !== null && cause in OURS && OURS[cause as PayoutCause];
}

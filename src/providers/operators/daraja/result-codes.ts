import type { Evidence, FailureCause } from '../contract.ts';
import type { PayoutCause } from '../payout-cause.ts';

type Outcome = Evidence['outcome'];

/**
 * What a prompt's result code proves. `failed` is a proof that the customer was not debited; a code
 * that may come without that proof is `unproven`, and becomes a failure only when a query repeats it. A code that is not
 * listed proves nothing. `2029` as a proof is the community's word, not the operator's.
 */
const PROMPT_CODES: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ['0', 'succeeded'],
  ['1', 'failed'], // insufficient funds
  ['2', 'unproven'], // under the minimum
  ['3', 'unproven'], // over the maximum
  ['4', 'unproven'], // over the daily limit
  ['8', 'unproven'], // over the balance limit
  ['17', 'unproven'], // same customer and amount within two minutes
  ['1019', 'failed'], // expired
  ['1025', 'unproven'], // prompt too long, or it could not be pushed
  ['1032', 'failed'], // cancelled by the customer
  ['1037', 'failed'], // handset out of reach
  ['2001', 'failed'], // wrong PIN
  ['2028', 'failed'], // transaction type and PartyB disagree
  ['2029', 'failed'],
  ['4999', 'pending'], // still in flight (community)
  ['8006', 'unproven'], // credential locked
  ['SFC_IC0003', 'unproven'], // operator unknown
]);

const CAUSES: ReadonlyMap<string, FailureCause> = new Map<string, FailureCause>([
  ['1', 'insufficient-funds'],
  ['2', 'operator-limit'],
  ['3', 'operator-limit'],
  ['4', 'operator-limit'],
  ['8', 'operator-limit'],
  ['17', 'busy'],
  ['1019', 'no-answer'],
  ['1025', 'unreachable'],
  ['1032', 'cancelled'],
  ['1037', 'unreachable'],
  ['2001', 'wrong-pin'],
]);

/** What a prompt's result code proves, and, unless it is a success, what the customer can be told of it. */
export function promptOutcome(code: string): { outcome: Outcome; cause?: FailureCause } {
  const outcome = PROMPT_CODES.get(code) ?? 'unproven';
  if (outcome === 'succeeded' || outcome === 'pending') return { outcome };
  return { outcome, cause: CAUSES.get(code) ?? 'other' };
}

/** The API gateway says that the token is not, or no longer, good. The request behind it was not looked at. */
const TOKEN_REFUSED: ReadonlySet<string> = new Set(['400.003.01', '401.002.01', '404.001.03']);

export function isTokenRefused(code: string): boolean {
  return TOKEN_REFUSED.has(code);
}

/** The API gateway's own throttle (spike arrest, quota): the request did not pass it. */
const THROTTLED: ReadonlySet<string> = new Set(['500.003.02', '500.003.03']);

export function isThrottled(code: string): boolean {
  return THROTTLED.has(code) || code.startsWith('429.');
}

/** A code of the 400 family: the request was refused before anything was done with it. */
export function isBadRequest(code: string): boolean {
  return /^40\d\./.test(code);
}

/** On a prompt: subscriber busy, or our own credentials; on a query: still in flight. */
export const BUSY_OR_MISCONFIGURED = '500.001.1001';

/** A reversal was asked for of what had been reversed before, by whomever. */
export const REVERSED_BEFORE = 'R000001';

/**
 * What a reversal's result code proves. `failed`: the operator did not look at the transaction, because of us (too little float, the
 * initiator's rights or credential). That it does not know the transaction (R000002) proves nothing, since it knew it when it
 * took it; nor does any code that is not listed.
 */
const REVERSAL_FAILURES: ReadonlySet<string> = new Set(['1', '11', '21', '2001', '2006', '2028', '8006']);

export function reversalOutcome(code: string): Outcome {
  if (code === '0') return 'succeeded';
  return REVERSAL_FAILURES.has(code) ? 'failed' : 'unproven';
}

/** A request under an `OriginatorConversationID` that the operator has taken before: it is there already. */
export const DUPLICATE_REQUEST = '500.002.1001';

/** Each of these in a payout's result proves that nothing was paid, and says whose doing it is. Any other code proves nothing. */
const PAYOUT_FAILURES: ReadonlyMap<string, PayoutCause> = new Map<string, PayoutCause>([
  ['1', 'float-short'],
  ['2', 'amount-limit'], // under the minimum
  ['3', 'amount-limit'], // over the maximum
  ['4', 'recipient-limit'], // over the daily limit
  ['8', 'recipient-limit'], // over what the recipient may hold
  ['11', 'not-permitted'], // the account that pays is in a state that forbids it
  ['21', 'not-permitted'], // the initiator may not ask for this
  ['2001', 'credential-refused'],
  ['2006', 'not-permitted'], // the account's state
  ['2028', 'not-permitted'], // the account's product
  ['2040', 'not-registered'],
  ['8006', 'credential-locked'],
  ['SFC_IC0003', 'number-refused'],
]);

/** What a payout's result code proves. */
export function payoutOutcome(code: string): { outcome: Outcome; cause?: PayoutCause } {
  if (code === '0') return { outcome: 'succeeded' };
  const cause = PAYOUT_FAILURES.get(code);
  return cause === undefined ? { outcome: 'unproven' } : { outcome: 'failed', cause };
}

import { mayBeSentAgain } from './submit-transfer.ts';
import type { Transfer } from './transfer.ts';

export type SendingState = Pick<Transfer, 'state' | 'resultCode' | 'checkoutRequestId' | 'submittedAtMs'>;

/** Long enough for a process to be missed, started again and given what the dead one had in hand; no operator says how long it knows a request. */
const REPEAT_WITHIN_MS = 15 * 60_000;

/**
 * Its work is done once more, since whoever did it died before the end: committed as sent, and nothing is known of the request. It may
 * never have left, and then no question would ever prove that; or the operator has it, and says so of a second one under the same
 * reference, of which it takes one.
 */
export function isCutShort(transfer: SendingState, nowMs: number): boolean {
  const { state, resultCode, checkoutRequestId, submittedAtMs } = transfer;
  if (state !== 'submitted' && state !== 'unknown') return false;
  if (resultCode !== null || checkoutRequestId !== null || submittedAtMs === null) return false;
  return nowMs - submittedAtMs < REPEAT_WITHIN_MS;
}

/** For the first time, after a proof that the operator did not take it, or because its sending was cut short. */
export function mayGoOut(transfer: SendingState, nowMs: number): boolean {
  return transfer.state === 'requested' || mayBeSentAgain(transfer) || isCutShort(transfer, nowMs);
}

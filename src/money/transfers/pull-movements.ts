import { applyMovement } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';

/**
 * Reads the operator's own list of what arrived and books what we lack. What it shows decides; what it does not show
 * proves nothing. Returns how many lines were seen, or undefined when no usable list came.
 */
export async function pullMovements(
  deps: TransferDeps,
  operatorName: string,
  fromMs: number,
  toMs: number,
): Promise<number | undefined> {
  const answer = await operatorOf(deps, operatorName).pullMovements(fromMs, toMs);
  if (answer.kind === 'unknown') return undefined;
  for (const movement of answer.movements) {
    try {
      await applyMovement(deps, operatorName, movement, 'query');
    } catch (err) {
      // One line that cannot be booked must not keep the ones behind it from being booked.
      deps.log.error({ err, receipt: movement.receipt }, 'a line of the operator cannot be booked');
    }
  }
  return answer.movements.length;
}

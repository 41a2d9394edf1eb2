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
  for (const movement of answer.movements) await applyMovement(deps, operatorName, movement, 'query');
  return answer.movements.length;
}

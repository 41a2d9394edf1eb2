import { In } from 'typeorm';
import { sameMoney } from '../../kernel/index.ts';
import type { PaybillMovement } from '../../providers/operators/index.ts';
import { applyMovement } from './apply-movement.ts';
import type { TransferDeps } from './deps.ts';
import { operatorOf } from './request-transfer.ts';
import { TransferSchema } from './transfer.ts';

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
  const settled = await findSettled(deps, operatorName, answer.movements);
  for (const movement of answer.movements) {
    if (settled.has(movement.receipt)) continue;
    try {
      await deps.database.transaction((tx) => applyMovement(deps, tx, operatorName, movement, 'query'));
    } catch (err) {
      // One line that cannot be booked must not keep the ones behind it from being booked.
      deps.log.error({ err, receipt: movement.receipt }, 'a line of the operator cannot be booked');
    }
  }
  return answer.movements.length;
}

const TOGETHER = 500;

/** Receipts of transfers that a line cannot tell anything new: nearly all of them, so they are found many at a time. */
async function findSettled(
  { database }: TransferDeps,
  operator: string,
  movements: readonly PaybillMovement[],
): Promise<Set<string>> {
  const settled = new Set<string>();
  for (let start = 0; start < movements.length; start += TOGETHER) {
    const receipts = movements.slice(start, start + TOGETHER).map(({ receipt }) => receipt);
    const known = await database.reader.find(TransferSchema, {
      select: { receipt: true, payer: true, amountMinor: true, currency: true },
      where: { operator, receipt: In(receipts) },
    });
    const byReceipt = new Map(known.map((transfer) => [transfer.receipt, transfer]));
    for (const { receipt, amount } of movements.slice(start, start + TOGETHER)) {
      const transfer = byReceipt.get(receipt);
      if (transfer?.payer && sameMoney(transfer, amount)) settled.add(receipt);
    }
  }
  return settled;
}

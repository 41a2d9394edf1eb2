import type { Money } from '../../kernel/index.ts';
import { OperatorBalanceSchema } from '../../money/floats/index.ts';
import type { TransferDeps } from '../../money/transfers/index.ts';

/** For whoever watches the service. */
export interface FloatAlarms {
  /** What each operator last told, and how long ago. */
  told: { operator: string; utility: Money; ageMs: number }[];
  /** Approved batches that wait for money. */
  waitingForMoney: number;
}

export async function floatAlarms({
  database,
  runtime,
}: Pick<TransferDeps, 'database' | 'runtime'>): Promise<FloatAlarms> {
  const now = runtime.clock.now();
  const balances = await database.reader.find(OperatorBalanceSchema, { take: 20 });
  const [row]: { waiting: unknown }[] = await database.reader.query(
    "SELECT COUNT(*) AS waiting FROM payout_batch WHERE state = 'approved' AND pause_reason = 'float'",
  );
  return {
    told: balances.flatMap(({ operator, currency, utilityMinor, toldAtMs }) =>
      utilityMinor === null || toldAtMs === null
        ? []
        : [{ operator, utility: { amountMinor: utilityMinor, currency }, ageMs: now - toldAtMs }],
    ),
    waitingForMoney: Number(row?.waiting ?? 0),
  };
}

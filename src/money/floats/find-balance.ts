import type { TransferDeps } from '../transfers/index.ts';
import { balanceKeyOf, type OperatorBalance, OperatorBalanceSchema } from './operator-balance.ts';

/** What the operator last told of our account, or of somebody's own by its short code, and when it was last asked; null when it never was. */
export function findBalance(
  { database }: Pick<TransferDeps, 'database'>,
  operator: string,
  ownShortCode?: string,
): Promise<OperatorBalance | null> {
  return database.reader.findOne(OperatorBalanceSchema, { where: { operator: balanceKeyOf(operator, ownShortCode) } });
}

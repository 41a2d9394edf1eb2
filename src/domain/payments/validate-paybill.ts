import { TransferSchema } from '../../money/transfers/index.ts';
import type { PaybillValidation, ValidationRefusal } from '../../providers/operators/index.ts';
import { isKnownClosed } from '../accounts/index.ts';
import type { PaymentDeps } from './deps.ts';

/**
 * Whether the operator shall let a customer pay our short code; from local data alone. Only what is certainly wrong is
 * refused: the rest is accepted and looked up afterwards. Undefined means accepted.
 */
export async function validatePaybill(
  deps: PaymentDeps,
  operatorName: string,
  { account, amount, shortCode }: PaybillValidation,
): Promise<ValidationRefusal | undefined> {
  if (deps.operators.get(operatorName)?.shortCode !== shortCode) return 'short-code';
  const typed = account.replace(/[\s-]/g, '');
  const asked = await deps.database.reader.findOne(TransferSchema, { where: { reference: typed.toUpperCase() } });
  if (asked) return undefined;
  const fitting = deps.billers.fitting(typed);
  if (fitting.length === 0) return 'account';
  const fits = fitting.filter(
    ({ min, max }) => amount.amountMinor >= min.amountMinor && amount.amountMinor <= max.amountMinor,
  );
  if (fits.length === 0) return 'amount';
  for (const biller of fits) if (!(await isKnownClosed(deps, biller.id, typed))) return undefined;
  return 'account';
}

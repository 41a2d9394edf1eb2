import { MoreThanOrEqual } from 'typeorm';
import type { Money } from '../../kernel/index.ts';
import { ElsewherePaymentSchema } from './elsewhere-payment.ts';
import type { ElsewhereDeps } from './record-elsewhere.ts';

export interface ElsewhereView {
  amount: Money;
  paidAtMs: number;
  place: string;
}

const SHOWN_FOR_MS = 30 * 86_400_000;

/** The newest payment of an account that was made without us, since that instant; a month back unless one is given. */
export async function findElsewhere(
  { database, runtime }: Pick<ElsewhereDeps, 'database' | 'runtime'>,
  { billerId, account, sinceMs }: { billerId: string; account: string; sinceMs?: number },
): Promise<ElsewhereView | undefined> {
  const paidAtMs = MoreThanOrEqual(sinceMs ?? runtime.clock.now() - SHOWN_FOR_MS);
  const found = await database.reader.findOne(ElsewherePaymentSchema, {
    where: { billerId, account, paidAtMs },
    order: { paidAtMs: 'DESC' },
  });
  if (!found) return undefined;
  const { amountMinor, currency, place } = found;
  return { amount: { amountMinor, currency }, paidAtMs: found.paidAtMs, place };
}

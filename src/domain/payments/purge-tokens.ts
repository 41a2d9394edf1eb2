import { LessThan } from 'typeorm';
import type { PaymentDeps } from './deps.ts';
import { PaymentSchema, PaymentTokenSchema } from './payment.ts';

/** Forgets prepaid tokens of payments posted before that instant, up to `limit` payments; how many tokens went. */
export async function purgeTokens(
  { database }: Pick<PaymentDeps, 'database'>,
  beforeMs: number,
  limit: number,
): Promise<number> {
  // UUIDv7 keys grow with time, so the oldest tokens are the first rows of the primary key.
  const tokens = await database.reader.find(PaymentTokenSchema, { order: { id: 'ASC' }, take: limit });
  const old: string[] = [];
  for (const token of tokens) {
    const where = { id: token.paymentId, postedAtMs: LessThan(beforeMs) };
    if (await database.reader.existsBy(PaymentSchema, where)) old.push(token.id);
  }
  if (old.length > 0) await database.transaction((tx) => tx.manager.delete(PaymentTokenSchema, old));
  return old.length;
}

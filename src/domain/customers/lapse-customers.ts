import { IsNull, LessThan, Not } from 'typeorm';
import { CustomerSchema } from './customer.ts';
import type { CustomerDeps } from './customers.ts';

/** Takes the service PIN from up to `limit` numbers that were silent since that instant; how many. */
export async function lapsePins(
  { database }: Pick<CustomerDeps, 'database'>,
  silentSinceMs: number,
  limit: number,
): Promise<number> {
  const where = { lastSeenAtMs: LessThan(silentSinceMs), pinHash: Not(IsNull()) };
  const rows = await database.reader.find(CustomerSchema, { select: { id: true }, where, take: limit });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await database.transaction((tx) =>
    tx.manager.update(CustomerSchema, ids, { pinHash: null, pinFailures: 0, pinLockedUntilMs: null }),
  );
  return ids.length;
}

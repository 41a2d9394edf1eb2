import { IsNull } from 'typeorm';
import { Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { type PayoutList, PayoutListSchema } from './payout-list.ts';

interface Deps {
  database: Database;
}

/** Refuses with `list.not-found`, also for another's. */
export async function getList({ database }: Deps, id: string, ownerId: string): Promise<PayoutList> {
  const list = await database.reader.findOne(PayoutListSchema, { where: { id, ownerId } });
  if (!list) throw new Refusal('list.not-found');
  return list;
}

/** Lists that are in no batch yet, the newest first. */
export function freeLists({ database }: Deps, ownerId: string, most: number): Promise<PayoutList[]> {
  return database.reader.find(PayoutListSchema, {
    ...{ where: { ownerId, batchId: IsNull() }, order: { startedAtMs: 'DESC' }, take: most },
  });
}

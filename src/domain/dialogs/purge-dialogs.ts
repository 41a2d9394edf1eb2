import { In, LessThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { DialogPartSchema } from './dialog-part.ts';

/** Forgets up to `limit` parts that began before that instant; how many. */
export async function purgeDialogs(
  { database }: { database: Database },
  beforeMs: number,
  limit: number,
): Promise<number> {
  const rows = await database.reader.find(DialogPartSchema, {
    select: { id: true },
    where: { fromMs: LessThan(beforeMs) },
    order: { fromMs: 'ASC' },
    take: limit,
  });
  if (rows.length === 0) return 0;
  await database.transaction((tx) => tx.manager.delete(DialogPartSchema, { id: In(rows.map(({ id }) => id)) }));
  return rows.length;
}

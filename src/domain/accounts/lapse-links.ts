import { AccountLinkSchema } from './account-link.ts';
import type { LinkDeps } from './links.ts';

/** Forgets links of numbers that were silent since that instant, up to `limit` links; how many went. */
export async function lapseLinks(
  { database }: Pick<LinkDeps, 'database'>,
  silentSinceMs: number,
  limit: number,
): Promise<number> {
  const rows: { id: string }[] = await database.reader.query(
    `SELECT l.id AS id FROM account_link l JOIN customer c ON c.id = l.customer_id WHERE c.last_seen_at < ? LIMIT ${limit}`,
    [silentSinceMs],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await database.transaction((tx) => tx.manager.delete(AccountLinkSchema, ids));
  return ids.length;
}

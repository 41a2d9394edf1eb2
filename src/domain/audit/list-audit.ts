import { LessThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type AuditEntry, AuditEntrySchema } from './audit-entry.ts';

const A_PAGE = 100;

/** What was done in a scope, the last first. `next`: the position before which the next page begins. */
export async function listAudit(
  { database }: { database: Database },
  { scope, beforePosition = Number.MAX_SAFE_INTEGER }: { scope: string; beforePosition?: number },
): Promise<{ entries: AuditEntry[]; next: number | undefined }> {
  const rows = await database.reader.find(AuditEntrySchema, {
    where: { scope, position: LessThan(beforePosition) },
    order: { position: 'DESC' },
    take: A_PAGE + 1,
  });
  const entries = rows.slice(0, A_PAGE);
  return { entries, next: rows.length > A_PAGE ? entries.at(-1)?.position : undefined };
}

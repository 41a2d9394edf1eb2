import { LessThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type AuditEntry, AuditEntrySchema } from './audit-entry.ts';

const A_PAGE = 100;
const READ_TOGETHER = 500;

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

/** All of a scope, the last first, some at a time; what is appended meanwhile is not in it. */
export async function* eachAuditEntry(
  { database }: { database: Database },
  { scope }: { scope: string },
): AsyncGenerator<AuditEntry[]> {
  let beforePosition = (await lastPosition(database)) + 1;
  for (;;) {
    const rows = await database.reader.find(AuditEntrySchema, {
      where: { scope, position: LessThan(beforePosition) },
      order: { position: 'DESC' },
      take: READ_TOGETHER,
    });
    if (rows.length > 0) yield rows;
    if (rows.length < READ_TOGETHER) return;
    beforePosition = rows.at(-1)?.position ?? 0;
  }
}

/** How many entries there are at most: those of all scopes, which are numbered without a gap. */
export async function lastPosition({ reader }: Database): Promise<number> {
  return (await reader.maximum(AuditEntrySchema, 'position')) ?? 0;
}

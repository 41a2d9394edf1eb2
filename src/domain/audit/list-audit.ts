import { LessThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { type AuditEntry, AuditEntrySchema } from './audit-entry.ts';

const A_PAGE = 100;
const READ_TOGETHER = 500;

/** What was done in a scope, or in all of them, the last first. `next`: the position before which the next page begins. */
export async function listAudit(
  { database }: { database: Database },
  { scope, beforePosition = Number.MAX_SAFE_INTEGER }: { scope?: string | undefined; beforePosition?: number },
): Promise<{ entries: AuditEntry[]; next: number | undefined }> {
  const rows = await database.reader.find(AuditEntrySchema, {
    where: { ...(scope === undefined ? {} : { scope }), position: LessThan(beforePosition) },
    order: { position: 'DESC' },
    take: A_PAGE + 1,
  });
  const entries = rows.slice(0, A_PAGE);
  return { entries, next: rows.length > A_PAGE ? entries.at(-1)?.position : undefined };
}

/** All of a scope, or of all scopes, the last first, some at a time; what is appended meanwhile is not in it. */
export async function* eachAuditEntry(
  { database }: { database: Database },
  { scope }: { scope?: string | undefined },
): AsyncGenerator<AuditEntry[]> {
  let beforePosition = (await lastPosition(database)) + 1;
  for (;;) {
    const rows = await database.reader.find(AuditEntrySchema, {
      where: { ...(scope === undefined ? {} : { scope }), position: LessThan(beforePosition) },
      order: { position: 'DESC' },
      take: READ_TOGETHER,
    });
    if (rows.length > 0) yield rows;
    if (rows.length < READ_TOGETHER) return;
    beforePosition = rows.at(-1)?.position ?? 0;
  }
}

/** How many entries a scope has; without one those of all scopes, which are numbered without a gap. */
export async function countAudit(
  { database: { reader } }: { database: Database },
  { scope }: { scope?: string | undefined },
): Promise<number> {
  return scope === undefined ? lastPosition({ reader }) : reader.countBy(AuditEntrySchema, { scope });
}

async function lastPosition({ reader }: Pick<Database, 'reader'>): Promise<number> {
  return (await reader.maximum(AuditEntrySchema, 'position')) ?? 0;
}

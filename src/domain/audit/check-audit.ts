import { MoreThan } from 'typeorm';
import type { Database } from '../../platform/database/index.ts';
import { AuditEntrySchema, AuditHeadSchema, HEAD_ID, NO_HASH } from './audit-entry.ts';
import { type AuditSigner, hashOf } from './record-act.ts';

export interface AuditVerdict {
  entries: number;
  head: string;
  /** The first position at which the chain breaks, and how; undefined when it holds. */
  broken: { position: number; why: string } | undefined;
}

const TOGETHER = 1_000;

/** Reads the whole chain, oldest first. `progress` is called with the entries that were read so far. */
export async function checkAudit(
  { database, auditSigner }: { database: Database; auditSigner: AuditSigner },
  progress: (entries: number) => void = () => {},
): Promise<AuditVerdict> {
  const { reader } = database;
  let [position, hash] = [0, NO_HASH];
  for (;;) {
    const entries = await reader.find(AuditEntrySchema, {
      where: { position: MoreThan(position) },
      order: { position: 'ASC' },
      take: TOGETHER,
    });
    for (const { hash: written, ...entry } of entries) {
      const why =
        entry.position !== position + 1
          ? `entry ${position + 1} is missing`
          : entry.previousHash !== hash
            ? 'it does not follow the entry before'
            : hashOf(auditSigner, entry) !== written
              ? 'it was changed'
              : undefined;
      if (why) return { entries: position, head: hash, broken: { position: position + 1, why } };
      position = entry.position;
      hash = written;
    }
    progress(position);
    if (entries.length < TOGETHER) break;
  }
  const head = await reader.findOne(AuditHeadSchema, { where: { id: HEAD_ID } });
  const isCut = (head?.position ?? 0) !== position || (head?.hash ?? NO_HASH) !== hash;
  const broken = isCut ? { position: position + 1, why: 'entries at the end are missing' } : undefined;
  return { entries: position, head: hash, broken };
}

import { EntitySchema } from 'typeorm';
import type { Runtime } from '../../kernel/index.ts';
import { column, type Database } from '../database/index.ts';

/** Text that is found again by the hash of its content: versions of the menus that sessions are still on. */
export interface ArchivedContent {
  id: string;
  contentHash: string;
  /** Cut into parts, since one TEXT holds at most 64 KiB on MariaDB. */
  part: number;
  content: string;
  savedAtMs: number;
}

export const ArchivedContentSchema = new EntitySchema<ArchivedContent>({
  name: 'archived_content',
  columns: {
    id: column.id(),
    contentHash: { ...column.varchar(64), name: 'content_hash' },
    part: column.count(),
    content: column.text(),
    savedAtMs: { ...column.instant(), name: 'saved_at' },
  },
  indices: [{ name: 'archived_content_part', columns: ['contentHash', 'part'], unique: true }],
});

export interface ContentArchive {
  /** Saving the same content again changes nothing. */
  save(hash: string, content: string): Promise<void>;
  load(hash: string): Promise<string | undefined>;
}

/** Characters a part; four bytes each at the most. */
const PART_LENGTH = 16_000;

export function makeContentArchive({ clock, ids }: Runtime, database: Database): ContentArchive {
  return {
    save: (hash, content) =>
      database.transaction(async (tx) => {
        for (let part = 0; part * PART_LENGTH < Math.max(content.length, 1); part += 1) {
          await tx.insertOnce(ArchivedContentSchema, {
            id: ids.next(),
            contentHash: hash,
            part,
            content: content.slice(part * PART_LENGTH, (part + 1) * PART_LENGTH),
            savedAtMs: clock.now(),
          });
        }
      }),
    async load(contentHash) {
      const rows = await database.reader.find(ArchivedContentSchema, {
        where: { contentHash },
        order: { part: 'ASC' },
      });
      return rows.length === 0 ? undefined : rows.map((row) => row.content).join('');
    },
  };
}

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { hashFile, openTable, type Table, type TextFormat, UnreadableTable } from '../../platform/tables/index.ts';
import { type StatementReading, StatementRefused } from '../../providers/statements/index.ts';
import type { StatementSide } from './statement.ts';
import type { StatementSource } from './statement-source.ts';

/** Whose files can be read, and how. */
export interface StatementParty {
  side: StatementSide;
  /** The operator's name or the biller's id; also its place in the drop folder. */
  party: string;
  currency: string;
  timeZone: string;
  /** How the text of its files is written; plain CSV in UTF-8 unless given. */
  text?: TextFormat;
  /** `writtenAtMs`: when the file was last written to. */
  read(table: Table, file: { writtenAtMs: number }): StatementReading;
}

/** A statement in a file: CSV, CSV in gzip, or an Excel workbook. A file that changes while it is read is refused. */
export async function fileSource(
  path: string,
  source: 'file' | 'folder',
  party: StatementParty,
): Promise<StatementSource> {
  const { side, currency, timeZone } = party;
  const before = await traitsOf(path);
  const writtenAtMs = Math.ceil((await stat(path)).mtimeMs);
  return {
    ...{ side, party: party.party, source, currency, timeZone },
    fileName: basename(path),
    contentHash: await hashFile(path),
    async *read(): StatementReading {
      try {
        const table = await openTable(path, party.text);
        const end = yield* party.read(table, { writtenAtMs });
        if ((await traitsOf(path)) !== before) throw new StatementRefused('the file changed while it was read');
        return end;
      } catch (error) {
        throw error instanceof UnreadableTable ? new StatementRefused(error.message, { cause: error }) : error;
      }
    },
  };
}

/** What a writer cannot leave as it was. */
async function traitsOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return `${ino} ${size} ${mtimeMs}`;
}

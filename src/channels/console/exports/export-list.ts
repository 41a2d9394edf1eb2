import type { ExportRun } from '../../../domain/exports/index.ts';
import type { StaffRole } from '../../../domain/staff/index.ts';
import { maskMsisdn } from '../../../kernel/index.ts';
import type { Cell, WrittenTable } from '../../../platform/tables/index.ts';
import type { FilterQuery } from '../filters.ts';
import type { Desk, Visit } from '../visit.ts';
import type { ConsoleWords } from '../words.ts';

/** A list of the console that can be taken away as a file. */
export interface ExportList {
  /** In its address and in the audit log. */
  name: string;
  /** What it is called on pages and in the file. */
  title(words: ConsoleWords): string;
  /** Whoever of ours may see the list. */
  allow: readonly StaffRole[];
  /** Whoever may of an organisation, for whom it holds its own affairs alone. */
  allowOrganisation?: readonly StaffRole[];
  /** Phone numbers are in it. */
  hasNumbers: boolean;
  /** Where the list itself is. */
  page: string;
  /** The list as somebody narrowed it. */
  open(desk: Desk, visit: Visit, query: FilterQuery): OpenedExport;
}

export interface OpenedExport {
  /** The filters that count, as an address: numbers in it are sealed. */
  query: string;
  /** How many rows it has now; `MOST_COUNTED_ROWS` stands for that many or more. */
  count(): Promise<number>;
  /** Each table is read as it is written. CSV is of one table: the first. */
  tables(numbers: ExportRun['numbers']): readonly WrittenTable[];
}

export const MOST_COUNTED_ROWS = 1_000_000;

export const EXPORT_READERS: readonly StaffRole[] = ['support', 'finance', 'administrator', 'auditor'];
/** Who takes numbers away in full; support looks at one at a time. */
export const WHOLE_NUMBERS: readonly StaffRole[] = ['finance', 'administrator'];

export function phoneCell(msisdn: string | null, numbers: ExportRun['numbers']): Cell {
  if (msisdn === null) return null;
  return numbers === 'whole' ? msisdn : maskMsisdn(msisdn);
}

export const timeCell = (atMs: number | null): Cell => (atMs === null ? null : { atMs });

/** A heading for times: it names the clock that they are told by. */
export function timeTitle({ deps }: Desk, title: string) {
  return { title: `${title} (${deps.timeZone})`, width: 24 };
}

export async function* eachRow<T>(
  lists: AsyncIterable<readonly T[]>,
  cells: (one: T) => readonly Cell[],
): AsyncGenerator<(readonly Cell[])[]> {
  for await (const some of lists) yield some.map(cells);
}

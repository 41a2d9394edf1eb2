import { MoreThan } from 'typeorm';
import { columnName } from '../../platform/tables/index.ts';
import type { RowStanding } from './check-row.ts';
import type { Finding } from './finding.ts';
import type { PayoutListDeps } from './list-deps.ts';
import {
  cellsOf,
  findingsOfRow,
  namesOf,
  type PayoutList,
  type PayoutListRow,
  PayoutListRowSchema,
} from './payout-list.ts';

/** A row with its cells and what was found in it, by place. */
export type ListRowView = Omit<PayoutListRow, 'cells' | 'findings'> & { cells: string[]; findings: Finding[] };

export interface ListPage {
  /** Those of one standing alone; all when it is not given. */
  standing?: RowStanding;
  /** Rows behind this one; from the first when it is not given. */
  afterRow?: number;
  most: number;
}

/** Some rows of a list in the order of its file: as quick for the last page as for the first. */
export async function findListRows(
  { database }: Pick<PayoutListDeps, 'database'>,
  list: PayoutList,
  { standing, afterRow = 0, most }: ListPage,
): Promise<ListRowView[]> {
  const rows = await database.reader.find(PayoutListRowSchema, {
    where: { listId: list.id, rowNo: MoreThan(afterRow), ...(standing ? { standing } : {}) },
    order: { rowNo: 'ASC' },
    take: most,
  });
  const { columns = [] } = namesOf(list) ?? {};
  return rows.map((row) => ({
    ...row,
    cells: cellsOf(row),
    findings: findingsOfRow(row).map(({ column, ...found }) => ({
      ...{ sheet: list.sheet, row: row.rowNo, column: column === null ? null : columnName(column) },
      ...{ title: column === null ? null : (columns[column]?.title ?? null), ...found },
    })),
  }));
}

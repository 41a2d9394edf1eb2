import excel from 'exceljs';
import { schema } from '../../../ormconfig.ts';
import { type ListRules, loadListWords, readPayoutList } from '../../../src/domain/payout-lists/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { openDatabase } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';

// One reading in a process of its own, so that its time and its memory are its own.
const [who = '', path = '', databaseUrl = '', dataDir = ''] = process.argv.slice(2);

export interface ListMeasured {
  seconds: number;
  /** The most that the process ever held. */
  peakBytes: number;
  rows: number;
  faultRows: number;
  totalMinor: string;
}

const RULES: ListRules = {
  country: 'KE',
  currency: 'KES',
  operators: [{ name: 'mpesa', country: 'KE', hasWholeAmountsOnly: true }],
  purposes: ['salary', 'sales-incentive', 'promotion', 'dividend'],
  leastMinor: 1_000n,
  mostMinor: 25_000_000n,
  mostTotalMinor: 1_000_000_000_000n,
  mostRows: 100_000,
};

/** What exceljs takes to hand out the rows of the file, and nothing more. */
async function readBare(): Promise<number> {
  const reader = new excel.stream.xlsx.WorkbookReader(path, {
    sharedStrings: 'cache',
    worksheets: 'emit',
    styles: 'cache',
  });
  let cells = 0;
  let rows = 0;
  for await (const sheet of reader) {
    for await (const row of sheet) {
      cells += (row.values as unknown[]).length;
      rows += 1;
    }
  }
  if (cells < rows) throw new Error('exceljs read no cells');
  return rows - 1;
}

async function measure(): Promise<Omit<ListMeasured, 'peakBytes'>> {
  if (who === 'exceljs') {
    const startedMs = performance.now();
    const rows = await readBare();
    return { seconds: (performance.now() - startedMs) / 1_000, rows, faultRows: 0, totalMinor: '0' };
  }
  const database = await openDatabase(systemRuntime, { databaseUrl: databaseUrl || undefined, dataDir }, schema);
  const listWords = loadListWords('menus/payout-lists.yaml', ['en', 'fr', 'sw']);
  const deps = { runtime: systemRuntime, database, log: silentLog, listWords };
  const startedMs = performance.now();
  const given = { ownerId: 'bench', givenBy: 'bench', path, fileName: 'list.xlsx', rules: RULES };
  const { rowsRead, faultRows, totalMinor } = await readPayoutList(deps, given);
  const seconds = (performance.now() - startedMs) / 1_000;
  await database.close();
  return { seconds, rows: rowsRead, faultRows, totalMinor: String(totalMinor) };
}

const measured = await measure();
const peakBytes = process.resourceUsage().maxRSS * 1_024;
process.send?.({ ...measured, peakBytes } satisfies ListMeasured, () => process.disconnect?.());

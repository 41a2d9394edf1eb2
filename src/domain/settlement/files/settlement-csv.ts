import { stringify } from 'csv-stringify/sync';
import { formatDecimal } from '../../../kernel/index.ts';
import type { Database } from '../../../platform/database/index.ts';
import type { Biller } from '../../billers/index.ts';
import type { Settlement } from '../settlement.ts';
import type { SettlementLine } from '../settlement-line.ts';
import { readLines } from './read-lines.ts';

export const CSV_COLUMNS = [
  ...['record', 'kind', 'day', 'completed_at', 'reference', 'account', 'operator_receipt', 'biller_reference'],
  ...['amount', 'fee', 'net'],
] as const;

const ROWS_TOGETHER = 500;

interface CsvSetting {
  database: Database;
  ourName: string;
  timeZone: string;
}

/**
 * A version of a settlement as rows of one length: `H` says what it is, the names of the columns, an `L` for each line, and `T`
 * with the number of lines and the sums of amounts, fees and nets. Lines are read and written some at a time.
 */
export async function* settlementCsv(
  setting: CsvSetting,
  settlement: Settlement,
  biller: Biller,
): AsyncGenerator<string> {
  let waiting: (readonly string[])[] = [];
  for await (const row of rows(setting, settlement, biller)) {
    waiting.push(row);
    if (waiting.length < ROWS_TOGETHER) continue;
    yield csvRows(waiting);
    waiting = [];
  }
  yield csvRows(waiting);
}

export function csvRows(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: 'windows' });
}

async function* rows(
  { database, ourName, timeZone }: CsvSetting,
  settlement: Settlement,
  biller: Biller,
): AsyncGenerator<readonly string[]> {
  const { id, billerId, day, currency, version } = settlement;
  const about = [plain(ourName), billerId, plain(biller.name), day, timeZone, currency, String(version), id];
  yield ['H', 'malipo-settlement', '1', ...about];
  yield CSV_COLUMNS;
  const decimal = (amountMinor: bigint) => formatDecimal({ amountMinor, currency });
  const sums = { lines: 0, amountMinor: 0n, feeMinor: 0n };
  for await (const line of readLines(database, settlement)) {
    const { amountMinor, feeMinor } = line;
    sums.lines += 1;
    sums.amountMinor += amountMinor;
    sums.feeMinor += feeMinor;
    yield ['L', ...describe(line), decimal(amountMinor), decimal(feeMinor), decimal(amountMinor - feeMinor)];
  }
  const totals = [sums.amountMinor, sums.feeMinor, sums.amountMinor - sums.feeMinor].map(decimal);
  yield ['T', String(sums.lines), '', '', '', '', '', '', ...totals];
}

function describe(line: SettlementLine): string[] {
  const texts = [line.reference, line.account, line.operatorReceipt, line.billerReference].map(plain);
  return [line.lineKind, line.ownDay, new Date(line.completedAtMs).toISOString(), ...texts];
}

/** What others gave us must not become a formula where the file is opened; amounts are ours, and may begin with a minus. */
export function plain(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

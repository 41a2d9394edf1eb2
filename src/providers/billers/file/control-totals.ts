import { formatDecimal } from '../../../kernel/index.ts';
import type { TableRow } from '../../../platform/tables/index.ts';
import { plainName, readAmount, StatementRefused } from '../../statements/index.ts';
import type { BillerFileFormat } from './format.ts';

export interface ControlTotals {
  lineNo: number;
  /**
   * Refuses a file whose rows are not those that the sender counted. False when all of them are there but some could not be read:
   * what was read is true, and proves nothing about the rest.
   */
  proves(seen: { lines: number; faults: number; sumMinor: bigint }): boolean;
}

/** The row of totals; undefined when this row is none. */
export function readTotals(
  { lineNo, cells }: TableRow,
  places: Readonly<Record<string, number>>,
  { totals, numbers }: BillerFileFormat,
  currency: string,
): ControlTotals | undefined {
  if (!totals) return undefined;
  const cell = (name: string) => cells[places[name] as number]?.trim() ?? '';
  if (plainName(cell(totals.column)) !== plainName(totals.word)) return undefined;
  const count = totals.count === undefined ? undefined : readCount(cell(totals.count));
  const sum = totals.sum === undefined ? undefined : readAmount(cell(totals.sum), currency, numbers);
  if (typeof count === 'string' || typeof sum === 'string') {
    throw new StatementRefused(`line ${lineNo}: the totals cannot be read`);
  }
  return {
    lineNo,
    proves({ lines, faults, sumMinor }) {
      const rows = faults > 0 ? `${lines} could be read and ${faults} could not` : `${lines} were read`;
      if (count !== undefined && count !== lines + faults) {
        throw new StatementRefused(`line ${lineNo}: the file counts ${count} rows; ${rows}`);
      }
      if (faults > 0 && count !== undefined) return false;
      if (sum !== undefined && sum !== sumMinor) {
        const [said, found] = [sum, sumMinor].map((amountMinor) => formatDecimal({ amountMinor, currency }));
        throw new StatementRefused(`line ${lineNo}: the file's sum is ${said}, and its rows make ${found}; ${rows}`);
      }
      return faults === 0;
    },
  };
}

function readCount(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

import { join } from 'node:path';
import type { Settlement } from '../settlement.ts';

/** `csv`, `pdf`; `payout-csv`, `payout-pdf`: what finance pays by. Each set has its sums and their signature. */
export type FileSet = 'settlement' | 'payout';

export interface FileNames {
  directory: string;
  csv: string;
  pdf: string;
  /** SHA-256 of both, as `sha256sum -c` reads it. */
  sums: string;
  /** Ed25519 over the sums, 64 bytes. */
  signature: string;
}

/** `<directory>/<biller>/<day>-v<version>.csv`; a biller's currency is in the name only where it is not its usual one. */
export function fileNames(
  directory: string,
  { billerId, day, version, currency }: Pick<Settlement, 'billerId' | 'day' | 'version' | 'currency'>,
  usualCurrency: string,
  set: FileSet = 'settlement',
): FileNames {
  const other = currency === usualCurrency ? '' : `-${currency.toLowerCase()}`;
  const base = `${day}${other}-v${version}${set === 'payout' ? '-payout' : ''}`;
  return {
    directory: join(directory, billerId),
    csv: `${base}.csv`,
    pdf: `${base}.pdf`,
    sums: `${base}.sha256`,
    signature: `${base}.sig`,
  };
}

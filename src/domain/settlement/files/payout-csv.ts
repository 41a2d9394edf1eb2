import { formatDecimal } from '../../../kernel/index.ts';
import type { BankAccount } from '../../billers/index.ts';
import type { Settlement } from '../settlement.ts';
import { csvRows, plain } from './settlement-csv.ts';

const COLUMNS = [
  ...['reference', 'amount', 'currency', 'holder', 'bank', 'branch', 'account', 'swift'],
  ...['settlement', 'version', 'signed_by', 'signed_at'],
];

/** What the bank shows to the biller: which day of which service it is paid for. At most 35 characters. */
export function payoutReference({ billerId, day }: Pick<Settlement, 'billerId' | 'day'>): string {
  return `${billerId.toUpperCase()} ${day}`;
}

/** One payment for a bank's form or upload. */
export function payoutCsv(settlement: Settlement, bank: BankAccount): string {
  const { id, currency, netMinor, version, signedBy, signedAtMs } = settlement;
  const to = [bank.holder, bank.bank, bank.branch ?? '', bank.account, bank.swift ?? ''].map(plain);
  const amount = formatDecimal({ amountMinor: netMinor, currency });
  const signed = [plain(signedBy ?? ''), new Date(signedAtMs ?? 0).toISOString()];
  return csvRows([COLUMNS, [payoutReference(settlement), amount, currency, ...to, id, String(version), ...signed]]);
}

import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** A bill that was paid without us. */
export interface ElsewherePayment {
  id: string;
  billerId: string;
  account: string;
  amountMinor: bigint;
  currency: string;
  /** The utility's own; unique for it. */
  reference: string;
  paidAtMs: number;
  /** `Equity Bank, Thika`; empty when it was not told. */
  place: string;
  source: 'file' | 'api';
  recordedAtMs: number;
}

export const ElsewherePaymentSchema = new EntitySchema<ElsewherePayment>({
  name: 'elsewhere_payment',
  columns: {
    id: column.id(),
    billerId: { ...column.varchar(24), name: 'biller_id' },
    account: column.varchar(32),
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    currency: column.currency(),
    reference: column.varchar(64),
    paidAtMs: { ...column.instant(), name: 'paid_at' },
    place: column.varchar(40),
    source: column.varchar(8),
    recordedAtMs: { ...column.instant(), name: 'recorded_at' },
  },
  indices: [
    { name: 'elsewhere_payment_reference', columns: ['billerId', 'reference'], unique: true },
    { name: 'elsewhere_payment_account', columns: ['billerId', 'account', 'paidAtMs'] },
  ],
});

/** A file of such payments that was read to its end. */
export interface ElsewhereFile {
  id: string;
  billerId: string;
  fileName: string;
  /** SHA-256 of its bytes. */
  contentHash: string;
  recorded: number;
  repeated: number;
  faults: number;
  importedAtMs: number;
}

export const ElsewhereFileSchema = new EntitySchema<ElsewhereFile>({
  name: 'elsewhere_file',
  columns: {
    id: column.id(),
    billerId: { ...column.varchar(24), name: 'biller_id' },
    fileName: { ...column.varchar(255), name: 'file_name' },
    contentHash: { ...column.varchar(64), name: 'content_hash' },
    recorded: column.count(),
    repeated: column.count(),
    faults: column.count(),
    importedAtMs: { ...column.instant(), name: 'imported_at' },
  },
  indices: [{ name: 'elsewhere_file_hash', columns: ['billerId', 'contentHash'], unique: true }],
});

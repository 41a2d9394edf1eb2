import { EntitySchema } from 'typeorm';
import { column } from '../../platform/database/index.ts';

/** collected: a payment that the biller booked. reversed: one that was taken back. carried: what an earlier settlement left. */
export type SettlementLineKind = 'collected' | 'reversed' | 'carried';

/**
 * One fact of a settlement, frozen as it was known when it was taken in. Appended, never changed or moved: a version of a
 * settlement is its lines up to that version.
 */
export interface SettlementLine {
  id: string;
  settlementId: string;
  sinceVersion: number;
  lineKind: SettlementLineKind;
  /** The ledger's posting, or the settlement that is carried. Unique: a fact is settled once. */
  factId: string;
  paymentId: string | null;
  /** The day it happened; another than the settlement's makes it an adjustment of that day. */
  ownDay: string;
  completedAtMs: number;
  reference: string;
  account: string;
  operatorReceipt: string;
  billerReference: string;
  /** What the biller gains by it. */
  amountMinor: bigint;
  /** What we gain by it. */
  feeMinor: bigint;
}

export const SettlementLineSchema = new EntitySchema<SettlementLine>({
  name: 'settlement_line',
  columns: {
    id: column.id(),
    settlementId: { ...column.reference(), name: 'settlement_id' },
    sinceVersion: { ...column.count(), name: 'since_version' },
    lineKind: { ...column.varchar(12), name: 'line_kind' },
    factId: { ...column.reference(), name: 'fact_id' },
    paymentId: { ...column.reference({ nullable: true }), name: 'payment_id' },
    ownDay: { ...column.varchar(10), name: 'own_day' },
    completedAtMs: { ...column.instant(), name: 'completed_at' },
    reference: column.varchar(12),
    account: column.varchar(64),
    operatorReceipt: { ...column.varchar(24), name: 'operator_receipt' },
    billerReference: { ...column.varchar(64), name: 'biller_reference' },
    amountMinor: { ...column.amountMinor(), name: 'amount_minor' },
    feeMinor: { ...column.amountMinor(), name: 'fee_minor' },
  },
  indices: [
    { name: 'settlement_line_fact', columns: ['factId'], unique: true },
    { name: 'settlement_line_payment', columns: ['paymentId'] },
    { name: 'settlement_line_settlement', columns: ['settlementId', 'id'] },
  ],
});

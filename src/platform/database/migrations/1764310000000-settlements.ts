import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'settlement',
    columns: {
      id: 'varchar(36) primary',
      biller_id: 'varchar(24)',
      day: 'varchar(10)',
      currency: 'varchar(3)',
      version: 'bigint',
      state: 'varchar(24)',
      payments: 'bigint',
      lines: 'bigint',
      collected_minor: 'bigint',
      reversed_minor: 'bigint',
      adjusted_minor: 'bigint',
      carried_minor: 'bigint',
      fees_minor: 'bigint',
      net_minor: 'bigint',
      open_breaks: 'bigint',
      drawn_up_at: 'bigint null',
      signed_by: 'varchar(64) null',
      signed_at: 'bigint null',
      paid_by: 'varchar(64) null',
      paid_at: 'bigint null',
      paid_from: 'varchar(64) null',
      bank_reference: 'varchar(64) null',
    },
    indices: [unique('settlement_day', 'biller_id', 'day', 'currency'), index('settlement_state', 'state', 'day')],
  },
  {
    name: 'settlement_event',
    columns: {
      id: 'varchar(36) primary',
      settlement_id: 'varchar(36)',
      version: 'bigint',
      from_state: 'varchar(24)',
      to_state: 'varchar(24)',
      actor: 'varchar(64)',
      reason: 'varchar(255)',
      at: 'bigint',
    },
    indices: [index('settlement_event_settlement', 'settlement_id')],
  },
  {
    name: 'settlement_progress',
    columns: { biller_id: 'varchar(24) primary', scanned_to: 'bigint' },
    indices: [],
  },
  {
    name: 'settlement_line',
    columns: {
      id: 'varchar(36) primary',
      settlement_id: 'varchar(36)',
      since_version: 'bigint',
      line_kind: 'varchar(12)',
      fact_id: 'varchar(36)',
      payment_id: 'varchar(36) null',
      own_day: 'varchar(10)',
      completed_at: 'bigint',
      reference: 'varchar(12)',
      account: 'varchar(64)',
      operator_receipt: 'varchar(24)',
      biller_reference: 'varchar(64)',
      amount_minor: 'bigint',
      fee_minor: 'bigint',
    },
    indices: [
      unique('settlement_line_fact', 'fact_id'),
      index('settlement_line_payment', 'payment_id'),
      index('settlement_line_settlement', 'settlement_id', 'id'),
    ],
  },
  {
    name: 'float_tie_out',
    columns: {
      id: 'varchar(36) primary',
      operator: 'varchar(24)',
      currency: 'varchar(3)',
      statement_id: 'varchar(36)',
      as_of: 'bigint',
      day: 'varchar(10)',
      operator_minor: 'bigint',
      ledger_minor: 'bigint',
      unbooked_charges_minor: 'bigint',
      unbooked_charges_lines: 'bigint',
      unbooked_minor: 'bigint',
      unbooked_lines: 'bigint',
      without_line_minor: 'bigint',
      without_line_entries: 'bigint',
      remainder_minor: 'bigint',
      made_at: 'bigint',
    },
    indices: [index('float_tie_out_operator', 'operator', 'currency', 'made_at')],
  },
];

export class Settlements1764310000000 implements MigrationInterface {
  readonly name = 'Settlements1764310000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}

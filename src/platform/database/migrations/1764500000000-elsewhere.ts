import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'elsewhere_payment',
    columns: {
      id: 'varchar(36) primary',
      biller_id: 'varchar(24)',
      account: 'varchar(32)',
      amount_minor: 'bigint',
      currency: 'varchar(3)',
      reference: 'varchar(64)',
      paid_at: 'bigint',
      place: 'varchar(40)',
      source: 'varchar(8)',
      recorded_at: 'bigint',
    },
    indices: [
      unique('elsewhere_payment_reference', 'biller_id', 'reference'),
      index('elsewhere_payment_account', 'biller_id', 'account', 'paid_at'),
    ],
  },
  {
    name: 'elsewhere_file',
    columns: {
      id: 'varchar(36) primary',
      biller_id: 'varchar(24)',
      file_name: 'varchar(255)',
      content_hash: 'varchar(64)',
      recorded: 'bigint',
      repeated: 'bigint',
      faults: 'bigint',
      imported_at: 'bigint',
    },
    indices: [unique('elsewhere_file_hash', 'biller_id', 'content_hash')],
  },
];

/** Payments that were made without us. */
export class Elsewhere1764500000000 implements MigrationInterface {
  readonly name = 'Elsewhere1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}

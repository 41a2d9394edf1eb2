import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'payout_list',
    columns: {
      id: 'varchar(36) primary',
      owner_id: 'varchar(36)',
      given_by: 'varchar(64)',
      file_name: 'varchar(255)',
      content_hash: 'varchar(64)',
      state: 'varchar(24)',
      currency: 'varchar(3)',
      sheet: 'varchar(64) null',
      column_names: 'text null',
      rows_read: 'bigint',
      fault_rows: 'bigint',
      warning_rows: 'bigint',
      total_minor: 'bigint',
      findings: 'text',
      counts: 'text',
      bytes_read: 'bigint',
      bytes_total: 'bigint',
      started_at: 'bigint',
      finished_at: 'bigint null',
      lease_until_at: 'bigint null',
    },
    indices: [
      index('payout_list_hash', 'owner_id', 'content_hash'),
      index('payout_list_owner', 'owner_id', 'started_at'),
      index('payout_list_lease', 'state', 'lease_until_at'),
    ],
  },
  {
    name: 'payout_list_row',
    columns: {
      id: 'varchar(36) primary',
      list_id: 'varchar(36)',
      row_no: 'bigint',
      standing: 'varchar(8)',
      msisdn: 'varchar(16) null',
      operator: 'varchar(24) null',
      amount_minor: 'bigint null',
      name: 'varchar(128) null',
      purpose: 'varchar(24) null',
      reference: 'varchar(64) null',
      cells: 'text',
      findings: 'text null',
    },
    indices: [
      index('payout_list_row_position', 'list_id', 'row_no'),
      index('payout_list_row_standing', 'list_id', 'standing', 'row_no'),
    ],
  },
];

export class PayoutLists1765200000000 implements MigrationInterface {
  readonly name = 'PayoutLists1765200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}

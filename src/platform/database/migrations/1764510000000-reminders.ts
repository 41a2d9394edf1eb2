import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'bill_reminder',
    columns: {
      id: 'varchar(36) primary',
      biller_id: 'varchar(24)',
      bill: 'varchar(64)',
      account: 'varchar(32)',
      stage: 'bigint',
      customer_id: 'varchar(36)',
      recipient: 'varchar(16)',
      due_day: 'varchar(10)',
      paid_since: 'bigint',
      amount_minor: 'bigint',
      currency: 'varchar(3)',
      state: 'varchar(24)',
      reason: 'varchar(24) null',
      due_at: 'bigint',
      last_at: 'bigint',
      tries: 'bigint',
      planned_at: 'bigint',
      decided_at: 'bigint null',
    },
    indices: [
      unique('bill_reminder_fact', 'biller_id', 'bill', 'stage', 'customer_id'),
      index('bill_reminder_due', 'state', 'due_at'),
    ],
  },
  {
    name: 'reminder_run',
    columns: {
      id: 'varchar(36) primary',
      day: 'varchar(10)',
      biller_id: 'varchar(24)',
      stage: 'bigint',
      state: 'varchar(24)',
      cursor_text: 'varchar(200) null',
      bills: 'bigint',
      planned: 'bigint',
      started_at: 'bigint',
      finished_at: 'bigint null',
    },
    indices: [unique('reminder_run_unique', 'day', 'biller_id', 'stage')],
  },
  {
    name: 'reminder_consent',
    columns: {
      id: 'varchar(36) primary',
      msisdn: 'varchar(16)',
      wish: 'varchar(4)',
      source: 'varchar(12)',
      at: 'bigint',
    },
    indices: [index('reminder_consent_msisdn', 'msisdn', 'at')],
  },
];

const COLUMNS = [
  ['customer', 'reminders_stopped_at'],
  ['message', 'expires_at'],
] as const;

/** Reminders of bills, who wants none, and messages that have a time. */
export class Reminders1764510000000 implements MigrationInterface {
  readonly name = 'Reminders1764510000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
    for (const [table, name] of COLUMNS) {
      // One statement that both stores take; the interface would copy the whole table in SQLite.
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} bigint NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, name] of COLUMNS) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}

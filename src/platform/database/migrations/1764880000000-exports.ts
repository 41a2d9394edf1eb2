import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan } from '../table-plan.ts';

const EXPORT_RUN: TablePlan = {
  name: 'export_run',
  columns: {
    id: 'varchar(36) primary',
    member_id: 'varchar(36)',
    list: 'varchar(32)',
    format: 'varchar(8)',
    numbers: 'varchar(8)',
    query: 'varchar(1000)',
    expected_rows: 'bigint',
    written_rows: 'bigint',
    state: 'varchar(24)',
    asked_at: 'bigint',
    touched_at: 'bigint',
  },
  indices: [index('export_run_asked', 'asked_at')],
};

export class Exports1764880000000 implements MigrationInterface {
  readonly name = 'Exports1764880000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, EXPORT_RUN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(EXPORT_RUN.name);
  }
}

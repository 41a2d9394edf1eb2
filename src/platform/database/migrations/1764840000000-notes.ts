import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan } from '../table-plan.ts';

const NOTE: TablePlan = {
  name: 'note',
  columns: {
    id: 'varchar(36) primary',
    subject_id: 'varchar(36)',
    author_id: 'varchar(36)',
    body: 'varchar(2000)',
    at: 'bigint',
  },
  indices: [index('note_subject', 'subject_id', 'at')],
};

export class Notes1764840000000 implements MigrationInterface {
  readonly name = 'Notes1764840000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, NOTE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(NOTE.name);
  }
}

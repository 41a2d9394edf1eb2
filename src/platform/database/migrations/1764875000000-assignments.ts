import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, type TablePlan, unique } from '../table-plan.ts';

const ASSIGNMENT: TablePlan = {
  name: 'assignment',
  columns: {
    id: 'varchar(36) primary',
    queue: 'varchar(16)',
    subject_id: 'varchar(36)',
    owner_id: 'varchar(36)',
    at: 'bigint',
  },
  indices: [unique('assignment_subject', 'queue', 'subject_id')],
};

export class Assignments1764875000000 implements MigrationInterface {
  readonly name = 'Assignments1764875000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, ASSIGNMENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(ASSIGNMENT.name);
  }
}

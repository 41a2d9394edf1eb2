import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'approval',
    columns: {
      id: 'varchar(36) primary',
      kind: 'varchar(24)',
      subject_id: 'varchar(36)',
      subject_hash: 'varchar(64)',
      scope: 'varchar(36)',
      amount_minor: 'bigint null',
      currency: 'varchar(3) null',
      state: 'varchar(24)',
      step: 'bigint',
      policy: 'text',
      maker_id: 'varchar(36)',
      makers: 'text',
      reason: 'varchar(500)',
      submitted_at: 'bigint',
      decided_at: 'bigint null',
    },
    indices: [index('approval_subject', 'subject_id', 'kind'), index('approval_state', 'state', 'submitted_at')],
  },
  {
    name: 'approval_vote',
    columns: {
      id: 'varchar(36) primary',
      approval_id: 'varchar(36)',
      step: 'bigint',
      voter_id: 'varchar(36)',
      role: 'varchar(24)',
      verdict: 'varchar(8)',
      reason: 'varchar(500)',
      at: 'bigint',
    },
    indices: [unique('approval_vote_person', 'approval_id', 'voter_id')],
  },
];

export class Approvals1764800000000 implements MigrationInterface {
  readonly name = 'Approvals1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}

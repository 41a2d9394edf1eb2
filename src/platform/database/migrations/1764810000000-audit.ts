import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'audit_entry',
    columns: {
      id: 'varchar(36) primary',
      position: 'bigint',
      at: 'bigint',
      actor_kind: 'varchar(8)',
      actor_id: 'varchar(64)',
      address: 'varchar(64)',
      scope: 'varchar(36)',
      act: 'varchar(48)',
      subject_kind: 'varchar(24)',
      subject_id: 'varchar(64)',
      reason: 'varchar(500)',
      state_before: 'text null',
      state_after: 'text null',
      previous_hash: 'varchar(64)',
      hash: 'varchar(64)',
    },
    indices: [
      unique('audit_entry_position', 'position'),
      index('audit_entry_subject', 'subject_id', 'position'),
      index('audit_entry_actor', 'actor_id', 'position'),
      index('audit_entry_time', 'at'),
    ],
  },
  {
    name: 'audit_head',
    columns: { id: 'varchar(36) primary', position: 'bigint', hash: 'varchar(64)' },
    indices: [],
  },
];

export class Audit1764810000000 implements MigrationInterface {
  readonly name = 'Audit1764810000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}

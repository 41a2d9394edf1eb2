import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'erasure',
    columns: {
      id: 'varchar(36) primary',
      number_hash: 'varchar(64)',
      pending_key: 'varchar(64) null',
      sealed_number: 'varchar(160) null',
      pseudonym: 'varchar(16) null',
      boundary_id: 'varchar(36) null',
      step: 'varchar(48)',
      place: 'varchar(36)',
      changed_rows: 'bigint',
      state: 'varchar(24)',
      approval_id: 'varchar(36)',
      reason: 'varchar(500)',
      proposed_by: 'varchar(36)',
      proposed_at: 'bigint',
      changed_at: 'bigint',
    },
    indices: [
      unique('erasure_pending', 'pending_key'),
      unique('erasure_approval', 'approval_id'),
      index('erasure_number', 'number_hash', 'proposed_at'),
    ],
  },
  {
    name: 'kept_wish',
    columns: {
      id: 'varchar(36) primary',
      number_hash: 'varchar(64)',
      reminders_stopped_at: 'bigint null',
      prompts_blocked_at: 'bigint null',
      kept_at: 'bigint',
    },
    indices: [unique('kept_wish_number', 'number_hash')],
  },
];

/** Who is erased, how far that is, and what he wished that outlives it. */
export class Erasures1765120000000 implements MigrationInterface {
  readonly name = 'Erasures1765120000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
  }
}

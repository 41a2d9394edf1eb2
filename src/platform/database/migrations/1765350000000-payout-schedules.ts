import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const MAKERS = { name: 'makers', type: 'text', isNullable: true };

const TABLES: readonly TablePlan[] = [
  {
    name: 'payout_schedule_run',
    columns: {
      id: 'varchar(36) primary',
      schedule_id: 'varchar(36)',
      due_day: 'varchar(10)',
      due_at: 'bigint',
      batch_id: 'varchar(36) null',
      outcome: 'varchar(16)',
      why: 'varchar(64) null',
      changed_at: 'bigint',
    },
    indices: [
      unique('payout_schedule_run_day', 'schedule_id', 'due_day'),
      index('payout_schedule_run_batch', 'batch_id'),
    ],
  },
  {
    name: 'payout_schedule_event',
    columns: {
      id: 'varchar(36) primary',
      schedule_id: 'varchar(36)',
      from_state: 'varchar(24)',
      to_state: 'varchar(24)',
      actor: 'varchar(48)',
      reason: 'varchar(500)',
      at: 'bigint',
    },
    indices: [index('payout_schedule_event_schedule', 'schedule_id', 'at')],
  },
];

/** One run for one due day of a schedule, and who changed it when. */
export class PayoutSchedules1765350000000 implements MigrationInterface {
  readonly name = 'PayoutSchedules1765350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('payout_schedule', new TableColumn(MAKERS));
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
    await runner.dropColumn('payout_schedule', MAKERS.name);
  }
}

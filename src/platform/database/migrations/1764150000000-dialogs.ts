import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan } from '../table-plan.ts';

const DIALOG_PART: TablePlan = {
  name: 'dialog_part',
  columns: {
    id: 'varchar(36) primary',
    session_key: 'varchar(160)',
    msisdn: 'varchar(16)',
    network: 'varchar(16)',
    from_at: 'bigint',
    to_at: 'bigint',
    hops: 'bigint',
    last_screen: 'varchar(64) null',
    ended_as: 'varchar(12)',
    path: 'text',
  },
  indices: [
    index('dialog_part_session', 'session_key'),
    index('dialog_part_msisdn', 'msisdn', 'from_at'),
    index('dialog_part_time', 'from_at'),
  ],
};

export class Dialogs1764150000000 implements MigrationInterface {
  readonly name = 'Dialogs1764150000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, DIALOG_PART);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(DIALOG_PART.name);
  }
}

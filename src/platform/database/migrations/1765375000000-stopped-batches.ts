import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** That a batch was stopped for good, and what was left out by it. */
export class StoppedBatches1765375000000 implements MigrationInterface {
  readonly name = 'StoppedBatches1765375000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('payout_batch', [
      new TableColumn({ name: 'stop_reason', type: 'varchar', length: '255', isNullable: true }),
      new TableColumn({ name: 'left_out_rows', type: 'bigint', isNullable: true }),
      new TableColumn({ name: 'left_out_minor', type: 'bigint', isNullable: true }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('payout_batch', ['stop_reason', 'left_out_rows', 'left_out_minor']);
  }
}

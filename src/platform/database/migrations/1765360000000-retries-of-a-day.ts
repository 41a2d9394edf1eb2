import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** What rows that are paid again take of a day's limit. */
export class RetriesOfADay1765360000000 implements MigrationInterface {
  readonly name = 'RetriesOfADay1765360000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('organisation', [
      new TableColumn({ name: 'retried_day', type: 'varchar', length: '10', isNullable: true }),
      new TableColumn({ name: 'retried_minor', type: 'bigint', isNullable: true }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('organisation', ['retried_day', 'retried_minor']);
  }
}

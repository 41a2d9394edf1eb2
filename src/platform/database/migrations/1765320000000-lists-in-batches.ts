import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const COLUMN = { name: 'batch_id', type: 'varchar', length: '36', isNullable: true };

/** The batch that a list was put into: its rows are paid once. */
export class ListsInBatches1765320000000 implements MigrationInterface {
  readonly name = 'ListsInBatches1765320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('payout_list', new TableColumn(COLUMN));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('payout_list', COLUMN.name);
  }
}

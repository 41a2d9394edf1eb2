import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** Whether the hash of a batch covers its totals: of those that are there it does not. */
export class HashedTotals1765380000000 implements MigrationInterface {
  readonly name = 'HashedTotals1765380000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('payout_batch', new TableColumn({ name: 'hash_form', type: 'bigint', isNullable: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('payout_batch', 'hash_form');
  }
}

import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** Who has written rows of a list anew: they approve nothing that is made of it. */
export class MendersOfLists1765368000000 implements MigrationInterface {
  readonly name = 'MendersOfLists1765368000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('payout_list', new TableColumn({ name: 'mended_by', type: 'text', isNullable: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('payout_list', 'mended_by');
  }
}

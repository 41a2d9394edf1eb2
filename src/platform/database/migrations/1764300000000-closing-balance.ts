import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** The balance that a statement ends with: what the ledger's float account is tied out against. */
export class ClosingBalance1764300000000 implements MigrationInterface {
  readonly name = 'ClosingBalance1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('statement', new TableColumn({ name: 'closing_minor', type: 'bigint', isNullable: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('statement', 'closing_minor');
  }
}

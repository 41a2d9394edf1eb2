import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const COLUMNS = [
  { name: 'own_account_id', type: 'varchar', length: '36', isNullable: true },
  { name: 'own_short_code', type: 'varchar', length: '16', isNullable: true },
];

/** From whose account a payout was asked for, where that is not ours: it is asked about there, and its float is that account's. */
export class OwnAccounts1765340000000 implements MigrationInterface {
  readonly name = 'OwnAccounts1765340000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.addColumn('transfer', new TableColumn(column));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of COLUMNS) await runner.dropColumn('transfer', name);
  }
}

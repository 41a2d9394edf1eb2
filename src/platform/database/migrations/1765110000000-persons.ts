import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** By which what belongs to one person is found without looking at everybody else's. */
const INDICES = [
  ['transfer', 'transfer_payer', 'payer'],
  ['bill_reminder', 'bill_reminder_customer', 'customer_id'],
] as const;

export class Persons1765110000000 implements MigrationInterface {
  readonly name = 'Persons1765110000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, name, column] of INDICES) {
      await runner.createIndex(table, new TableIndex({ name, columnNames: [column] }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, name] of INDICES) await runner.dropIndex(table, name);
  }
}

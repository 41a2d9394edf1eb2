import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Table, name and columns of what support searches by, so that no search reads a table from end to end. */
const INDICES: readonly (readonly [string, string, readonly string[]])[] = [
  ['payment', 'payment_created', ['created_at', 'id']],
  ['payment', 'payment_biller', ['biller_id', 'created_at']],
  ['payment', 'payment_account_number', ['account', 'created_at']],
  ['payment', 'payment_amount', ['amount_minor', 'created_at']],
  ['transfer', 'transfer_payer_name', ['payer_name']],
];

export class Search1764830000000 implements MigrationInterface {
  readonly name = 'Search1764830000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, name, columns] of INDICES) {
      await runner.createIndex(table, new TableIndex({ name, columnNames: [...columns] }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, name] of [...INDICES].reverse()) await runner.dropIndex(table, name);
  }
}

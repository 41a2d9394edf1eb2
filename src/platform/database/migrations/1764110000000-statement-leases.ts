import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

/** One statement of a party is read at a time, and a reader that died is told from one that is at work. */
export class StatementLeases1764110000000 implements MigrationInterface {
  readonly name = 'StatementLeases1764110000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('statement', [
      new TableColumn({ name: 'reading_key', type: 'varchar', length: '40', isNullable: true }),
      new TableColumn({ name: 'lease_until_at', type: 'bigint', isNullable: true }),
    ]);
    await runner.createIndex(
      'statement',
      new TableIndex({ name: 'statement_reading', columnNames: ['reading_key'], isUnique: true }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('statement', 'statement_reading');
    await runner.dropColumns('statement', ['reading_key', 'lease_until_at']);
  }
}

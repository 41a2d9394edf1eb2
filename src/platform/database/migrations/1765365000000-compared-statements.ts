import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

/** Whether a night has been through every day of a statement. Those that were read before count as new once. */
export class ComparedStatements1765365000000 implements MigrationInterface {
  readonly name = 'ComparedStatements1765365000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('statement', new TableColumn({ name: 'compared_at', type: 'bigint', isNullable: true }));
    await runner.createIndex(
      'statement',
      new TableIndex({ name: 'statement_compared', columnNames: ['state', 'compared_at'] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('statement', 'statement_compared');
    await runner.dropColumn('statement', 'compared_at');
  }
}

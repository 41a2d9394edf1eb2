import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

const SCORE = { name: 'name_score', type: 'bigint', isNullable: true };
const BEFORE = { name: 'transfer_payer', columnNames: ['payer'] };
const NEWEST = { name: 'transfer_payer', columnNames: ['payer', 'created_at'] };

/** How well the name of a payee fits the one that the operator told last of the number, which is found without reading all of its transfers. */
export class NameScores1765330000000 implements MigrationInterface {
  readonly name = 'NameScores1765330000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('payout_row', new TableColumn(SCORE));
    await runner.dropIndex('transfer', BEFORE.name);
    await runner.createIndex('transfer', new TableIndex(NEWEST));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('transfer', NEWEST.name);
    await runner.createIndex('transfer', new TableIndex(BEFORE));
    await runner.dropColumn('payout_row', SCORE.name);
  }
}

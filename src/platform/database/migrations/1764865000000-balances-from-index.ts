import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const NAME = 'ledger_posting_account';

/** The index of accounts holds the amounts too: a balance is summed without reading the postings themselves. */
export class BalancesFromIndex1764865000000 implements MigrationInterface {
  readonly name = 'BalancesFromIndex1764865000000';

  up(runner: QueryRunner): Promise<void> {
    return replace(runner, ['account', 'currency', 'amount_minor']);
  }

  down(runner: QueryRunner): Promise<void> {
    return replace(runner, ['account', 'currency']);
  }
}

async function replace(runner: QueryRunner, columnNames: string[]): Promise<void> {
  await runner.dropIndex('ledger_posting', NAME);
  await runner.createIndex('ledger_posting', new TableIndex({ name: NAME, columnNames }));
}

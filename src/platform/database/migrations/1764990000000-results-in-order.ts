import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const NAME = 'recon_result_set';

/** The rows of a set are read in the order of their ids, some at a time: without sorting, or going past all others of the day. */
export class ResultsInOrder1764990000000 implements MigrationInterface {
  readonly name = 'ResultsInOrder1764990000000';

  up(runner: QueryRunner): Promise<void> {
    return replace(runner, ['recon_day_id', 'result_set', 'id']);
  }

  down(runner: QueryRunner): Promise<void> {
    return replace(runner, ['recon_day_id', 'result_set']);
  }
}

async function replace(runner: QueryRunner, columnNames: string[]): Promise<void> {
  await runner.dropIndex('recon_result', NAME);
  await runner.createIndex('recon_result', new TableIndex({ name: NAME, columnNames }));
}

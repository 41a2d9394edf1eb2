import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';
import { createTable, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'retention_place',
    columns: { id: 'varchar(36) primary', place: 'varchar(80)' },
    indices: [],
  },
  {
    name: 'retention_held',
    columns: { kind: 'varchar(24) primary', row_id: 'varchar(36) primary' },
    indices: [],
  },
  {
    name: 'retention_count',
    columns: {
      id: 'varchar(36) primary',
      day: 'varchar(10)',
      kind: 'varchar(24)',
      forgotten: 'bigint',
      held: 'bigint',
      at: 'bigint',
    },
    indices: [unique('retention_count_day', 'day', 'kind')],
  },
];

/** How far each kind was gone through, what is held, what was forgotten; and numbers in the order in which they fell silent. */
export class Retention1765100000000 implements MigrationInterface {
  readonly name = 'Retention1765100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
    await runner.createIndex(
      'customer',
      new TableIndex({ name: 'customer_seen', columnNames: ['last_seen_at', 'id'] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('customer', 'customer_seen');
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
  }
}

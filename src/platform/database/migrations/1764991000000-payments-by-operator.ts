import { type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';

const COLUMN = { name: 'operator', type: 'varchar', length: '24', isNullable: true };
const INDEX = { name: 'payment_operator', columnNames: ['operator', 'created_at'] };

/** A list of payments is narrowed by operator: by an index, without reading the transfer of each. */
export class PaymentsByOperator1764991000000 implements MigrationInterface {
  readonly name = 'PaymentsByOperator1764991000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('payment', new TableColumn(COLUMN));
    await runner.query(
      'UPDATE payment SET operator = (SELECT t.operator FROM transfer t WHERE t.id = payment.transfer_id) WHERE transfer_id IS NOT NULL',
    );
    await runner.createIndex('payment', new TableIndex(INDEX));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('payment', INDEX.name);
    await runner.dropColumn('payment', COLUMN.name);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, type TablePlan, unique } from '../table-plan.ts';

const OPERATOR_BALANCE: TablePlan = {
  name: 'operator_balance',
  columns: {
    operator: 'varchar(24) primary',
    currency: 'varchar(3)',
    callback_token: 'varchar(64)',
    conversation_id: 'varchar(100) null',
    asked_at: 'bigint',
    told_at: 'bigint null',
    as_of: 'bigint null',
    utility_minor: 'bigint null',
    working_minor: 'bigint null',
    charges_minor: 'bigint null',
  },
  indices: [unique('operator_balance_token', 'callback_token')],
};

export class OperatorBalances1765210000000 implements MigrationInterface {
  readonly name = 'OperatorBalances1765210000000';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, OPERATOR_BALANCE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(OPERATOR_BALANCE.name);
  }
}

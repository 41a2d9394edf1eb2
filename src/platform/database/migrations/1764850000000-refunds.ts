import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan, unique } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'refund',
    columns: {
      id: 'varchar(36) primary',
      payment_id: 'varchar(36)',
      transfer_id: 'varchar(36)',
      kind: 'varchar(8)',
      amount_minor: 'bigint',
      currency: 'varchar(3)',
      state: 'varchar(24)',
      reason: 'varchar(500)',
      proposed_by: 'varchar(36)',
      approval_id: 'varchar(36)',
      reversal_id: 'varchar(36) null',
      proposed_at: 'bigint',
      changed_at: 'bigint',
    },
    indices: [
      index('refund_payment', 'payment_id'),
      index('refund_transfer', 'transfer_id'),
      index('refund_reversal', 'reversal_id'),
      unique('refund_approval', 'approval_id'),
      index('refund_state', 'state', 'proposed_at'),
    ],
  },
  {
    name: 'refund_event',
    columns: {
      id: 'varchar(36) primary',
      refund_id: 'varchar(36)',
      from_state: 'varchar(24)',
      to_state: 'varchar(24)',
      actor: 'varchar(48)',
      reason: 'varchar(500)',
      at: 'bigint',
    },
    indices: [index('refund_event_refund', 'refund_id')],
  },
];

export class Refunds1764850000000 implements MigrationInterface {
  readonly name = 'Refunds1764850000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
  }
}

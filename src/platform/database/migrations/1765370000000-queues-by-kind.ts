import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const INDICES: readonly [table: string, name: string, ...columns: string[]][] = [
  ['reconciliation_break', 'break_type', 'state', 'break_type', 'opened_at'],
  ['reconciliation_break', 'break_party', 'state', 'party', 'opened_at'],
  ['assignment', 'assignment_owner', 'queue', 'owner_id', 'subject_id'],
  ['webhook_delivery', 'webhook_delivery_state', 'state', 'due_at'],
];

/** Queues are narrowed to a kind, to whom it concerns and to who has taken it on. */
export class QueuesByKind1765370000000 implements MigrationInterface {
  readonly name = 'QueuesByKind1765370000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, name, ...columnNames] of INDICES)
      await runner.createIndex(table, new TableIndex({ name, columnNames }));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, name] of INDICES) await runner.dropIndex(table, name);
  }
}

import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const INDEX = { name: 'audit_entry_scope', columnNames: ['scope', 'position'] };

/** An organisation reads its own few entries among those of everyone. */
export class AuditByScope1765310000000 implements MigrationInterface {
  readonly name = 'AuditByScope1765310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('audit_entry', new TableIndex(INDEX));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('audit_entry', INDEX.name);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, index, type TablePlan } from '../table-plan.ts';

const TABLES: readonly TablePlan[] = [
  {
    name: 'statement',
    columns: {
      id: 'varchar(36) primary',
      side: 'varchar(8)',
      party: 'varchar(24)',
      source: 'varchar(8)',
      file_name: 'varchar(255) null',
      content_hash: 'varchar(64) null',
      state: 'varchar(24)',
      proof: 'varchar(16) null',
      currency: 'varchar(3)',
      lines: 'bigint',
      faults: 'bigint',
      in_minor: 'bigint',
      out_minor: 'bigint',
      from_at: 'bigint null',
      to_at: 'bigint null',
      problem: 'varchar(255) null',
      started_at: 'bigint',
      finished_at: 'bigint null',
    },
    indices: [index('statement_party', 'side', 'party', 'started_at'), index('statement_hash', 'content_hash')],
  },
  {
    name: 'statement_line',
    columns: {
      id: 'varchar(36) primary',
      statement_id: 'varchar(36)',
      side: 'varchar(8)',
      party: 'varchar(24)',
      line_no: 'bigint',
      line_key: 'varchar(64)',
      line_state: 'varchar(8)',
      line_kind: 'varchar(8)',
      day: 'varchar(10)',
      at: 'bigint',
      receipt: 'varchar(64) null',
      reference: 'varchar(64) null',
      account: 'varchar(64) null',
      amount_minor: 'bigint',
      currency: 'varchar(3)',
      payer: 'varchar(16) null',
      masked_payer: 'varchar(64) null',
      linked_receipt: 'varchar(64) null',
      detail: 'varchar(255)',
    },
    indices: [
      index('statement_line_position', 'statement_id', 'line_no'),
      index('statement_line_key', 'party', 'line_key'),
      index('statement_line_day', 'party', 'day', 'line_state'),
      index('statement_line_receipt', 'party', 'receipt'),
      index('statement_line_reference', 'party', 'reference'),
    ],
  },
  {
    name: 'statement_fault',
    columns: {
      id: 'varchar(36) primary',
      statement_id: 'varchar(36)',
      line_no: 'bigint',
      column_name: 'varchar(64) null',
      reason: 'varchar(255)',
    },
    indices: [index('statement_fault_statement', 'statement_id', 'line_no')],
  },
];

export class Statements1764100000000 implements MigrationInterface {
  readonly name = 'Statements1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
